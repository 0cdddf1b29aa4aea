package org.lanewise.kernels;

import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.lanewise.kernels.parallel.RangeTask;
import org.lanewise.kernels.parallel.WorkerPool;
import org.lanewise.kernels.scalar.MathConstants;
import org.lanewise.kernels.simd.SoftmaxKernels;

/**
 * Softmax and log-sum-exp of the rows of a matrix, safe from overflow by subtracting the maximum.
 *
 * <p>Exceptions and requirements common to all kernels are those of {@link org.lanewise.kernels}.
 */
public final class Softmax {
  /** Maximum error of the exponentials in units in the last place, over all floats. */
  public static final double EXP_MAX_ULP = MathConstants.EXP_MAX_ULP;

  /** Maximum error of the logarithm in units in the last place, over all floats. */
  public static final double LOG_MAX_ULP = MathConstants.LOG_MAX_ULP;

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
   * <p>The exponentials are exact to {@value #EXP_MAX_ULP} ULP. Element j of a row is added to
   * partial sum {@code j mod 16}, and the sums as a tree, so a row has the same bits in a batch of
   * any size. A row with NaN or +∞, or of −∞ only, gives NaN in the whole row.
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
            rows, columns, (from, to) -> SoftmaxKernels.softmax(x, y, columns, from, to)),
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
            rows, columns, (from, to) -> SoftmaxKernels.logSumExp(x, lse, columns, from, to)),
        x,
        lse);
  }
}
