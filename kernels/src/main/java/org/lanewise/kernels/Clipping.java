package org.lanewise.kernels;

import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.lanewise.kernels.host.OptimizerKernels;
import org.lanewise.kernels.op.ClipOp;
import org.lanewise.kernels.parallel.RangeTask;
import org.lanewise.kernels.parallel.WorkerPool;
import org.lanewise.kernels.scalar.ScalarBlasKernels;
import org.lanewise.kernels.simd.optimizer.SimdOptimizerKernels;

/**
 * What keeps gradients small before a step of {@link Optimizers}.
 *
 * <p>Exceptions and requirements common to all kernels are those of {@link org.lanewise.kernels}.
 */
public final class Clipping {
  private Clipping() {}

  /**
   * Clips a gradient by value, on the shared pool.
   *
   * @see #clip(WorkerPool, ClipOp.ClipValue, double, long, MemorySegment, MemorySegment)
   */
  public static void clip(
      ClipOp.ClipValue op,
      double gradientScale,
      long size,
      MemorySegment gradient,
      MemorySegment clipped) {
    clip(WorkerPool.shared(), op, gradientScale, size, gradient, clipped);
  }

  /**
   * Clips a gradient by value.
   *
   * @param op the limit
   * @param gradientScale what the gradient is multiplied with before, at least 0
   * @param size number of elements
   * @param gradient [size]
   * @param clipped [size], which may be the gradient
   */
  public static void clip(
      WorkerPool pool,
      ClipOp.ClipValue op,
      double gradientScale,
      long size,
      MemorySegment gradient,
      MemorySegment clipped) {
    Objects.requireNonNull(pool, "pool");
    Objects.requireNonNull(op, "op");
    float limit = (float) op.limit();
    float scale = (float) gradientScale; // a small one may become 0
    requireFinite("gradientScale", scale);
    Checks.size("size", size);
    Checks.input("gradient", gradient, size);
    Checks.output("clipped", clipped, size);
    Checks.sameOrDisjoint("clipped", clipped, "gradient", gradient, size);
    Dispatch.run(
        pool,
        RangeTask.overElements(
            size,
            (from, to) ->
                SimdOptimizerKernels.INSTANCE.clip(limit, gradient, scale, clipped, from, to)),
        gradient,
        clipped);
  }

  /**
   * The norm of several gradients, on the shared pool.
   *
   * @see #gradientNorm(WorkerPool, long[], MemorySegment[])
   */
  public static double gradientNorm(long[] sizes, MemorySegment[] gradients) {
    return gradientNorm(WorkerPool.shared(), sizes, gradients);
  }

  /**
   * The Euclidean norm of several tensors as if they were one vector, with the error of {@link
   * Blas1#norm}.
   *
   * @param sizes numbers of elements
   * @param gradients tensors of these sizes
   * @throws IllegalArgumentException also if there is not a size for each tensor
   */
  public static double gradientNorm(WorkerPool pool, long[] sizes, MemorySegment[] gradients) {
    Objects.requireNonNull(pool, "pool");
    Objects.requireNonNull(sizes, "sizes");
    Objects.requireNonNull(gradients, "gradients");
    if (sizes.length != gradients.length) {
      throw new IllegalArgumentException(
          "there must be a size for each gradient but there are %d for %d"
              .formatted(sizes.length, gradients.length));
    }
    for (int i = 0; i < sizes.length; i++) {
      Checks.size("sizes[" + i + "]", sizes[i]);
      Checks.input("gradients[" + i + "]", gradients[i], sizes[i]);
    }
    double sum = sumOfSquares(pool, 1f, sizes, gradients);
    float scale = ScalarBlasKernels.normScale(sum);
    if (scale != 1f) {
      sum = sumOfSquares(pool, scale, sizes, gradients);
    }
    return Math.sqrt(sum) / scale;
  }

  private static double sumOfSquares(
      WorkerPool pool, float scale, long[] sizes, MemorySegment[] gradients) {
    double sum = 0;
    for (int i = 0; i < sizes.length; i++) {
      sum += Blas1.sumOfSquares(pool, scale, sizes[i], gradients[i]);
    }
    return sum;
  }

  /**
   * What to multiply gradients with so that their norm is at most a given one: {@code min(1,
   * maxNorm / (norm + 10⁻⁶))}, as PyTorch's clip_grad_norm_ does. No factor makes gradients finite
   * of which one is not, so that their norm, infinity or NaN, is refused.
   *
   * @param norm of the gradients, as {@link #gradientNorm} gives it; at least 0 and finite
   * @param maxNorm at least 0 and finite
   */
  public static double factor(double norm, double maxNorm) {
    requireFinite("norm", norm);
    requireFinite("maxNorm", maxNorm);
    return OptimizerKernels.clipFactor(norm, maxNorm);
  }

  /** A number that may be larger than floats are, or smaller. */
  static void requireFinite(String name, double value) {
    if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "%s must be at least 0 and finite but is %s".formatted(name, value));
    }
  }
}
