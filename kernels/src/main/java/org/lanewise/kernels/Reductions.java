package org.lanewise.kernels;

import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.lanewise.kernels.parallel.RangeTask;
import org.lanewise.kernels.parallel.WorkerPool;
import org.lanewise.kernels.simd.ReductionKernels;

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
                ReductionKernels.columnSums(x, rows, columns, accumulate, sums, from, to)),
        x,
        sums);
  }
}
