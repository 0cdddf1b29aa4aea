package org.lanewise.kernels;

import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.lanewise.kernels.parallel.RangeTask;
import org.lanewise.kernels.parallel.WorkerPool;
import org.lanewise.kernels.scalar.MathConstants;
import org.lanewise.kernels.scalar.ScalarSoftmaxKernels;
import org.lanewise.kernels.simd.softmax.SimdAxisSoftmaxKernels;
import org.lanewise.kernels.simd.softmax.SimdMaskedSoftmaxKernels;
import org.lanewise.kernels.simd.softmax.SimdSoftmaxGradientKernels;
import org.lanewise.kernels.simd.softmax.SimdSoftmaxKernels;

/**
 * Softmax, its logarithm and log-sum-exp, safe from overflow by subtracting the maximum, and their
 * gradients.
 *
 * <p>Of exponentials, all those of elements more than {@value #EXP_RANGE} below the maximum count
 * as 0, where they would be subnormal.
 *
 * <p>Exceptions and requirements common to all kernels are those of {@link org.lanewise.kernels}.
 */
public final class Softmax {
  /** Maximum error of the exponentials in units in the last place, over all floats. */
  public static final double EXP_MAX_ULP = MathConstants.EXP_MAX_ULP;

  /** Maximum error of the logarithm in units in the last place, over all floats. */
  public static final double LOG_MAX_ULP = MathConstants.LOG_MAX_ULP;

  /** An element that is farther below the maximum of its row has a softmax of 0. */
  public static final float EXP_RANGE = -ScalarSoftmaxKernels.EXP_LOW;

  private Softmax() {}

  /**
   * Softmax of each row, on the shared pool.
   *
   * @see #softmax(WorkerPool, long, long, MemorySegment, MemorySegment)
   */
  public static void softmax(long rows, long columns, MemorySegment x, MemorySegment y) {
    softmax(WorkerPool.shared(), rows, columns, x, y);
  }

  /**
   * {@code y = exp(x − max) / Σ exp(x − max)} in each row.
   *
   * <p>Element j of a row is added to partial sum {@code j mod 16}, and the sums as a tree, so a
   * row has the same bits in a batch of any size. A result's relative error is at most {@code
   * (columns / 16 + 10 + d) · 2⁻²⁴}, where d is how far the element is below the maximum: the
   * difference is rounded. A row with NaN or +∞, or of −∞ only, gives NaN in the whole row.
   *
   * @param x [rows, columns]
   * @param y [rows, columns], may be x
   */
  public static void softmax(
      WorkerPool pool, long rows, long columns, MemorySegment x, MemorySegment y) {
    Objects.requireNonNull(pool, "pool");
    long size = Checks.elements("rows", rows, "columns", columns);
    Checks.input("x", x, size);
    Checks.output("y", y, size);
    Checks.sameOrDisjoint("y", y, "x", x, size);
    Dispatch.run(
        pool,
        RangeTask.overRows(
            size == 0 ? 0 : rows,
            columns,
            (from, to) -> SimdSoftmaxKernels.INSTANCE.softmax(x, y, columns, from, to)),
        x,
        y);
  }

  /**
   * Log-sum-exp of each row, on the shared pool.
   *
   * @see #logSumExp(WorkerPool, long, long, MemorySegment, MemorySegment)
   */
  public static void logSumExp(long rows, long columns, MemorySegment x, MemorySegment lse) {
    logSumExp(WorkerPool.shared(), rows, columns, x, lse);
  }

  /**
   * {@code lse = max + log(Σ exp(x − max))} of each row, the exponentials exact to {@value
   * #EXP_MAX_ULP} ULP and the logarithm to {@value #LOG_MAX_ULP} ULP, summed as in {@link
   * #softmax}. A row of −∞ only, or without columns, gives −∞, one with NaN or +∞ gives NaN.
   *
   * @param x [rows, columns]
   * @param lse [rows]
   */
  public static void logSumExp(
      WorkerPool pool, long rows, long columns, MemorySegment x, MemorySegment lse) {
    Objects.requireNonNull(pool, "pool");
    long size = Checks.elements("rows", rows, "columns", columns);
    Checks.input("x", x, size);
    Checks.output("lse", lse, rows);
    Checks.disjoint("lse", lse, rows, "x", x, size);
    Dispatch.run(
        pool,
        RangeTask.overRows(
            rows,
            columns,
            (from, to) -> SimdSoftmaxKernels.INSTANCE.logSumExp(x, lse, columns, from, to)),
        x,
        lse);
  }

  /**
   * Log-softmax of each row, on the shared pool.
   *
   * @see #logSoftmax(WorkerPool, long, long, MemorySegment, MemorySegment)
   */
  public static void logSoftmax(long rows, long columns, MemorySegment x, MemorySegment y) {
    logSoftmax(WorkerPool.shared(), rows, columns, x, y);
  }

  /**
   * {@code y = (x − max) − log(Σ exp(x − max))} in each row: the logarithm of {@link #softmax},
   * also where that is 0.
   *
   * <p>An error is at most {@code (columns / 16 + 10 + 2 |y|) · 2⁻²⁴}, absolute. A row with NaN or
   * +∞, or of −∞ only, gives NaN in the whole row.
   *
   * @param x [rows, columns]
   * @param y [rows, columns], may be x
   */
  public static void logSoftmax(
      WorkerPool pool, long rows, long columns, MemorySegment x, MemorySegment y) {
    Objects.requireNonNull(pool, "pool");
    long size = Checks.elements("rows", rows, "columns", columns);
    Checks.input("x", x, size);
    Checks.output("y", y, size);
    Checks.sameOrDisjoint("y", y, "x", x, size);
    Dispatch.run(
        pool,
        RangeTask.overRows(
            size == 0 ? 0 : rows,
            columns,
            (from, to) -> SimdSoftmaxKernels.INSTANCE.logSoftmax(x, y, columns, from, to)),
        x,
        y);
  }

  /**
   * Gradient of softmax, on the shared pool.
   *
   * @see #softmaxBackward(WorkerPool, long, long, boolean, MemorySegment, MemorySegment,
   *     MemorySegment)
   */
  public static void softmaxBackward(
      long rows,
      long columns,
      boolean accumulate,
      MemorySegment y,
      MemorySegment dy,
      MemorySegment dx) {
    softmaxBackward(WorkerPool.shared(), rows, columns, accumulate, y, dy, dx);
  }

  /**
   * {@code dx = y · (dy − Σ dy · y)} in each row, or {@code dx += …}, with {@code y} from {@link
   * #softmax} or one of its variants with a mask. The sum is formed as in {@link #softmax}, with
   * fused multiply-adds; its error is at most {@code (columns / 16 + 5) · 2⁻²⁴ · Σ |dy · y|}.
   *
   * <p>Where y is 0, as it is of what a mask excludes, dy counts as 0, also if it is NaN or
   * infinite, and the gradient is 0, also if the sum is NaN or infinite: +0 is stored, or added to
   * what is there.
   *
   * @param accumulate whether the gradient is added to what is there
   * @param y [rows, columns]
   * @param dy [rows, columns], gradient of y
   * @param dx [rows, columns], gradient of x, may be dy
   */
  public static void softmaxBackward(
      WorkerPool pool,
      long rows,
      long columns,
      boolean accumulate,
      MemorySegment y,
      MemorySegment dy,
      MemorySegment dx) {
    Objects.requireNonNull(pool, "pool");
    long size = Checks.elements("rows", rows, "columns", columns);
    Checks.input("y", y, size);
    Checks.input("dy", dy, size);
    Checks.output("dx", dx, size);
    Checks.disjoint("dx", dx, size, "y", y, size);
    Checks.sameOrDisjoint("dx", dx, "dy", dy, size);
    Dispatch.run(
        pool,
        RangeTask.overRows(
            size == 0 ? 0 : rows,
            columns,
            (from, to) ->
                SimdSoftmaxGradientKernels.INSTANCE.softmaxBackward(
                    accumulate, y, dy, dx, columns, from, to)),
        y,
        dy,
        dx);
  }

  /**
   * Gradient of log-softmax, on the shared pool.
   *
   * @see #logSoftmaxBackward(WorkerPool, long, long, boolean, MemorySegment, MemorySegment,
   *     MemorySegment)
   */
  public static void logSoftmaxBackward(
      long rows,
      long columns,
      boolean accumulate,
      MemorySegment y,
      MemorySegment dy,
      MemorySegment dx) {
    logSoftmaxBackward(WorkerPool.shared(), rows, columns, accumulate, y, dy, dx);
  }

  /**
   * {@code dx = dy − exp(y) · Σ dy} in each row, or {@code dx += …}, with {@code y} from {@link
   * #logSoftmax}. The sum is formed as in {@link #softmax}; its error is at most {@code (columns /
   * 16 + 5) · 2⁻²⁴ · Σ |dy|}.
   *
   * @param accumulate whether the gradient is added to what is there
   * @param y [rows, columns]
   * @param dy [rows, columns], gradient of y
   * @param dx [rows, columns], gradient of x, may be dy
   */
  public static void logSoftmaxBackward(
      WorkerPool pool,
      long rows,
      long columns,
      boolean accumulate,
      MemorySegment y,
      MemorySegment dy,
      MemorySegment dx) {
    Objects.requireNonNull(pool, "pool");
    long size = Checks.elements("rows", rows, "columns", columns);
    Checks.input("y", y, size);
    Checks.input("dy", dy, size);
    Checks.output("dx", dx, size);
    Checks.disjoint("dx", dx, size, "y", y, size);
    Checks.sameOrDisjoint("dx", dx, "dy", dy, size);
    Dispatch.run(
        pool,
        RangeTask.overRows(
            size == 0 ? 0 : rows,
            columns,
            (from, to) ->
                SimdSoftmaxGradientKernels.INSTANCE.logSoftmaxBackward(
                    accumulate, y, dy, dx, columns, from, to)),
        y,
        dy,
        dx);
  }

  /**
   * Softmax of attention scores that do not look ahead, on the shared pool.
   *
   * @see #causalSoftmax(WorkerPool, long, long, long, MemorySegment, MemorySegment)
   */
  public static void causalSoftmax(
      long batch, long rows, long columns, MemorySegment x, MemorySegment y) {
    causalSoftmax(WorkerPool.shared(), batch, rows, columns, x, y);
  }

  /**
   * Softmax of each row, of which row i of each matrix has elements {@code j ≤ i + columns − rows}
   * only: with as many queries as keys, those up to the diagonal; with fewer, the queries are the
   * last ones. The others become 0 and are not read. A row of which nothing is left becomes 0. The
   * numerics are those of {@link #softmax}.
   *
   * @param batch number of matrices
   * @param rows of a matrix, its queries
   * @param columns of a matrix, its keys
   * @param x [batch, rows, columns]
   * @param y [batch, rows, columns], may be x
   */
  public static void causalSoftmax(
      WorkerPool pool, long batch, long rows, long columns, MemorySegment x, MemorySegment y) {
    Objects.requireNonNull(pool, "pool");
    long size = Checks.elements("batch", batch, "rows", rows, "columns", columns);
    Checks.input("x", x, size);
    Checks.output("y", y, size);
    Checks.sameOrDisjoint("y", y, "x", x, size);
    Dispatch.run(
        pool,
        RangeTask.overRows(
            size == 0 ? 0 : batch * rows,
            columns,
            (from, to) -> SimdMaskedSoftmaxKernels.INSTANCE.causal(x, y, rows, columns, from, to)),
        x,
        y);
  }

  /**
   * Softmax without the columns that a mask excludes, on the shared pool.
   *
   * @see #maskedSoftmax(WorkerPool, long, long, long, MemorySegment, MemorySegment, MemorySegment)
   */
  public static void maskedSoftmax(
      long batch, long rows, long columns, MemorySegment x, MemorySegment mask, MemorySegment y) {
    maskedSoftmax(WorkerPool.shared(), batch, rows, columns, x, mask, y);
  }

  /**
   * Softmax of each row without the columns at which the mask is 0, which become 0, whatever x is
   * there. All rows of a matrix have one mask; with {@code rows = 1} each row has its own. A row of
   * which nothing is left, or −∞ only, becomes 0. The numerics are those of {@link #softmax}.
   *
   * @param batch number of matrices
   * @param rows of a matrix
   * @param columns of a matrix
   * @param x [batch, rows, columns]
   * @param mask i32 [batch, columns], 0 where a column is excluded
   * @param y [batch, rows, columns], may be x
   */
  public static void maskedSoftmax(
      WorkerPool pool,
      long batch,
      long rows,
      long columns,
      MemorySegment x,
      MemorySegment mask,
      MemorySegment y) {
    Objects.requireNonNull(pool, "pool");
    long size = Checks.elements("batch", batch, "rows", rows, "columns", columns);
    long masks = Checks.elements("batch", batch, "columns", columns);
    Checks.input("x", x, size);
    Checks.input("mask", mask, masks);
    Checks.output("y", y, size);
    Checks.sameOrDisjoint("y", y, "x", x, size);
    Checks.disjoint("y", y, size, "mask", mask, masks);
    Dispatch.run(
        pool,
        RangeTask.overRows(
            size == 0 ? 0 : batch * rows,
            columns,
            (from, to) ->
                SimdMaskedSoftmaxKernels.INSTANCE.masked(x, mask, y, rows, columns, from, to)),
        x,
        mask,
        y);
  }

  /**
   * Softmax of the sum with a bias, on the shared pool.
   *
   * @see #biasedSoftmax(WorkerPool, long, long, long, MemorySegment, MemorySegment, MemorySegment)
   */
  public static void biasedSoftmax(
      long batch, long rows, long columns, MemorySegment x, MemorySegment bias, MemorySegment y) {
    biasedSoftmax(WorkerPool.shared(), batch, rows, columns, x, bias, y);
  }

  /**
   * Softmax of each row of {@code x + bias}, where all matrices have the same bias: relative
   * positions, or −∞ where an element is excluded. A row of −∞ only becomes 0. The numerics are
   * those of {@link #softmax}, the sum being rounded first.
   *
   * @param batch number of matrices
   * @param rows of a matrix
   * @param columns of a matrix
   * @param x [batch, rows, columns]
   * @param bias [rows, columns]
   * @param y [batch, rows, columns], may be x
   */
  public static void biasedSoftmax(
      WorkerPool pool,
      long batch,
      long rows,
      long columns,
      MemorySegment x,
      MemorySegment bias,
      MemorySegment y) {
    Objects.requireNonNull(pool, "pool");
    long size = Checks.elements("batch", batch, "rows", rows, "columns", columns);
    long biases = Checks.elements("rows", rows, "columns", columns);
    Checks.input("x", x, size);
    Checks.input("bias", bias, biases);
    Checks.output("y", y, size);
    Checks.sameOrDisjoint("y", y, "x", x, size);
    Checks.disjoint("y", y, size, "bias", bias, biases);
    Dispatch.run(
        pool,
        RangeTask.overRows(
            size == 0 ? 0 : batch * rows,
            columns,
            (from, to) ->
                SimdMaskedSoftmaxKernels.INSTANCE.biased(x, bias, y, rows, columns, from, to)),
        x,
        bias,
        y);
  }

  /**
   * Softmax over an axis, on the shared pool.
   *
   * @see #softmaxOverAxis(WorkerPool, long, long, long, MemorySegment, MemorySegment)
   */
  public static void softmaxOverAxis(
      long outer, long axis, long inner, MemorySegment x, MemorySegment y) {
    softmaxOverAxis(WorkerPool.shared(), outer, axis, inner, x, y);
  }

  /**
   * Softmax over the middle axis: {@code y[o][k][i] = exp(x[o][k][i] − max) / Σₖ exp(x[o][k][i] −
   * max)} with the maximum over k. With {@code inner = 1} it is {@link #softmax}, with its bits;
   * otherwise the sums are formed in the order of the axis, and a relative error is at most {@code
   * (axis + 6 + d) · 2⁻²⁴} with d as there. NaN and infinity as there.
   *
   * @param outer product of the sizes before the axis
   * @param axis size of the axis
   * @param inner product of the sizes after the axis
   * @param x [outer, axis, inner]
   * @param y [outer, axis, inner], may be x
   */
  public static void softmaxOverAxis(
      WorkerPool pool, long outer, long axis, long inner, MemorySegment x, MemorySegment y) {
    Objects.requireNonNull(pool, "pool");
    long size = Checks.elements("outer", outer, "axis", axis, "inner", inner);
    Checks.input("x", x, size);
    Checks.output("y", y, size);
    Checks.sameOrDisjoint("y", y, "x", x, size);
    if (inner == 1) {
      softmax(pool, outer, axis, x, y);
      return;
    }
    Dispatch.run(
        pool,
        RangeTask.overColumns(
            axis,
            size == 0 ? 0 : outer * inner,
            (from, to) -> SimdAxisSoftmaxKernels.INSTANCE.softmax(x, y, axis, inner, from, to)),
        x,
        y);
  }

  /**
   * Gradient of softmax over an axis, on the shared pool.
   *
   * @see #softmaxOverAxisBackward(WorkerPool, long, long, long, boolean, MemorySegment,
   *     MemorySegment, MemorySegment)
   */
  public static void softmaxOverAxisBackward(
      long outer,
      long axis,
      long inner,
      boolean accumulate,
      MemorySegment y,
      MemorySegment dy,
      MemorySegment dx) {
    softmaxOverAxisBackward(WorkerPool.shared(), outer, axis, inner, accumulate, y, dy, dx);
  }

  /**
   * {@code dx = y · (dy − Σₖ dy · y)}, or {@code dx += …}, with {@code y} from {@link
   * #softmaxOverAxis}. With {@code inner = 1} it is {@link #softmaxBackward}, with its bits;
   * otherwise the sums are formed in the order of the axis with fused multiply-adds, and their
   * error is at most {@code axis · 2⁻²⁴ · Σ |dy · y|}. Where y is 0 as there.
   *
   * @param outer product of the sizes before the axis
   * @param axis size of the axis
   * @param inner product of the sizes after the axis
   * @param accumulate whether the gradient is added to what is there
   * @param y [outer, axis, inner]
   * @param dy [outer, axis, inner], gradient of y
   * @param dx [outer, axis, inner], gradient of x, may be dy
   */
  public static void softmaxOverAxisBackward(
      WorkerPool pool,
      long outer,
      long axis,
      long inner,
      boolean accumulate,
      MemorySegment y,
      MemorySegment dy,
      MemorySegment dx) {
    Objects.requireNonNull(pool, "pool");
    long size = Checks.elements("outer", outer, "axis", axis, "inner", inner);
    Checks.input("y", y, size);
    Checks.input("dy", dy, size);
    Checks.output("dx", dx, size);
    Checks.disjoint("dx", dx, size, "y", y, size);
    Checks.sameOrDisjoint("dx", dx, "dy", dy, size);
    if (inner == 1) {
      softmaxBackward(pool, outer, axis, accumulate, y, dy, dx);
      return;
    }
    Dispatch.run(
        pool,
        RangeTask.overColumns(
            axis,
            size == 0 ? 0 : outer * inner,
            (from, to) ->
                SimdAxisSoftmaxKernels.INSTANCE.softmaxBackward(
                    accumulate, y, dy, dx, axis, inner, from, to)),
        y,
        dy,
        dx);
  }
}
