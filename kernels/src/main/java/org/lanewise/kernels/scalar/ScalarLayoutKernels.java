package org.lanewise.kernels.scalar;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.host.LayoutKernels;

/** Copies of parts of tensors, one element after the other. */
public final class ScalarLayoutKernels implements LayoutKernels {
  /** The only instance. */
  public static final ScalarLayoutKernels INSTANCE = new ScalarLayoutKernels();

  private ScalarLayoutKernels() {}

  @Override
  public void fill(MemorySegment y, float value, long from, long to) {
    for (long i = from; i < to; i++) {
      y.setAtIndex(JAVA_FLOAT, i, value);
    }
  }

  @Override
  public void copyBlock(
      boolean accumulate,
      long columns,
      MemorySegment x,
      long xOffset,
      long xStride,
      MemorySegment y,
      long yOffset,
      long yStride,
      long rowFrom,
      long rowTo) {
    for (long i = rowFrom; i < rowTo; i++) {
      for (long j = 0; j < columns; j++) {
        long at = yOffset + i * yStride + j;
        float value = x.getAtIndex(JAVA_FLOAT, xOffset + i * xStride + j);
        y.setAtIndex(JAVA_FLOAT, at, accumulate ? y.getAtIndex(JAVA_FLOAT, at) + value : value);
      }
    }
  }

  @Override
  public void writeAt(
      MemorySegment x,
      MemorySegment positions,
      long length,
      long capacity,
      long columns,
      MemorySegment y,
      long rowFrom,
      long rowTo) {
    for (long i = rowFrom; i < rowTo; i++) {
      long sample = i / length;
      long row = sample * capacity + positions.getAtIndex(JAVA_INT, sample) + i % length;
      for (long j = 0; j < columns; j++) {
        y.setAtIndex(JAVA_FLOAT, row * columns + j, x.getAtIndex(JAVA_FLOAT, i * columns + j));
      }
    }
  }

  @Override
  public void pad(
      MemorySegment x,
      long rows,
      long columns,
      long top,
      long left,
      long right,
      float value,
      MemorySegment y,
      long rowFrom,
      long rowTo) {
    long width = left + columns + right;
    for (long i = rowFrom; i < rowTo; i++) {
      for (long j = 0; j < width; j++) {
        long row = i - top;
        long column = j - left;
        boolean inside = row >= 0 && row < rows && column >= 0 && column < columns;
        float element = inside ? x.getAtIndex(JAVA_FLOAT, row * columns + column) : value;
        y.setAtIndex(JAVA_FLOAT, i * width + j, element);
      }
    }
  }
}
