/** Random numbers in arrays, whose kernels differ from those for segments. */
package org.lanewise.kernels.simd.random.arrays;
