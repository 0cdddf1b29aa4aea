package org.lanewise.kernels.host;

import java.lang.foreign.MemorySegment;

/**
 * Softmax over the middle axis of [outer, axis, inner]. A range counts the outer · inner columns;
 * element k of column c is {@code (c / inner · axis + k) · inner + c mod inner}. Sums are formed in
 * the order of the axis.
 */
public interface AxisSoftmaxKernels {
  /** {@code y = exp(x − max) / Σ exp(x − max)} in each column; y may be x. */
  void softmax(MemorySegment x, MemorySegment y, long axis, long inner, long from, long to);

  /**
   * {@code dx = y · (dy − Σ dy · y)}, or {@code dx += …}, in each column, without the elements
   * whose y is 0; dx may be dy.
   */
  void softmaxBackward(
      boolean accumulate,
      MemorySegment y,
      MemorySegment dy,
      MemorySegment dx,
      long axis,
      long inner,
      long from,
      long to);
}
