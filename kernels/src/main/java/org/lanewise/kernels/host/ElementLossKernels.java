package org.lanewise.kernels.host;

import java.lang.foreign.MemorySegment;

/** Losses of single elements and their gradients. */
public interface ElementLossKernels {
  /** Losses are summed in f32 over this many elements, then in f64. */
  int CHUNK = 1024;

  /**
   * {@code loss = Σ (max(x, 0) − x · t + log(1 + exp(−|x|))) / divisor} with logits x and targets
   * t, summed over chunks of {@link #CHUNK} in the order of {@link
   * org.lanewise.kernels.scalar.VirtualLanes}, then in f64.
   */
  void binaryCrossEntropy(
      MemorySegment logits, MemorySegment targets, long size, double divisor, MemorySegment loss);

  /** {@code dlogits = (sigmoid(x) − t) · scale} for elements {@code from ≤ i < to}. */
  void binaryCrossEntropyBackward(
      MemorySegment logits,
      MemorySegment targets,
      float scale,
      MemorySegment dLogits,
      long from,
      long to);

  /**
   * {@code loss = Σ c · (|e| − c / 2) / divisor} with errors {@code e = prediction − target} and
   * {@code c = min(|e|, delta)}, summed as in {@link #binaryCrossEntropy}.
   */
  void huber(
      MemorySegment prediction,
      MemorySegment target,
      float delta,
      long size,
      double divisor,
      MemorySegment loss);

  /**
   * {@code dprediction = scale · e}, the error e being limited to {@code −delta..delta}, for
   * elements {@code from ≤ i < to}.
   */
  void huberBackward(
      MemorySegment prediction,
      MemorySegment target,
      float delta,
      float scale,
      MemorySegment dPrediction,
      long from,
      long to);
}
