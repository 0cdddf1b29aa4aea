package org.lanewise.kernels.simd.attention;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.host.AttentionKernels;
import org.lanewise.kernels.op.AttentionShape;

/**
 * Scaled dot-product attention by tiles of scores, of which no more than one is kept (Dao,
 * "FlashAttention-2: Faster Attention with Better Parallelism and Work Partitioning", 2023).
 * Nothing is checked.
 */
public final class SimdAttentionKernels implements AttentionKernels {
  /** The only instance. */
  public static final SimdAttentionKernels INSTANCE = new SimdAttentionKernels();

  private SimdAttentionKernels() {}

  @Override
  public void forward(
      AttentionShape shape,
      MemorySegment q,
      MemorySegment k,
      MemorySegment v,
      MemorySegment mask,
      MemorySegment positions,
      MemorySegment o,
      MemorySegment normalizers,
      long from,
      long to) {
    AttentionForward.ofThread().run(shape, q, k, v, mask, positions, o, normalizers, from, to);
  }

  @Override
  public void backward(
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
