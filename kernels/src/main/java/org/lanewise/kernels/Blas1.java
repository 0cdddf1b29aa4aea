package org.lanewise.kernels;

import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.lanewise.kernels.host.BlasKernels;
import org.lanewise.kernels.parallel.RangeTask;
import org.lanewise.kernels.parallel.WorkerPool;
import org.lanewise.kernels.scalar.ScalarBlasKernels;
import org.lanewise.kernels.simd.elementwise.SimdBlasKernels;

/**
 * What BLAS of level 1 computes (Lawson, Hanson, Kincaid and Krogh, "Basic Linear Algebra
 * Subprograms for Fortran Usage", ACM TOMS 5, 1979), on dense vectors. {@link Blas1} is for f32
 * elements, {@link Blas1F64} for f64.
 *
 * <p>A sum is formed in the type of the elements over blocks of 16 KiB, in as many partial sums as
 * fit into 256 bytes, which are added as a tree; and in f64 over the blocks, in their order. So its
 * bits do not depend on threads, and its error is at most {@code (70 u + b · 2⁻⁵³) Σ |term|}, with
 * b blocks and {@code u = 2⁻²⁴} for f32, 2⁻⁵³ for f64. It is not finite if a sum over a block
 * overflows.
 *
 * <p>Exceptions and requirements common to all kernels are those of {@link org.lanewise.kernels}.
 */
public final class Blas1 {
  private Blas1() {}

  /**
   * The sum, on the shared pool.
   *
   * @see #sum(WorkerPool, long, MemorySegment)
   */
  public static double sum(long size, MemorySegment x) {
    return sum(WorkerPool.shared(), size, x);
  }

  /**
   * {@code Σ x}; 0 if size is 0.
   *
   * @param size number of elements
   * @param x [size]
   */
  public static double sum(WorkerPool pool, long size, MemorySegment x) {
    Objects.requireNonNull(pool, "pool");
    Checks.size("size", size);
    Checks.input("x", x, size, Float.BYTES);
    double[] sums = new double[Math.toIntExact(blocks(size))];
    Dispatch.run(
        pool,
        RangeTask.overRows(
            blocks(size),
            BlasKernels.BLOCK,
            (from, to) -> SimdBlasKernels.INSTANCE.sums(x, size, sums, from, to)),
        x);
    return ScalarBlasKernels.total(sums);
  }

  /**
   * The mean, on the shared pool.
   *
   * @see #mean(WorkerPool, long, MemorySegment)
   */
  public static double mean(long size, MemorySegment x) {
    return mean(WorkerPool.shared(), size, x);
  }

  /**
   * {@code Σ x / size}; NaN if size is 0.
   *
   * @param size number of elements
   * @param x [size]
   */
  public static double mean(WorkerPool pool, long size, MemorySegment x) {
    return sum(pool, size, x) / size;
  }

  /**
   * The dot product, on the shared pool.
   *
   * @see #dot(WorkerPool, long, MemorySegment, MemorySegment)
   */
  public static double dot(long size, MemorySegment x, MemorySegment y) {
    return dot(WorkerPool.shared(), size, x, y);
  }

  /**
   * {@code Σ x · y}; 0 if size is 0.
   *
   * @param size number of elements
   * @param x [size]
   * @param y [size], may be x
   */
  public static double dot(WorkerPool pool, long size, MemorySegment x, MemorySegment y) {
    Objects.requireNonNull(pool, "pool");
    Checks.size("size", size);
    Checks.input("x", x, size, Float.BYTES);
    Checks.input("y", y, size, Float.BYTES);
    double[] sums = new double[Math.toIntExact(blocks(size))];
    Dispatch.run(
        pool,
        RangeTask.overRows(
            blocks(size),
            BlasKernels.BLOCK,
            (from, to) -> SimdBlasKernels.INSTANCE.dots(x, y, size, sums, from, to)),
        x,
        y);
    return ScalarBlasKernels.total(sums);
  }

  /**
   * The Euclidean norm, on the shared pool.
   *
   * @see #norm(WorkerPool, long, MemorySegment)
   */
  public static double norm(long size, MemorySegment x) {
    return norm(WorkerPool.shared(), size, x);
  }

  /**
   * {@code √(Σ x²)}; 0 if size is 0. If the sum of squares overflows, or is so small that some may
   * have underflowed, the elements are scaled by a power of two in a second pass. So the norm has a
   * relative error of at most {@code 36 u + b · 2⁻⁵³} for any finite elements, with u and b as
   * above.
   *
   * @param size number of elements
   * @param x [size]
   */
  public static double norm(WorkerPool pool, long size, MemorySegment x) {
    Objects.requireNonNull(pool, "pool");
    Checks.size("size", size);
    Checks.input("x", x, size, Float.BYTES);
    double sum = sumOfSquares(pool, 1f, size, x);
    float scale = ScalarBlasKernels.normScale(sum);
    if (scale != 1f) {
      sum = sumOfSquares(pool, scale, size, x);
    }
    return Math.sqrt(sum) / scale;
  }

  /** {@code Σ (scale · x)²}; nothing is checked. */
  static double sumOfSquares(WorkerPool pool, float scale, long size, MemorySegment x) {
    double[] sums = new double[Math.toIntExact(blocks(size))];
    Dispatch.run(
        pool,
        RangeTask.overRows(
            blocks(size),
            BlasKernels.BLOCK,
            (from, to) -> SimdBlasKernels.INSTANCE.squares(x, scale, size, sums, from, to)),
        x);
    return ScalarBlasKernels.total(sums);
  }

  /**
   * Adds a multiple, on the shared pool.
   *
   * @see #axpy(WorkerPool, long, float, MemorySegment, MemorySegment)
   */
  public static void axpy(long size, float alpha, MemorySegment x, MemorySegment y) {
    axpy(WorkerPool.shared(), size, alpha, x, y);
  }

  /**
   * {@code y += alpha · x}, rounded once.
   *
   * @param size number of elements
   * @param x [size]
   * @param y [size], updated
   */
  public static void axpy(
      WorkerPool pool, long size, float alpha, MemorySegment x, MemorySegment y) {
    Objects.requireNonNull(pool, "pool");
    Checks.size("size", size);
    Checks.input("x", x, size, Float.BYTES);
    Checks.output("y", y, size, Float.BYTES);
    Checks.disjoint("y", y, 0, size, "x", x, 0, size, Float.BYTES);
    Dispatch.run(
        pool,
        RangeTask.overElements(
            size, (from, to) -> SimdBlasKernels.INSTANCE.axpy(alpha, x, y, from, to)),
        x,
        y);
  }

  /**
   * A multiple, on the shared pool.
   *
   * @see #scal(WorkerPool, long, float, MemorySegment, MemorySegment)
   */
  public static void scal(long size, float alpha, MemorySegment x, MemorySegment y) {
    scal(WorkerPool.shared(), size, alpha, x, y);
  }

  /**
   * {@code y = alpha · x}.
   *
   * @param size number of elements
   * @param x [size]
   * @param y [size], may be x
   */
  public static void scal(
      WorkerPool pool, long size, float alpha, MemorySegment x, MemorySegment y) {
    Objects.requireNonNull(pool, "pool");
    Checks.size("size", size);
    Checks.input("x", x, size, Float.BYTES);
    Checks.output("y", y, size, Float.BYTES);
    Checks.sameOrDisjoint("y", y, "x", x, size, Float.BYTES);
    Dispatch.run(
        pool,
        RangeTask.overElements(
            size, (from, to) -> SimdBlasKernels.INSTANCE.scal(alpha, x, y, from, to)),
        x,
        y);
  }

  private static long blocks(long size) {
    return size / BlasKernels.BLOCK + (size % BlasKernels.BLOCK == 0 ? 0 : 1);
  }
}
