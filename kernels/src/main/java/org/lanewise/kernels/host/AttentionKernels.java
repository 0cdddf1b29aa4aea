package org.lanewise.kernels.host;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.op.AttentionShape;

/** Scaled dot-product attention. */
public interface AttentionKernels {
  /**
   * The result and the normalizers of the scores of the queries in units {@code from ≤ i < to}, see
   * {@link org.lanewise.kernels.scalar.ScalarAttentionKernels#units}.
   *
   * @param mask i32 [batch, keys], 0 for a key that is excluded, or null
   * @param positions i32 [batch], the position of the first query among the keys, or null
   * @param normalizers [batch, heads, queries, 2], see {@link SoftmaxKernels#normalizers}
   */
  void forward(
      AttentionShape shape,
      MemorySegment q,
      MemorySegment k,
      MemorySegment v,
      MemorySegment mask,
      MemorySegment positions,
      MemorySegment o,
      MemorySegment normalizers,
      long from,
      long to);

  /**
   * The gradients of heads of keys {@code from ≤ i < to}, counted over all samples, and of the
   * heads of queries that share them, from those of o. The weights follow from the scores and their
   * normalizers: {@code p = exp(score − max) / sum}, and the gradient of a score times the scale is
   * {@code p · (Σ do · v − Σ do · o) · scale}.
   *
   * @param mask i32 [batch, keys], 0 for a key that is excluded, or null
   */
  void backward(
      AttentionShape shape,
      MemorySegment q,
      MemorySegment k,
      MemorySegment v,
      MemorySegment mask,
      MemorySegment o,
      MemorySegment normalizers,
      MemorySegment dO,
      boolean accumulateQ,
      boolean accumulateK,
      boolean accumulateV,
      MemorySegment dQ,
      MemorySegment dK,
      MemorySegment dV,
      long from,
      long to);
}
