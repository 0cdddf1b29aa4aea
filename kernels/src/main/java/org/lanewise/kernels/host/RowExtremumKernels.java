package org.lanewise.kernels.host;

import java.lang.foreign.MemorySegment;

/** The largest or smallest elements of rows, none of which is empty. */
public interface RowExtremumKernels {
  /**
   * The largest or smallest element of each row {@code rowFrom ≤ i < rowTo}; NaN if there is one.
   */
  void values(
      boolean largest,
      MemorySegment x,
      long columns,
      MemorySegment values,
      long rowFrom,
      long rowTo);

  /** The index of that element, or of the first NaN, for each row {@code rowFrom ≤ i < rowTo}. */
  void indices(
      boolean largest,
      MemorySegment x,
      long columns,
      MemorySegment indices,
      long rowFrom,
      long rowTo);
}
