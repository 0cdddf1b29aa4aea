package org.lanewise.kernels;

import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.lanewise.kernels.op.Activation;
import org.lanewise.kernels.parallel.RangeTask;
import org.lanewise.kernels.parallel.WorkerPool;
import org.lanewise.kernels.scalar.MathConstants;
import org.lanewise.kernels.scalar.MathFunction;
import org.lanewise.kernels.simd.math.FunctionKernels;

/**
 * Elementary functions of each element. NaN gives NaN. Errors are maxima over all floats in units
 * in the last place of the exact value, rounded; {@code ./lanewise test --exhaustive} tries all.
 *
 * <p>Results may overwrite their operand. Exceptions and requirements common to all kernels are
 * those of {@link org.lanewise.kernels}.
 */
public final class Functions {
  /** Maximum error of {@code exp} in units in the last place. */
  public static final double EXP_MAX_ULP = MathConstants.EXP_MAX_ULP;

  /** Maximum error of {@code expm1} in units in the last place. */
  public static final double EXPM1_MAX_ULP = MathConstants.EXPM1_MAX_ULP;

  /** Maximum error of {@code log} in units in the last place. */
  public static final double LOG_MAX_ULP = MathConstants.LOG_MAX_ULP;

  /** Maximum error of {@code log1p} in units in the last place. */
  public static final double LOG1P_MAX_ULP = MathConstants.LOG1P_MAX_ULP;

  /** Maximum error of {@code erf} in units in the last place. */
  public static final double ERF_MAX_ULP = MathConstants.ERF_MAX_ULP;

  /** Maximum error of {@code sin} in units in the last place. */
  public static final double SIN_MAX_ULP = MathConstants.SIN_MAX_ULP;

  /** Maximum error of {@code cos} in units in the last place. */
  public static final double COS_MAX_ULP = MathConstants.COS_MAX_ULP;

  /** Maximum error of {@code rsqrt} in units in the last place. */
  public static final double RSQRT_MAX_ULP = MathConstants.RSQRT_MAX_ULP;

  /** Magnitude up to which {@code sin} and {@code cos} are computed by vectors. */
  public static final float FAST_TURNS = MathConstants.TURNS_HIGH;

  private Functions() {}

  /**
   * {@code y = exp(x)} on the shared pool.
   *
   * @see #exp(WorkerPool, long, MemorySegment, MemorySegment)
   */
  public static void exp(long size, MemorySegment x, MemorySegment y) {
    exp(WorkerPool.shared(), size, x, y);
  }

  /**
   * {@code y = exp(x)}: {@code eˣ}. Maximum error {@value #EXP_MAX_ULP} ULP, subnormal results
   * included. Above 88.72 it is ∞, below −103.97 it is 0.
   *
   * @param size number of elements
   * @param x [size]
   * @param y [size], may be x
   */
  public static void exp(WorkerPool pool, long size, MemorySegment x, MemorySegment y) {
    Activations.forward(pool, Activation.EXP, size, x, y);
  }

  /**
   * {@code y = expm1(x)} on the shared pool.
   *
   * @see #expm1(WorkerPool, long, MemorySegment, MemorySegment)
   */
  public static void expm1(long size, MemorySegment x, MemorySegment y) {
    expm1(WorkerPool.shared(), size, x, y);
  }

  /**
   * {@code y = expm1(x)}: {@code eˣ − 1}, accurate near 0. Maximum error {@value #EXPM1_MAX_ULP}
   * ULP. −0 gives −0, −∞ gives −1.
   *
   * @param size number of elements
   * @param x [size]
   * @param y [size], may be x
   */
  public static void expm1(WorkerPool pool, long size, MemorySegment x, MemorySegment y) {
    apply(pool, MathFunction.EXPM1, size, x, y);
  }

  /**
   * {@code y = log(x)} on the shared pool.
   *
   * @see #log(WorkerPool, long, MemorySegment, MemorySegment)
   */
  public static void log(long size, MemorySegment x, MemorySegment y) {
    log(WorkerPool.shared(), size, x, y);
  }

  /**
   * {@code y = log(x)}: {@code ln x}. Maximum error {@value #LOG_MAX_ULP} ULP. ±0 gives −∞, a
   * negative number gives NaN.
   *
   * @param size number of elements
   * @param x [size]
   * @param y [size], may be x
   */
  public static void log(WorkerPool pool, long size, MemorySegment x, MemorySegment y) {
    Activations.forward(pool, Activation.LOG, size, x, y);
  }

  /**
   * {@code y = log1p(x)} on the shared pool.
   *
   * @see #log1p(WorkerPool, long, MemorySegment, MemorySegment)
   */
  public static void log1p(long size, MemorySegment x, MemorySegment y) {
    log1p(WorkerPool.shared(), size, x, y);
  }

  /**
   * {@code y = log1p(x)}: {@code ln(1 + x)}, accurate near 0. Maximum error {@value #LOG1P_MAX_ULP}
   * ULP. −0 gives −0, −1 gives −∞, a lesser number gives NaN.
   *
   * @param size number of elements
   * @param x [size]
   * @param y [size], may be x
   */
  public static void log1p(WorkerPool pool, long size, MemorySegment x, MemorySegment y) {
    apply(pool, MathFunction.LOG1P, size, x, y);
  }

  /**
   * {@code y = erf(x)} on the shared pool.
   *
   * @see #erf(WorkerPool, long, MemorySegment, MemorySegment)
   */
  public static void erf(long size, MemorySegment x, MemorySegment y) {
    erf(WorkerPool.shared(), size, x, y);
  }

  /**
   * {@code y = erf(x)}: the error function, {@code 2/√π · ∫₀ˣ exp(−t²) dt}. Maximum error {@value
   * #ERF_MAX_ULP} ULP. −0 gives −0, ±∞ gives ±1.
   *
   * @param size number of elements
   * @param x [size]
   * @param y [size], may be x
   */
  public static void erf(WorkerPool pool, long size, MemorySegment x, MemorySegment y) {
    apply(pool, MathFunction.ERF, size, x, y);
  }

  /**
   * {@code y = sin(x)} on the shared pool.
   *
   * @see #sin(WorkerPool, long, MemorySegment, MemorySegment)
   */
  public static void sin(long size, MemorySegment x, MemorySegment y) {
    sin(WorkerPool.shared(), size, x, y);
  }

  /**
   * {@code y = sin(x)}: {@code sin x} for x in radians. Maximum error {@value #SIN_MAX_ULP} ULP. −0
   * gives −0, ±∞ gives NaN. A magnitude above {@value #FAST_TURNS} costs the chunk of 1,024
   * elements that it is in ten times as much.
   *
   * @param size number of elements
   * @param x [size]
   * @param y [size], may be x
   */
  public static void sin(WorkerPool pool, long size, MemorySegment x, MemorySegment y) {
    apply(pool, MathFunction.SIN, size, x, y);
  }

  /**
   * {@code y = cos(x)} on the shared pool.
   *
   * @see #cos(WorkerPool, long, MemorySegment, MemorySegment)
   */
  public static void cos(long size, MemorySegment x, MemorySegment y) {
    cos(WorkerPool.shared(), size, x, y);
  }

  /**
   * {@code y = cos(x)}: {@code cos x} for x in radians. Maximum error {@value #COS_MAX_ULP} ULP. ±∞
   * gives NaN. A magnitude above {@value #FAST_TURNS} costs the chunk of 1,024 elements that it is
   * in ten times as much.
   *
   * @param size number of elements
   * @param x [size]
   * @param y [size], may be x
   */
  public static void cos(WorkerPool pool, long size, MemorySegment x, MemorySegment y) {
    apply(pool, MathFunction.COS, size, x, y);
  }

  /**
   * {@code y = rsqrt(x)} on the shared pool.
   *
   * @see #rsqrt(WorkerPool, long, MemorySegment, MemorySegment)
   */
  public static void rsqrt(long size, MemorySegment x, MemorySegment y) {
    rsqrt(WorkerPool.shared(), size, x, y);
  }

  /**
   * {@code y = rsqrt(x)}: {@code 1/√x}. Maximum error {@value #RSQRT_MAX_ULP} ULP. ±0 gives ±∞, ∞
   * gives 0, a negative number gives NaN.
   *
   * @param size number of elements
   * @param x [size]
   * @param y [size], may be x
   */
  public static void rsqrt(WorkerPool pool, long size, MemorySegment x, MemorySegment y) {
    Activations.forward(pool, Activation.RSQRT, size, x, y);
  }

  private static void apply(
      WorkerPool pool, MathFunction f, long size, MemorySegment x, MemorySegment y) {
    Objects.requireNonNull(pool, "pool");
    Checks.size("size", size);
    Checks.input("x", x, size);
    Checks.output("y", y, size);
    Checks.sameOrDisjoint("y", y, "x", x, size);
    Dispatch.run(
        pool,
        RangeTask.overElements(size, (from, to) -> FunctionKernels.apply(f, x, y, from, to)),
        x,
        y);
  }
}
