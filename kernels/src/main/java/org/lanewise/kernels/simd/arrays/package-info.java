/** What the kernels for arrays have that those for segments have otherwise; the rest is derived. */
package org.lanewise.kernels.simd.arrays;
