package org.lanewise.kernels.simd;

import static org.lanewise.kernels.simd.Lanes.COUNT;
import static org.lanewise.kernels.simd.Lanes.F32;
import static org.lanewise.kernels.simd.Lanes.FLOAT;
import static org.lanewise.kernels.simd.Lanes.load;
import static org.lanewise.kernels.simd.Lanes.store;
import static org.lanewise.kernels.simd.Lanes.vectorEnd;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import org.lanewise.kernels.scalar.ScalarReductionKernels;

/** Reductions. Nothing is checked. */
public final class ReductionKernels {
  /** Columns summed at once: a few cache lines of each row, and additions that do not wait. */
  private static final int BLOCK = 4 * COUNT;

  private ReductionKernels() {}

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
    if (!accumulate) {
      clear(sums, columnFrom, columnTo);
    }
    long j = columnFrom;
    for (; j <= columnTo - BLOCK; j += BLOCK) {
      addBlock(x, rows, columns, sums, j);
    }
    for (; j < vectorEnd(columnFrom, columnTo); j += COUNT) {
      addVector(x, rows, columns, sums, j);
    }
    ScalarReductionKernels.columnSums(x, rows, columns, true, sums, j, columnTo);
  }

  private static void clear(MemorySegment sums, long from, long to) {
    for (long j = from; j < to; j++) {
      sums.setAtIndex(FLOAT, j, 0f);
    }
  }

  private static void addBlock(
      MemorySegment x, long rows, long columns, MemorySegment sums, long column) {
    FloatVector zero = FloatVector.zero(F32);
    FloatVector sum0 = zero;
    FloatVector sum1 = zero;
    FloatVector sum2 = zero;
    FloatVector sum3 = zero;
    for (long i = 0; i < rows; i++) {
      long at = i * columns + column;
      sum0 = sum0.add(load(x, at));
      sum1 = sum1.add(load(x, at + COUNT));
      sum2 = sum2.add(load(x, at + 2 * COUNT));
      sum3 = sum3.add(load(x, at + 3 * COUNT));
    }
    store(load(sums, column).add(sum0), sums, column);
    store(load(sums, column + COUNT).add(sum1), sums, column + COUNT);
    store(load(sums, column + 2 * COUNT).add(sum2), sums, column + 2 * COUNT);
    store(load(sums, column + 3 * COUNT).add(sum3), sums, column + 3 * COUNT);
  }

  private static void addVector(
      MemorySegment x, long rows, long columns, MemorySegment sums, long column) {
    FloatVector sum = FloatVector.zero(F32);
    for (long i = 0; i < rows; i++) {
      sum = sum.add(load(x, i * columns + column));
    }
    store(load(sums, column).add(sum), sums, column);
  }
}
