/**
 * What the kernels for the host's processors compute: an interface for each family of them, which
 * the SIMD kernels of {@link org.lanewise.kernels.simd} and their scalar twins in {@link
 * org.lanewise.kernels.scalar} implement with the same bits, and {@link
 * org.lanewise.kernels.host.HostKernels}, a whole set of either. The formulas, the order of sums
 * and the sizes of their blocks stand here.
 *
 * <p>Tensors are as in {@link org.lanewise.kernels}. Most kernels take a range of rows, columns or
 * elements, {@code from ≤ i < to}, and a result has the same bits for any split of it. Nothing is
 * checked but where a kernel says so.
 */
package org.lanewise.kernels.host;
