package org.lanewise.kernels.simd.attention;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.op.AttentionShape;

/**
 * Scaled dot-product attention by tiles of scores, of which no more than one is kept (Dao,
 * "FlashAttention-2: Faster Attention with Better Parallelism and Work Partitioning", 2023).
 * Nothing is checked.
 */
public final class AttentionKernels {
  private AttentionKernels() {}

  /**
   * The result and the normalizers of the scores of the queries in units {@code from ≤ i < to}, see
   * {@link org.lanewise.kernels.scalar.ScalarAttentionKernels#units}.
   *
   * @param mask i32 [batch, keys], 0 for a key that is excluded, or null
   * @param normalizers [batch, heads, queries, 2]
   */
  public static void forward(
      AttentionShape shape,
      MemorySegment q,
      MemorySegment k,
      MemorySegment v,
      MemorySegment mask,
      MemorySegment o,
      MemorySegment normalizers,
      long from,
      long to) {
    AttentionForward.ofThread().run(shape, q, k, v, mask, o, normalizers, from, to);
  }

  /**
   * The gradients of heads {@code from ≤ i < to}, counted over all samples, from those of o.
   *
   * @param mask i32 [batch, keys], 0 for a key that is excluded, or null
   */
  public static void backward(
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
      long to) {
    AttentionBackward.ofThread()
        .run(
            shape,
            q,
            k,
            v,
            mask,
            o,
            normalizers,
            dO,
            accumulateQ,
            accumulateK,
            accumulateV,
            dQ,
            dK,
            dV,
            from,
            to);
  }
}
