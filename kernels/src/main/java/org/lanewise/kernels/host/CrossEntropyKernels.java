package org.lanewise.kernels.host;

import java.lang.foreign.MemorySegment;

/** Softmax cross-entropy with a label to be ignored and with smoothing. The labels are checked. */
public interface CrossEntropyKernels {
  /**
   * The normalizers of each row {@code rowFrom ≤ i < rowTo}, see {@link
   * SoftmaxKernels#normalizers}, and its loss: {@code (1 − smoothing) · (lse − logit[label]) +
   * smoothing · (lse − Σ logits / columns)} with {@code lse = max + log(sum)}, or 0 if the label is
   * ignored.
   *
   * @throws IndexOutOfBoundsException if a label is neither ignored nor in 0..columns−1; nothing is
   *     written
   */
  void rows(
      MemorySegment logits,
      MemorySegment labels,
      int ignored,
      float smoothing,
      MemorySegment normalizers,
      MemorySegment losses,
      long columns,
      long rowFrom,
      long rowTo);

  /**
   * {@code dlogits = (exp(logits − max) / sum − (1 − smoothing) · onehot(label) − smoothing /
   * columns) · scale} in each row {@code rowFrom ≤ i < rowTo}, or 0 if the label is ignored;
   * dlogits may be logits.
   *
   * @throws IndexOutOfBoundsException if a label is neither ignored nor in 0..columns−1; nothing is
   *     written
   */
  void backward(
      MemorySegment logits,
      MemorySegment labels,
      int ignored,
      float smoothing,
      float scale,
      MemorySegment normalizers,
      MemorySegment dLogits,
      long columns,
      long rowFrom,
      long rowTo);
}
