/**
 * The scalar twins: each kernel of {@link org.lanewise.kernels.host} as plainly as it can be
 * written, an element at a time, in the same order of sums and so with the same bits as the SIMD
 * kernels. They are the reference that all backends are tested against, the backend {@code scalar},
 * and what SIMD kernels use for elements that fill no vector.
 */
package org.lanewise.kernels.scalar;
