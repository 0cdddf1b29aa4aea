package org.lanewise.kernels.scalar;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;

/** Sums, maxima and minima of rows, one element after the other. */
public final class ScalarRowKernels {
  /** Elements of a row are summed in f32 over this many, then in f64. */
  public static final int BLOCK = 4096;

  private ScalarRowKernels() {}

  /**
   * {@code sums[i] = Σⱼ x[i][j]}, or {@code sums[i] += …}, for rows {@code rowFrom ≤ i < rowTo}.
   */
  public static void rowSums(
      MemorySegment x,
      long columns,
      boolean accumulate,
      MemorySegment sums,
      long rowFrom,
      long rowTo) {
    for (long i = rowFrom; i < rowTo; i++) {
      double sum = 0;
      for (long block = 0; block < columns; block += BLOCK) {
        float[] lanes = new float[VirtualLanes.COUNT];
        for (long j = block; j < Math.min(block + BLOCK, columns); j++) {
          lanes[(int) (j % VirtualLanes.COUNT)] += x.getAtIndex(JAVA_FLOAT, i * columns + j);
        }
        sum += VirtualLanes.sum(lanes);
      }
      float rounded = (float) sum;
      sums.setAtIndex(
          JAVA_FLOAT, i, accumulate ? sums.getAtIndex(JAVA_FLOAT, i) + rounded : rounded);
    }
  }

  /** The largest or the smallest element of each row {@code rowFrom ≤ i < rowTo}. */
  public static void values(
      boolean largest,
      MemorySegment x,
      long columns,
      MemorySegment values,
      long rowFrom,
      long rowTo) {
    for (long i = rowFrom; i < rowTo; i++) {
      long index = i * columns + index(largest, x, columns, i);
      values.setAtIndex(JAVA_FLOAT, i, x.getAtIndex(JAVA_FLOAT, index));
    }
  }

  /** Its index: that of the first NaN, or of the first element that no other one exceeds. */
  public static void indices(
      boolean largest,
      MemorySegment x,
      long columns,
      MemorySegment indices,
      long rowFrom,
      long rowTo) {
    for (long i = rowFrom; i < rowTo; i++) {
      indices.setAtIndex(JAVA_INT, i, (int) index(largest, x, columns, i));
    }
  }

  private static long index(boolean largest, MemorySegment x, long columns, long row) {
    long index = 0;
    float best = x.getAtIndex(JAVA_FLOAT, row * columns);
    for (long j = 1; j < columns && !Float.isNaN(best); j++) {
      float value = x.getAtIndex(JAVA_FLOAT, row * columns + j);
      if ((largest ? value > best : value < best) || Float.isNaN(value)) {
        index = j;
        best = value;
      }
    }
    return index;
  }
}
