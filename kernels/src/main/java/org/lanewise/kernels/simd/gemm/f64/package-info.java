/** The same of doubles in native segments, derived but for its memory. */
package org.lanewise.kernels.simd.gemm.f64;
