/** Arithmetic on elements, with broadcasting, and vectors of BLAS 1. Nothing is checked. */
package org.lanewise.kernels.simd.elementwise;
