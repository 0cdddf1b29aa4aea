package org.lanewise.kernels.host;

import java.lang.foreign.MemorySegment;

/** Sums of the columns and of the rows of a matrix. */
public interface ReductionKernels {
  /** Elements of a row that are summed in f32, before they are in f64. */
  int ROW_BLOCK = 4096;

  /**
   * {@code sums[j] = Σᵢ x[i][j]}, or {@code sums[j] += …}, for columns {@code columnFrom ≤ j <
   * columnTo}. A column is summed from 0 in the order of the rows.
   */
  void columnSums(
      MemorySegment x,
      long rows,
      long columns,
      boolean accumulate,
      MemorySegment sums,
      long columnFrom,
      long columnTo);

  /**
   * {@code sums[i] = Σⱼ x[i][j]}, or {@code sums[i] += …}, for rows {@code rowFrom ≤ i < rowTo}. A
   * row is summed over blocks of {@link #ROW_BLOCK} in the order of {@link
   * org.lanewise.kernels.scalar.VirtualLanes}, and over these in f64.
   */
  void rowSums(
      MemorySegment x,
      long columns,
      boolean accumulate,
      MemorySegment sums,
      long rowFrom,
      long rowTo);
}
