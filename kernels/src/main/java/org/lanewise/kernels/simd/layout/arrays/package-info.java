/** Copies within arrays; the other kernels of layouts for arrays are derived. */
package org.lanewise.kernels.simd.layout.arrays;
