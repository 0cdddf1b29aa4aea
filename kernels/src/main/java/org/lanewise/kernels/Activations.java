package org.lanewise.kernels;

import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.lanewise.kernels.op.Activation;
import org.lanewise.kernels.parallel.RangeTask;
import org.lanewise.kernels.parallel.WorkerPool;
import org.lanewise.kernels.scalar.MathConstants;
import org.lanewise.kernels.simd.activation.SimdActivationKernels;

/**
 * Functions of one element, activations and elementary ones, and their gradients. {@link Functions}
 * has elementary functions without.
 *
 * <p>Exceptions and requirements common to all kernels are those of {@link org.lanewise.kernels}.
 */
public final class Activations {
  /** Maximum error of {@link Activation#ELU} in units in the last place, over all floats. */
  public static final double ELU_MAX_ULP = MathConstants.EXPM1_MAX_ULP;

  /** Maximum error of {@link Activation#SIGMOID} in units in the last place, over all floats. */
  public static final double SIGMOID_MAX_ULP = MathConstants.SIGMOID_MAX_ULP;

  /** Maximum error of {@link Activation#TANH} in units in the last place, over all floats. */
  public static final double TANH_MAX_ULP = MathConstants.TANH_MAX_ULP;

  /** Maximum error of {@link Activation#SOFTPLUS} in units in the last place, over all floats. */
  public static final double SOFTPLUS_MAX_ULP = MathConstants.SOFTPLUS_MAX_ULP;

  /** Maximum error of {@link Activation#SILU} in units in the last place, over all floats. */
  public static final double SILU_MAX_ULP = MathConstants.SILU_MAX_ULP;

  /** Maximum error of {@link Activation#GELU} in units in the last place, over all floats. */
  public static final double GELU_MAX_ULP = MathConstants.GELU_MAX_ULP;

  /** Maximum error of {@link Activation#GELU_TANH} in units in the last place, over all floats. */
  public static final double GELU_TANH_MAX_ULP = MathConstants.GELU_TANH_MAX_ULP;

  /**
   * Maximum error of the derivatives that are computed from x, absolute, in addition to the
   * rounding of the product with dy.
   */
  public static final double DERIVATIVE_MAX_ERROR = MathConstants.DERIVATIVE_MAX_ERROR;

  private Activations() {}

  /**
   * {@code y = f(x)}, on the shared pool.
   *
   * @see #forward(WorkerPool, Activation, long, MemorySegment, MemorySegment)
   */
  public static void forward(Activation f, long size, MemorySegment x, MemorySegment y) {
    forward(WorkerPool.shared(), f, size, x, y);
  }

  /**
   * {@code y = f(x)}. Maximum error in ULP, subnormal results included: ELU {@value #ELU_MAX_ULP},
   * sigmoid {@value #SIGMOID_MAX_ULP}, tanh {@value #TANH_MAX_ULP}, softplus {@value
   * #SOFTPLUS_MAX_ULP}, SiLU {@value #SILU_MAX_ULP}, GELU {@value #GELU_MAX_ULP}, its tanh form
   * {@value #GELU_TANH_MAX_ULP}, exponential {@value Functions#EXP_MAX_ULP}, logarithm {@value
   * Functions#LOG_MAX_ULP}, reciprocal root {@value Functions#RSQRT_MAX_ULP}. ReLU and the
   * magnitude are exact; root, reciprocal, square and leaky ReLU are rounded once, hard-swish three
   * times. ±0 keep their sign under activations but sigmoid and softplus; at −∞ SiLU, GELU and
   * hard-swish are −0.
   *
   * @param size number of elements
   * @param x [size]
   * @param y [size], may be x
   */
  public static void forward(
      WorkerPool pool, Activation f, long size, MemorySegment x, MemorySegment y) {
    Objects.requireNonNull(pool, "pool");
    Objects.requireNonNull(f, "f");
    Checks.size("size", size);
    Checks.input("x", x, size);
    Checks.output("y", y, size);
    Checks.sameOrDisjoint("y", y, "x", x, size);
    Dispatch.run(
        pool,
        RangeTask.overElements(
            size, (from, to) -> SimdActivationKernels.INSTANCE.forward(f, x, y, from, to)),
        x,
        y);
  }

  /**
   * Gradient of an activation, on the shared pool.
   *
   * @see #backward(WorkerPool, Activation, boolean, long, MemorySegment, MemorySegment,
   *     MemorySegment)
   */
  public static void backward(
      Activation f,
      boolean accumulate,
      long size,
      MemorySegment saved,
      MemorySegment dy,
      MemorySegment dx) {
    backward(WorkerPool.shared(), f, accumulate, size, saved, dy, dx);
  }

  /**
   * {@code dx = f′(x)·dy}, or {@code dx += f′(x)·dy}. What f′ is computed from is the first
   * operand:
   *
   * <ul>
   *   <li>y = f(x) if {@link Activation#gradient} is {@code FROM_OUTPUT}: f′ is 1, but for {@code y
   *       ≤ 0} it is 0 for ReLU and 0.01 for leaky ReLU, and if not {@code y > 0}, {@code 1 + y}
   *       for ELU; {@code y(1−y)} for sigmoid, {@code 1−y²} for tanh, {@code 1−e⁻ʸ} for softplus, y
   *       for the exponential, {@code 1/2y} for the root, {@code −y³/2} for its reciprocal, {@code
   *       −y²} for the reciprocal.
   *   <li>x if it is {@code FROM_INPUT}: f′ is {@code s·(1 + x(1−s))} with {@code s = sigmoid(x)}
   *       for SiLU, {@code Φ(x) + x·Φ′(x)} for GELU, that of its tanh form, and {@code (2x + 3)/6}
   *       in −3…3 for hard-swish, all with an error of at most {@value #DERIVATIVE_MAX_ERROR};
   *       rounded once, {@code 1/x} for the logarithm, 2x for the square, and ±1 or at 0 nothing
   *       for the magnitude.
   * </ul>
   *
   * @param accumulate whether dx is added to
   * @param size number of elements
   * @param saved [size], x or y = f(x)
   * @param dy [size], the gradient with respect to y
   * @param dx [size], the gradient with respect to x; may be dy or saved
   */
  public static void backward(
      WorkerPool pool,
      Activation f,
      boolean accumulate,
      long size,
      MemorySegment saved,
      MemorySegment dy,
      MemorySegment dx) {
    Objects.requireNonNull(pool, "pool");
    Objects.requireNonNull(f, "f");
    Checks.size("size", size);
    Checks.input("saved", saved, size);
    Checks.input("dy", dy, size);
    Checks.output("dx", dx, size);
    Checks.sameOrDisjoint("dx", dx, "saved", saved, size);
    Checks.sameOrDisjoint("dx", dx, "dy", dy, size);
    Dispatch.run(
        pool,
        RangeTask.overElements(
            size,
            (from, to) ->
                SimdActivationKernels.INSTANCE.backward(f, accumulate, saved, dy, dx, from, to)),
        saved,
        dy,
        dx);
  }
}
