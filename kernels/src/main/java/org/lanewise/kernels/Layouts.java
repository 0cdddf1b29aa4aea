package org.lanewise.kernels;

import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.lanewise.kernels.parallel.RangeTask;
import org.lanewise.kernels.parallel.WorkerPool;
import org.lanewise.kernels.simd.layout.PermutePlan;
import org.lanewise.kernels.simd.layout.SimdLayoutKernels;

/**
 * Copies that change the layout of a tensor: permuted axes, parts of tensors put together or taken
 * apart, and margins. Elements keep their bits, but NaN need not keep its own.
 *
 * <p>Exceptions and requirements common to all kernels are those of {@link org.lanewise.kernels}.
 */
public final class Layouts {
  private static final int AXES = 4;

  private Layouts() {}

  /**
   * Transposes matrices, on the shared pool.
   *
   * @see #transpose(WorkerPool, long, long, long, MemorySegment, MemorySegment)
   */
  public static void transpose(
      long batch, long rows, long columns, MemorySegment x, MemorySegment y) {
    transpose(WorkerPool.shared(), batch, rows, columns, x, y);
  }

  /**
   * {@code y[b][j][i] = x[b][i][j]}: the transpose of each matrix of a batch.
   *
   * @param x [batch, rows, columns]
   * @param y [batch, columns, rows]
   */
  public static void transpose(
      WorkerPool pool, long batch, long rows, long columns, MemorySegment x, MemorySegment y) {
    Objects.requireNonNull(pool, "pool");
    long matrix = Checks.elements("rows", rows, "columns", columns);
    long size = Checks.elements("batch", batch, "rows × columns", matrix);
    permute(pool, size, new long[] {1, batch, rows, columns}, new int[] {0, 1, 3, 2}, x, y);
  }

  /**
   * Exchanges the second and the third axis, on the shared pool.
   *
   * @see #swapMiddleAxes(WorkerPool, long, long, long, long, MemorySegment, MemorySegment)
   */
  public static void swapMiddleAxes(
      long n0, long n1, long n2, long n3, MemorySegment x, MemorySegment y) {
    swapMiddleAxes(WorkerPool.shared(), n0, n1, n2, n3, x, y);
  }

  /**
   * {@code y[i][k][j][l] = x[i][j][k][l]}: for attention, from [batch, time, heads, channels] to
   * [batch, heads, time, channels] or back. The gradient is the same with n1 and n2 exchanged.
   *
   * @param x [n0, n1, n2, n3]
   * @param y [n0, n2, n1, n3]
   */
  public static void swapMiddleAxes(
      WorkerPool pool, long n0, long n1, long n2, long n3, MemorySegment x, MemorySegment y) {
    Objects.requireNonNull(pool, "pool");
    long size = size(n0, n1, n2, n3);
    permute(pool, size, new long[] {n0, n1, n2, n3}, new int[] {0, 2, 1, 3}, x, y);
  }

  /**
   * Permutes axes, on the shared pool.
   *
   * @see #permute(WorkerPool, long, long, long, long, int, int, int, int, MemorySegment,
   *     MemorySegment)
   */
  public static void permute(
      long n0,
      long n1,
      long n2,
      long n3,
      int axis0,
      int axis1,
      int axis2,
      int axis3,
      MemorySegment x,
      MemorySegment y) {
    permute(WorkerPool.shared(), n0, n1, n2, n3, axis0, axis1, axis2, axis3, x, y);
  }

  /**
   * Permutes the axes of a tensor of up to four: axis k of y is axis {@code axisₖ} of x. A tensor
   * of fewer axes has some of size 1. The gradient is the inverse permutation.
   *
   * @param x [n0, n1, n2, n3]
   * @param y of the same elements, in the shape {@code [n(axis0), n(axis1), n(axis2), n(axis3)]}
   * @throws IllegalArgumentException if the axes are not 0, 1, 2 and 3 in some order
   */
  public static void permute(
      WorkerPool pool,
      long n0,
      long n1,
      long n2,
      long n3,
      int axis0,
      int axis1,
      int axis2,
      int axis3,
      MemorySegment x,
      MemorySegment y) {
    Objects.requireNonNull(pool, "pool");
    long size = size(n0, n1, n2, n3);
    int[] axes = {axis0, axis1, axis2, axis3};
    int found = 0;
    for (int axis : axes) {
      found |= axis < 0 || axis >= AXES ? 0 : 1 << axis;
    }
    if (found != (1 << AXES) - 1) {
      throw new IllegalArgumentException(
          "axes must be 0, 1, 2 and 3 in some order but are %d, %d, %d and %d"
              .formatted(axis0, axis1, axis2, axis3));
    }
    permute(pool, size, new long[] {n0, n1, n2, n3}, axes, x, y);
  }

  private static long size(long n0, long n1, long n2, long n3) {
    long outer = Checks.elements("n0", n0, "n1", n1);
    long inner = Checks.elements("n2", n2, "n3", n3);
    return Checks.elements("n0 × n1", outer, "n2 × n3", inner);
  }

  private static void permute(
      WorkerPool pool, long size, long[] sizes, int[] axes, MemorySegment x, MemorySegment y) {
    Checks.input("x", x, size);
    Checks.output("y", y, size);
    Checks.disjoint("y", y, size, "x", x, size);
    if (size == 0) {
      return;
    }
    PermutePlan plan = new PermutePlan(sizes, axes);
    Dispatch.run(
        pool,
        plan.isTransposed()
            ? RangeTask.overColumns(
                plan.columns(),
                plan.lines(),
                (from, to) -> SimdLayoutKernels.permute(plan, x, y, from, to))
            : RangeTask.overRows(
                plan.lines(),
                plan.columns(),
                (from, to) -> SimdLayoutKernels.permute(plan, x, y, from, to)),
        x,
        y);
  }

  /**
   * Copies a block, on the shared pool.
   *
   * @see #copyBlock(WorkerPool, boolean, long, long, MemorySegment, long, long, MemorySegment,
   *     long, long)
   */
  public static void copyBlock(
      boolean accumulate,
      long rows,
      long columns,
      MemorySegment x,
      long xOffset,
      long xStride,
      MemorySegment y,
      long yOffset,
      long yStride) {
    copyBlock(
        WorkerPool.shared(), accumulate, rows, columns, x, xOffset, xStride, y, yOffset, yStride);
  }

  /**
   * Copies a block of one tensor into another one, or adds it: {@code y[yOffset + i · yStride + j]
   * = x[xOffset + i · xStride + j]}, or {@code +=}, for {@code i < rows} and {@code j < columns}.
   *
   * <p>With {@code rows} the product of the axes before an axis, and {@code inner} that of the axes
   * after it, this puts tensors together along the axis, each with {@code columns = its length ·
   * inner}, {@code yStride = total length · inner} and {@code yOffset = its beginning · inner}. The
   * other way round it takes a slice, which is the gradient of that.
   *
   * @param accumulate whether the block is added to what is there
   * @param x with all of the block; overlaps with y in no element between the first and the last of
   *     the block
   * @param xOffset of the first element of the block
   * @param xStride from one row to the next, at least columns
   * @param y with all of the block
   * @param yOffset of the first element of the block
   * @param yStride from one row to the next, at least columns
   */
  public static void copyBlock(
      WorkerPool pool,
      boolean accumulate,
      long rows,
      long columns,
      MemorySegment x,
      long xOffset,
      long xStride,
      MemorySegment y,
      long yOffset,
      long yStride) {
    Objects.requireNonNull(pool, "pool");
    long size = Checks.elements("rows", rows, "columns", columns);
    long xEnd = Checks.blockEnd("x", rows, columns, xOffset, xStride);
    long yEnd = Checks.blockEnd("y", rows, columns, yOffset, yStride);
    Checks.input("x", x, xEnd);
    Checks.output("y", y, yEnd);
    if (size == 0) {
      return;
    }
    Checks.disjoint("y", y, yOffset, yEnd, "x", x, xOffset, xEnd, Float.BYTES);
    Dispatch.run(
        pool,
        RangeTask.overRows(
            rows,
            columns,
            (from, to) ->
                SimdLayoutKernels.INSTANCE.copyBlock(
                    accumulate, columns, x, xOffset, xStride, y, yOffset, yStride, from, to)),
        x,
        y);
  }

  /**
   * Adds a margin, on the shared pool.
   *
   * @see #pad(WorkerPool, long, long, long, long, long, long, float, MemorySegment, MemorySegment)
   */
  public static void pad(
      long rows,
      long columns,
      long top,
      long bottom,
      long left,
      long right,
      float value,
      MemorySegment x,
      MemorySegment y) {
    pad(WorkerPool.shared(), rows, columns, top, bottom, left, right, value, x, y);
  }

  /**
   * Adds a margin of some value to a matrix. Its gradient is what {@link #copyBlock} takes from dy:
   * with the matrix's size, {@code xOffset = top · (left + columns + right) + left} and {@code
   * xStride = left + columns + right}.
   *
   * @param top rows of the margin before those of x
   * @param bottom rows of the margin after them
   * @param left columns of the margin before those of x
   * @param right columns of the margin after them
   * @param x [rows, columns]
   * @param y [top + rows + bottom, left + columns + right]
   */
  public static void pad(
      WorkerPool pool,
      long rows,
      long columns,
      long top,
      long bottom,
      long left,
      long right,
      float value,
      MemorySegment x,
      MemorySegment y) {
    Objects.requireNonNull(pool, "pool");
    long size = Checks.elements("rows", rows, "columns", columns);
    long height = Checks.sum("top", top, "rows", rows, "bottom", bottom);
    long width = Checks.sum("left", left, "columns", columns, "right", right);
    long ySize = Checks.elements("rows of y", height, "columns of y", width);
    Checks.input("x", x, size);
    Checks.output("y", y, ySize);
    Checks.disjoint("y", y, ySize, "x", x, size);
    Dispatch.run(
        pool,
        RangeTask.overRows(
            ySize == 0 ? 0 : height,
            width,
            (from, to) ->
                SimdLayoutKernels.INSTANCE.pad(
                    x, rows, columns, top, left, right, value, y, from, to)),
        x,
        y);
  }
}
