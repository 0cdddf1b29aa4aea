/** The same of floats in arrays, derived but for its memory. */
package org.lanewise.kernels.simd.gemm.f32heap;
