package org.lanewise.kernels.host;

import java.lang.foreign.MemorySegment;

/** Gradients of softmax and log-softmax of rows. */
public interface SoftmaxGradientKernels {
  /**
   * {@code dx = y · (dy − Σ dy · y)}, or {@code dx += …}, in each row {@code rowFrom ≤ i < rowTo},
   * without the elements whose y is 0; dx may be dy.
   */
  void softmaxBackward(
      boolean accumulate,
      MemorySegment y,
      MemorySegment dy,
      MemorySegment dx,
      long columns,
      long rowFrom,
      long rowTo);

  /**
   * {@code dx = dy − exp(y) · Σ dy}, or {@code dx += …}, in each row {@code rowFrom ≤ i < rowTo};
   * dx may be dy.
   */
  void logSoftmaxBackward(
      boolean accumulate,
      MemorySegment y,
      MemorySegment dy,
      MemorySegment dx,
      long columns,
      long rowFrom,
      long rowTo);
}
