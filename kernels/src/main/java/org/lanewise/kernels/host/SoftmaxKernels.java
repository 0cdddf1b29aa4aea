package org.lanewise.kernels.host;

import java.lang.foreign.MemorySegment;

/** Softmax and log-sum-exp of rows. */
public interface SoftmaxKernels {
  /**
   * {@code y = exp(x − max) / Σ exp(x − max)} in each row {@code rowFrom ≤ i < rowTo}; y may be x.
   */
  void softmax(MemorySegment x, MemorySegment y, long columns, long rowFrom, long rowTo);

  /**
   * {@code y = (x − max) − log(Σ exp(x − max))} in each row {@code rowFrom ≤ i < rowTo}; y may be
   * x.
   */
  void logSoftmax(MemorySegment x, MemorySegment y, long columns, long rowFrom, long rowTo);

  /**
   * The normalizers of each row {@code rowFrom ≤ i < rowTo}: its maximum, or 0 if all elements are
   * −∞, and {@code Σ exp(x − max)}. Softmax and its logarithm follow from them. They are two
   * numbers, since the logarithm of the sum is lost in a large maximum.
   *
   * @param normalizers [rows, 2]
   */
  void normalizers(
      MemorySegment x, MemorySegment normalizers, long columns, long rowFrom, long rowTo);

  /** {@code lse = max + log(Σ exp(x − max))} of each row {@code rowFrom ≤ i < rowTo}. */
  void logSumExp(MemorySegment x, MemorySegment lse, long columns, long rowFrom, long rowTo);
}
