/** The same of doubles in arrays, derived but for its memory. */
package org.lanewise.kernels.simd.gemm.f64heap;
