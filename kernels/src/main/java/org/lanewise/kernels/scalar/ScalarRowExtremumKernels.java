package org.lanewise.kernels.scalar;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.host.RowExtremumKernels;

/** Maxima and minima of rows, one element after the other. */
public final class ScalarRowExtremumKernels implements RowExtremumKernels {
  /** The only instance. */
  public static final ScalarRowExtremumKernels INSTANCE = new ScalarRowExtremumKernels();

  private ScalarRowExtremumKernels() {}

  @Override
  public void values(
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

  @Override
  public void indices(
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
