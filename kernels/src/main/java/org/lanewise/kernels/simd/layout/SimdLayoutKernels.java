package org.lanewise.kernels.simd.layout;

import static org.lanewise.kernels.simd.Lanes.INT;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.host.LayoutKernels;

/** Copies of parts of tensors. Nothing is checked. */
public final class SimdLayoutKernels implements LayoutKernels {
  /** The only instance. */
  public static final SimdLayoutKernels INSTANCE = new SimdLayoutKernels();

  private SimdLayoutKernels() {}

  @Override
  public void fill(MemorySegment y, float value, long from, long to) {
    LayoutLoops.fill(y, from, to - from, value);
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
    if (xStride == columns && yStride == columns) {
      long at = rowFrom * columns;
      copy(accumulate, x, xOffset + at, y, yOffset + at, (rowTo - rowFrom) * columns);
      return;
    }
    for (long i = rowFrom; i < rowTo; i++) {
      copy(accumulate, x, xOffset + i * xStride, y, yOffset + i * yStride, columns);
    }
  }

  private static void copy(
      boolean accumulate, MemorySegment x, long xFrom, MemorySegment y, long yFrom, long count) {
    if (accumulate) {
      LayoutLoops.add(x, xFrom, y, yFrom, count);
    } else {
      LayoutLoops.copy(x, xFrom, y, yFrom, count);
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
      long row = sample * capacity + positions.getAtIndex(INT, sample) + i % length;
      LayoutLoops.copy(x, i * columns, y, row * columns, columns);
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
      long at = i * width;
      if (i < top || i >= top + rows) {
        LayoutLoops.fill(y, at, width, value);
      } else {
        LayoutLoops.fill(y, at, left, value);
        LayoutLoops.copy(x, (i - top) * columns, y, at + left, columns);
        LayoutLoops.fill(y, at + left + columns, right, value);
      }
    }
  }

  /** Part of a permutation of axes: lines {@code from ≤ i < to} as the plan counts them. */
  public static void permute(
      PermutePlan plan, MemorySegment x, MemorySegment y, long from, long to) {
    if (plan.isTransposed()) {
      permuteTransposed(plan, x, y, from, to);
    } else {
      permuteRows(plan, x, y, from, to);
    }
  }

  private static void permuteRows(
      PermutePlan plan, MemorySegment x, MemorySegment y, long lineFrom, long lineTo) {
    long columns = plan.columns;
    long i2 = lineFrom % plan.size2;
    long i1 = lineFrom / plan.size2 % plan.size1;
    long i0 = lineFrom / plan.size2 / plan.size1;
    for (long line = lineFrom; line < lineTo; line++) {
      long from = i0 * plan.xStride0 + i1 * plan.xStride1 + i2 * plan.xStride2;
      long to = i0 * plan.yStride0 + i1 * plan.yStride1 + i2 * plan.yStride2;
      LayoutLoops.copy(x, from, y, to, columns);
      i2++;
      if (i2 == plan.size2) {
        i2 = 0;
        i1++;
        if (i1 == plan.size1) {
          i1 = 0;
          i0++;
        }
      }
    }
  }

  private static void permuteTransposed(
      PermutePlan plan, MemorySegment x, MemorySegment y, long from, long to) {
    long line = from;
    while (line < to) {
      long matrix = line / plan.size2;
      long first = line - matrix * plan.size2;
      long count = Math.min(plan.size2 - first, to - line);
      long i0 = matrix / plan.size1;
      long i1 = matrix - i0 * plan.size1;
      TransposeLoops.transpose(
          x,
          i0 * plan.xStride0 + i1 * plan.xStride1 + first,
          plan.xStride3,
          y,
          i0 * plan.yStride0 + i1 * plan.yStride1 + first * plan.yStride2,
          plan.yStride2,
          count,
          plan.columns);
      line += count;
    }
  }
}
