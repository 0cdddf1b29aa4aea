/**
 * Products of floats in native segments, by hand; {@link org.lanewise.kernels.simd.gemm} says how.
 */
package org.lanewise.kernels.simd.gemm.f32;
