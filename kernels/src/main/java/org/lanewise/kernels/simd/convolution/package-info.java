/** Convolution, made of matrix products, and pooling. Nothing is checked. */
package org.lanewise.kernels.simd.convolution;
