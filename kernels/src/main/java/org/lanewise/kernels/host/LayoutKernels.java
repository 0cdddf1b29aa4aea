package org.lanewise.kernels.host;

import java.lang.foreign.MemorySegment;

/** Copies of parts of tensors. Offsets and strides are in elements. */
public interface LayoutKernels {
  /** {@code y = value} for elements {@code from ≤ i < to}. */
  void fill(MemorySegment y, float value, long from, long to);

  /**
   * Copies rows {@code rowFrom ≤ i < rowTo} of a block from one tensor to another, or adds them:
   * {@code y[yOffset + i · yStride + j] = x[xOffset + i · xStride + j]} for {@code 0 ≤ j <
   * columns}.
   */
  void copyBlock(
      boolean accumulate,
      long columns,
      MemorySegment x,
      long xOffset,
      long xStride,
      MemorySegment y,
      long yOffset,
      long yStride,
      long rowFrom,
      long rowTo);

  /**
   * Writes rows {@code rowFrom ≤ i < rowTo} of x [samples, length, columns], counted over all
   * samples, to y [samples, capacity, columns], those of each sample from its position on.
   *
   * @param positions i32 [samples]
   */
  void writeAt(
      MemorySegment x,
      MemorySegment positions,
      long length,
      long capacity,
      long columns,
      MemorySegment y,
      long rowFrom,
      long rowTo);

  /**
   * Writes rows {@code rowFrom ≤ i < rowTo} of a matrix y of {@code left + columns + right}
   * columns: x, [rows, columns], after {@code top} rows and {@code left} columns, and a value
   * elsewhere.
   */
  void pad(
      MemorySegment x,
      long rows,
      long columns,
      long top,
      long left,
      long right,
      float value,
      MemorySegment y,
      long rowFrom,
      long rowTo);
}
