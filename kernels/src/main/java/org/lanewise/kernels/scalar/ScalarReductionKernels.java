package org.lanewise.kernels.scalar;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;

/** Reductions, one element after the other. */
public final class ScalarReductionKernels {
  private ScalarReductionKernels() {}

  /**
   * {@code sums[j] = Σᵢ x[i][j]}, or {@code sums[j] += …}, for columns {@code columnFrom ≤ j <
   * columnTo}. A column is summed from 0 in the order of the rows.
   */
  public static void columnSums(
      MemorySegment x,
      long rows,
      long columns,
      boolean accumulate,
      MemorySegment sums,
      long columnFrom,
      long columnTo) {
    for (long j = columnFrom; j < columnTo; j++) {
      float sum = 0f;
      for (long i = 0; i < rows; i++) {
        sum += x.getAtIndex(JAVA_FLOAT, i * columns + j);
      }
      sums.setAtIndex(JAVA_FLOAT, j, accumulate ? sums.getAtIndex(JAVA_FLOAT, j) + sum : sum);
    }
  }
}
