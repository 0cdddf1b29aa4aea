package org.lanewise.kernels;

import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.lanewise.kernels.op.Activation;
import org.lanewise.kernels.parallel.RangeTask;
import org.lanewise.kernels.parallel.WorkerPool;
import org.lanewise.kernels.scalar.MathConstants;
import org.lanewise.kernels.simd.ActivationKernels;

/**
 * Activation functions and their gradients.
 *
 * <p>Exceptions and requirements common to all kernels are those of {@link org.lanewise.kernels}.
 */
public final class Activations {
  /** Maximum error of {@link Activation#SIGMOID} in units in the last place, over all floats. */
  public static final double SIGMOID_MAX_ULP = MathConstants.SIGMOID_MAX_ULP;

  /** Maximum error of {@link Activation#TANH} in units in the last place, over all floats. */
  public static final double TANH_MAX_ULP = MathConstants.TANH_MAX_ULP;

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
   * {@code y = f(x)}. Maximum error {@value #SIGMOID_MAX_ULP} ULP for sigmoid, {@value
   * #TANH_MAX_ULP} ULP for tanh, subnormal results included; ReLU is exact. ±0 keep their sign
   * under ReLU and tanh.
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
        RangeTask.overElements(size, (from, to) -> ActivationKernels.forward(f, x, y, from, to)),
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
      MemorySegment y,
      MemorySegment dy,
      MemorySegment dx) {
    backward(WorkerPool.shared(), f, accumulate, size, y, dy, dx);
  }

  /**
   * {@code dx = f′(x)·dy}, or {@code dx += f′(x)·dy}, where f′ is computed from {@code y = f(x)}: 0
   * for {@code y ≤ 0} and else 1 for ReLU, {@code y(1−y)} for sigmoid, {@code 1−y²} for tanh.
   *
   * @param accumulate whether dx is added to
   * @param size number of elements
   * @param y [size], the result of {@link #forward}
   * @param dy [size], the gradient with respect to y
   * @param dx [size], the gradient with respect to x; may be dy or y
   */
  public static void backward(
      WorkerPool pool,
      Activation f,
      boolean accumulate,
      long size,
      MemorySegment y,
      MemorySegment dy,
      MemorySegment dx) {
    Objects.requireNonNull(pool, "pool");
    Objects.requireNonNull(f, "f");
    Checks.size("size", size);
    Checks.input("y", y, size);
    Checks.input("dy", dy, size);
    Checks.output("dx", dx, size);
    Checks.sameOrDisjoint("dx", dx, "y", y, size);
    Checks.sameOrDisjoint("dx", dx, "dy", dy, size);
    Dispatch.run(
        pool,
        RangeTask.overElements(
            size, (from, to) -> ActivationKernels.backward(f, accumulate, y, dy, dx, from, to)),
        y,
        dy,
        dx);
  }
}
