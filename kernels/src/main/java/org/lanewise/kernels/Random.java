package org.lanewise.kernels;

import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.lanewise.kernels.op.Ranges;
import org.lanewise.kernels.parallel.RangeTask;
import org.lanewise.kernels.parallel.WorkerPool;
import org.lanewise.kernels.simd.random.PhiloxKernels;

/**
 * Random numbers without state: what is drawn depends only on a seed, the number of a stream, and
 * the index in it. The generator is Philox4x32-10 (Salmon, Moraes, Dror and Shaw, "Parallel Random
 * Numbers: As Easy as 1, 2, 3", SC 2011) with the seed as key and {@code stream · 2⁶⁴ + index / 4}
 * as counter. Use another stream for each purpose: numbers of the same stream are the same.
 *
 * <p>Exceptions and requirements common to all kernels are those of {@link org.lanewise.kernels}.
 */
public final class Random {
  private Random() {}

  /**
   * Uniform numbers, on the shared pool.
   *
   * @see #uniform(WorkerPool, long, long, float, float, long, MemorySegment)
   */
  public static void uniform(
      long seed, long stream, float low, float high, long size, MemorySegment out) {
    uniform(WorkerPool.shared(), seed, stream, low, high, size, out);
  }

  /**
   * {@code out[i] = low + u·(high − low)}, u one of the 2²⁴ multiples of 2⁻²⁴ in [0, 1). Rounding
   * can make a number equal to {@code high}.
   *
   * @param low finite
   * @param high finite and not less than low
   * @param size number of elements
   * @param out [size]
   */
  public static void uniform(
      WorkerPool pool,
      long seed,
      long stream,
      float low,
      float high,
      long size,
      MemorySegment out) {
    Objects.requireNonNull(pool, "pool");
    if (!(low <= high && Float.isFinite(high - low))) {
      throw new IllegalArgumentException(
          "low and high must be a finite range but are %s and %s".formatted(low, high));
    }
    Checks.size("size", size);
    Checks.output("out", out, size);
    Dispatch.run(
        pool,
        RangeTask.overElements(
            size, (from, to) -> PhiloxKernels.uniform(seed, stream, 0, low, high, out, from, to)),
        out);
  }

  /**
   * Normally distributed numbers, on the shared pool.
   *
   * @see #normal(WorkerPool, long, long, float, float, long, MemorySegment)
   */
  public static void normal(
      long seed, long stream, float mean, float deviation, long size, MemorySegment out) {
    normal(WorkerPool.shared(), seed, stream, mean, deviation, size, out);
  }

  /**
   * {@code out[i] = mean + deviation·z}, z standard normal by the method of Box and Muller ("A Note
   * on the Generation of Random Normal Deviates", Annals of Mathematical Statistics 29, 1958). As
   * the radius comes from 24 bits, {@code |z| < 5.77}; the error of z is below 10⁻⁶.
   *
   * @param mean finite
   * @param deviation finite and not negative
   * @param size number of elements
   * @param out [size]
   */
  public static void normal(
      WorkerPool pool,
      long seed,
      long stream,
      float mean,
      float deviation,
      long size,
      MemorySegment out) {
    Objects.requireNonNull(pool, "pool");
    if (!Float.isFinite(mean)) {
      throw new IllegalArgumentException("mean must be finite but is " + mean);
    }
    Ranges.atLeastZero("deviation", deviation);
    Checks.size("size", size);
    Checks.output("out", out, size);
    Dispatch.run(
        pool,
        RangeTask.overElements(
            size,
            (from, to) -> PhiloxKernels.normal(seed, stream, 0, mean, deviation, out, from, to)),
        out);
  }
}
