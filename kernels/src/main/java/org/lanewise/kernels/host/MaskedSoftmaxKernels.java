package org.lanewise.kernels.host;

import java.lang.foreign.MemorySegment;

/**
 * Softmax of rows some of whose elements are excluded. A row of which nothing is left becomes 0.
 */
public interface MaskedSoftmaxKernels {
  /**
   * Softmax of each row {@code rowFrom ≤ i < rowTo} of matrices of {@code rows} rows, of which row
   * r has elements {@code j ≤ r + columns − rows} only; y may be x.
   */
  void causal(MemorySegment x, MemorySegment y, long rows, long columns, long rowFrom, long rowTo);

  /**
   * Softmax of each row {@code rowFrom ≤ i < rowTo} of matrices of {@code rows} rows, without the
   * columns at which their matrix's row of the mask is 0; y may be x.
   */
  void masked(
      MemorySegment x,
      MemorySegment mask,
      MemorySegment y,
      long rows,
      long columns,
      long rowFrom,
      long rowTo);

  /**
   * Softmax of {@code x + bias} in each row {@code rowFrom ≤ i < rowTo} of matrices of {@code rows}
   * rows, to all of which the same bias is added; y may be x.
   */
  void biased(
      MemorySegment x,
      MemorySegment bias,
      MemorySegment y,
      long rows,
      long columns,
      long rowFrom,
      long rowTo);
}
