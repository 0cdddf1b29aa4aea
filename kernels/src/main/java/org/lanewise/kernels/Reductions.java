package org.lanewise.kernels;

import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.lanewise.kernels.parallel.RangeTask;
import org.lanewise.kernels.parallel.WorkerPool;
import org.lanewise.kernels.simd.reduction.SimdReductionKernels;
import org.lanewise.kernels.simd.reduction.SimdRowExtremumKernels;

/**
 * Reductions over an axis.
 *
 * <p>Exceptions and requirements common to all kernels are those of {@link org.lanewise.kernels}.
 */
public final class Reductions {
  private Reductions() {}

  /**
   * Sums of columns, on the shared pool.
   *
   * @see #columnSums(WorkerPool, long, long, boolean, MemorySegment, MemorySegment)
   */
  public static void columnSums(
      long rows, long columns, boolean accumulate, MemorySegment x, MemorySegment sums) {
    columnSums(WorkerPool.shared(), rows, columns, accumulate, x, sums);
  }

  /**
   * {@code sums[j] = Σᵢ x[i][j]}, or {@code sums[j] += Σᵢ x[i][j]}. Each sum is formed in f32 from
   * 0 in the order of the rows, so its error is at most {@code rows · 2⁻²⁴ · Σᵢ |x[i][j]|}.
   *
   * @param accumulate whether the sums are added to what is there
   * @param x [rows, columns]
   * @param sums [columns]
   */
  public static void columnSums(
      WorkerPool pool,
      long rows,
      long columns,
      boolean accumulate,
      MemorySegment x,
      MemorySegment sums) {
    Objects.requireNonNull(pool, "pool");
    long size = Checks.elements("rows", rows, "columns", columns);
    Checks.input("x", x, size);
    Checks.output("sums", sums, columns);
    Checks.disjoint("sums", sums, columns, "x", x, size);
    Dispatch.run(
        pool,
        RangeTask.overColumns(
            rows,
            columns,
            (from, to) ->
                SimdReductionKernels.INSTANCE.columnSums(
                    x, rows, columns, accumulate, sums, from, to)),
        x,
        sums);
  }

  /**
   * Sums of rows, on the shared pool.
   *
   * @see #rowSums(WorkerPool, long, long, boolean, MemorySegment, MemorySegment)
   */
  public static void rowSums(
      long rows, long columns, boolean accumulate, MemorySegment x, MemorySegment sums) {
    rowSums(WorkerPool.shared(), rows, columns, accumulate, x, sums);
  }

  /**
   * {@code sums[i] = Σⱼ x[i][j]}, or {@code sums[i] += Σⱼ x[i][j]}. In blocks of 4096 elements of a
   * row, element j is added to partial sum {@code j mod 16}, and the sums as a tree, in f32; the
   * blocks are added in f64. So the error is at most {@code 261 · 2⁻²⁴ · Σⱼ |x[i][j]|}, and {@code
   * (columns/16 + 6) · 2⁻²⁴ · Σⱼ |x[i][j]|} for shorter rows.
   *
   * @param accumulate whether the sums are added to what is there
   * @param x [rows, columns]
   * @param sums [rows]
   */
  public static void rowSums(
      WorkerPool pool,
      long rows,
      long columns,
      boolean accumulate,
      MemorySegment x,
      MemorySegment sums) {
    Objects.requireNonNull(pool, "pool");
    long size = Checks.elements("rows", rows, "columns", columns);
    Checks.input("x", x, size);
    Checks.output("sums", sums, rows);
    Checks.disjoint("sums", sums, rows, "x", x, size);
    Dispatch.run(
        pool,
        RangeTask.overRows(
            rows,
            columns,
            (from, to) ->
                SimdReductionKernels.INSTANCE.rowSums(x, columns, accumulate, sums, from, to)),
        x,
        sums);
  }

  /**
   * The maximum of each row, on the shared pool.
   *
   * @see #rowMaxima(WorkerPool, long, long, MemorySegment, MemorySegment)
   */
  public static void rowMaxima(long rows, long columns, MemorySegment x, MemorySegment maxima) {
    rowMaxima(WorkerPool.shared(), rows, columns, x, maxima);
  }

  /**
   * The largest element of each row, the first one of several that are equal, such as zeros of
   * either sign; NaN if there is one.
   *
   * @param columns at least 1
   * @param x [rows, columns]
   * @param maxima [rows]
   */
  public static void rowMaxima(
      WorkerPool pool, long rows, long columns, MemorySegment x, MemorySegment maxima) {
    Objects.requireNonNull(pool, "pool");
    long size = Checks.elements("rows", rows, "columns", columns);
    Checks.positive("columns", columns);
    Checks.input("x", x, size);
    Checks.output("maxima", maxima, rows);
    Checks.disjoint("maxima", maxima, rows, "x", x, size);
    Dispatch.run(
        pool,
        RangeTask.overRows(
            rows,
            columns,
            (from, to) ->
                SimdRowExtremumKernels.INSTANCE.values(true, x, columns, maxima, from, to)),
        x,
        maxima);
  }

  /**
   * The minimum of each row, on the shared pool.
   *
   * @see #rowMinima(WorkerPool, long, long, MemorySegment, MemorySegment)
   */
  public static void rowMinima(long rows, long columns, MemorySegment x, MemorySegment minima) {
    rowMinima(WorkerPool.shared(), rows, columns, x, minima);
  }

  /**
   * The smallest element of each row, the first one of several that are equal, such as zeros of
   * either sign; NaN if there is one.
   *
   * @param columns at least 1
   * @param x [rows, columns]
   * @param minima [rows]
   */
  public static void rowMinima(
      WorkerPool pool, long rows, long columns, MemorySegment x, MemorySegment minima) {
    Objects.requireNonNull(pool, "pool");
    long size = Checks.elements("rows", rows, "columns", columns);
    Checks.positive("columns", columns);
    Checks.input("x", x, size);
    Checks.output("minima", minima, rows);
    Checks.disjoint("minima", minima, rows, "x", x, size);
    Dispatch.run(
        pool,
        RangeTask.overRows(
            rows,
            columns,
            (from, to) ->
                SimdRowExtremumKernels.INSTANCE.values(false, x, columns, minima, from, to)),
        x,
        minima);
  }

  /**
   * The index of the maximum of each row, on the shared pool.
   *
   * @see #rowArgmax(WorkerPool, long, long, MemorySegment, MemorySegment)
   */
  public static void rowArgmax(long rows, long columns, MemorySegment x, MemorySegment indices) {
    rowArgmax(WorkerPool.shared(), rows, columns, x, indices);
  }

  /**
   * The index of the largest element of each row, the first one of several that are equal, such as
   * zeros of either sign; that of the first NaN if there is one.
   *
   * @param columns 1 to 2³¹−1
   * @param x [rows, columns]
   * @param indices i32 [rows]
   */
  public static void rowArgmax(
      WorkerPool pool, long rows, long columns, MemorySegment x, MemorySegment indices) {
    Objects.requireNonNull(pool, "pool");
    long size = Checks.elements("rows", rows, "columns", columns);
    Checks.positive("columns", columns);
    Checks.atMost("columns", columns, Integer.MAX_VALUE);
    Checks.input("x", x, size);
    Checks.output("indices", indices, rows);
    Checks.disjoint("indices", indices, rows, "x", x, size);
    Dispatch.run(
        pool,
        RangeTask.overRows(
            rows,
            columns,
            (from, to) ->
                SimdRowExtremumKernels.INSTANCE.indices(true, x, columns, indices, from, to)),
        x,
        indices);
  }

  /**
   * The index of the minimum of each row, on the shared pool.
   *
   * @see #rowArgmin(WorkerPool, long, long, MemorySegment, MemorySegment)
   */
  public static void rowArgmin(long rows, long columns, MemorySegment x, MemorySegment indices) {
    rowArgmin(WorkerPool.shared(), rows, columns, x, indices);
  }

  /**
   * The index of the smallest element of each row, the first one of several that are equal, such as
   * zeros of either sign; that of the first NaN if there is one.
   *
   * @param columns 1 to 2³¹−1
   * @param x [rows, columns]
   * @param indices i32 [rows]
   */
  public static void rowArgmin(
      WorkerPool pool, long rows, long columns, MemorySegment x, MemorySegment indices) {
    Objects.requireNonNull(pool, "pool");
    long size = Checks.elements("rows", rows, "columns", columns);
    Checks.positive("columns", columns);
    Checks.atMost("columns", columns, Integer.MAX_VALUE);
    Checks.input("x", x, size);
    Checks.output("indices", indices, rows);
    Checks.disjoint("indices", indices, rows, "x", x, size);
    Dispatch.run(
        pool,
        RangeTask.overRows(
            rows,
            columns,
            (from, to) ->
                SimdRowExtremumKernels.INSTANCE.indices(false, x, columns, indices, from, to)),
        x,
        indices);
  }
}
