package org.lanewise.kernels.host;

import java.lang.foreign.MemorySegment;

/** Losses of a batch and their gradients. The labels are checked. */
public interface LossKernels {
  /** Squared errors are summed in f32 over this many elements, then in f64. */
  long CHUNK = 4096;

  /**
   * Writes the normalizers of each row {@code rowFrom ≤ i < rowTo}, see {@link
   * SoftmaxKernels#normalizers}.
   *
   * @throws IndexOutOfBoundsException if a row's label is not in 0..columns−1; nothing is written
   */
  void crossEntropyRows(
      MemorySegment logits,
      MemorySegment labels,
      MemorySegment normalizers,
      long columns,
      long rowFrom,
      long rowTo);

  /**
   * {@code loss = Σ (log(sum) + (max − logit[label])) / rows} with the maximum and the sum of
   * normalizers, added in f64 in the order of the rows; NaN if there are none.
   *
   * @throws IndexOutOfBoundsException if a label is not in 0..columns−1
   */
  void crossEntropyMean(
      MemorySegment logits,
      MemorySegment labels,
      MemorySegment normalizers,
      long rows,
      long columns,
      MemorySegment loss);

  /**
   * {@code dlogits = (exp(logits − max) / sum − onehot(label)) / rows} in each row {@code rowFrom ≤
   * i < rowTo}; dlogits may be logits.
   *
   * @param rows of the whole batch
   * @throws IndexOutOfBoundsException if a label is not in 0..columns−1
   */
  void crossEntropyBackward(
      MemorySegment logits,
      MemorySegment labels,
      MemorySegment normalizers,
      MemorySegment dLogits,
      long rows,
      long columns,
      long rowFrom,
      long rowTo);

  /**
   * {@code loss = Σ (prediction − target)² / size}, summed over chunks of {@link #CHUNK} in the
   * order of {@link org.lanewise.kernels.scalar.VirtualLanes}, then in f64 over the chunks; NaN if
   * there is no element.
   */
  void meanSquaredError(
      MemorySegment prediction, MemorySegment target, long size, MemorySegment loss);

  /** {@code loss = Σ (prediction − target)² / divisor}, summed as the mean. */
  void squaredError(
      MemorySegment prediction,
      MemorySegment target,
      long size,
      double divisor,
      MemorySegment loss);

  /**
   * {@code dprediction = 2 (prediction − target) / size} for elements {@code from ≤ i < to};
   * dprediction may be prediction or target.
   *
   * @param size number of elements of the whole tensor
   */
  void meanSquaredErrorBackward(
      MemorySegment prediction,
      MemorySegment target,
      MemorySegment dPrediction,
      long size,
      long from,
      long to);

  /** {@code dprediction = scale · (prediction − target)} for elements {@code from ≤ i < to}. */
  void squaredErrorBackward(
      MemorySegment prediction,
      MemorySegment target,
      float scale,
      MemorySegment dPrediction,
      long from,
      long to);
}
