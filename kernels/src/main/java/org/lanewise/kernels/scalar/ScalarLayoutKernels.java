package org.lanewise.kernels.scalar;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;

/** Copies of parts of tensors, one element after the other. */
public final class ScalarLayoutKernels {
  private ScalarLayoutKernels() {}

  /** {@code y = value} for elements {@code from ≤ i < to}. */
  public static void fill(MemorySegment y, float value, long from, long to) {
    for (long i = from; i < to; i++) {
      y.setAtIndex(JAVA_FLOAT, i, value);
    }
  }

  /** Copies or adds rows {@code rowFrom ≤ i < rowTo} of a block. */
  public static void copyBlock(
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

  /** Writes rows {@code rowFrom ≤ i < rowTo} of a matrix with a margin. */
  public static void pad(
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

  /** Axis k of y is axis {@code axes[k]} of x, a tensor of the given sizes. */
  public static void permute(long[] sizes, int[] axes, MemorySegment x, MemorySegment y) {
    long[] at = new long[axes.length];
    long count = 1;
    for (long size : sizes) {
      count *= size;
    }
    for (long i = 0; i < count; i++) {
      long rest = i;
      for (int k = axes.length - 1; k >= 0; k--) { // the indices of element i of y
        at[axes[k]] = rest % sizes[axes[k]];
        rest /= sizes[axes[k]];
      }
      long from = 0;
      for (int axis = 0; axis < sizes.length; axis++) {
        from = from * sizes[axis] + at[axis];
      }
      y.setAtIndex(JAVA_FLOAT, i, x.getAtIndex(JAVA_FLOAT, from));
    }
  }
}
