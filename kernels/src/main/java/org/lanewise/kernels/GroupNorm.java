package org.lanewise.kernels;

import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.lanewise.kernels.op.Ranges;
import org.lanewise.kernels.parallel.RangeTask;
import org.lanewise.kernels.parallel.WorkerPool;
import org.lanewise.kernels.simd.norm.SimdRowNormKernels;

/**
 * Group norm (Wu, He: <i>Group Normalization</i>, arXiv 1803.08494) and its gradients. A row is the
 * neighbouring channels of a group of a sample; how it is normalized, and what z and rstd are,
 * {@link Norms} says.
 *
 * <p>Exceptions and requirements common to all kernels are those of {@link org.lanewise.kernels}.
 */
public final class GroupNorm {
  private GroupNorm() {}

  /**
   * Group norm, on the shared pool.
   *
   * @see #forward(WorkerPool, long, long, long, long, float, MemorySegment, MemorySegment,
   *     MemorySegment, MemorySegment, MemorySegment, MemorySegment)
   */
  public static void forward(
      long batch,
      long groups,
      long channels,
      long spatial,
      float epsilon,
      MemorySegment x,
      MemorySegment weight,
      MemorySegment bias,
      MemorySegment y,
      MemorySegment mean,
      MemorySegment rstd) {
    forward(
        WorkerPool.shared(),
        batch,
        groups,
        channels,
        spatial,
        epsilon,
        x,
        weight,
        bias,
        y,
        mean,
        rstd);
  }

  /**
   * Group norm: {@code y = (x − mean) · rstd · weight + bias}, with the mean and deviation of each
   * row, which is the neighbouring channels of a group of a sample.
   *
   * <p>Statistics are those of {@link Norms#layerNorm} with {@code columns = channels / groups ·
   * spatial}, and the error of z is within the same bound.
   *
   * @param batch number of samples
   * @param groups that divide the channels
   * @param spatial elements of a channel of a sample, 1 for matrices
   * @param epsilon added to the variance, from 0
   * @param x [batch, channels, spatial]
   * @param weight [channels]
   * @param bias [channels]
   * @param y [batch, channels, spatial], may be x
   * @param mean [batch, groups], written for {@link #backward}
   * @param rstd [batch, groups], written for {@link #backward}
   * @throws IllegalArgumentException if groups do not divide the channels
   */
  public static void forward(
      WorkerPool pool,
      long batch,
      long groups,
      long channels,
      long spatial,
      float epsilon,
      MemorySegment x,
      MemorySegment weight,
      MemorySegment bias,
      MemorySegment y,
      MemorySegment mean,
      MemorySegment rstd) {
    Objects.requireNonNull(pool, "pool");
    long size = Checks.elements("batch", batch, "channels", channels, "spatial", spatial);
    long rows = groupRows(batch, groups, channels);
    Ranges.atLeastZero("epsilon", epsilon);
    Tensors tensors =
        new Tensors()
            .input("x", x, size)
            .input("weight", weight, channels)
            .input("bias", bias, channels)
            .output("y", y, size, "x")
            .output("mean", mean, rows)
            .output("rstd", rstd, rows);
    Dispatch.run(
        pool,
        RangeTask.overRows(
            rows,
            channels / groups * spatial,
            (from, to) ->
                SimdRowNormKernels.INSTANCE.groupNorm(
                    x, weight, bias, y, mean, rstd, epsilon, groups, channels, spatial, from, to)),
        tensors.memory());
  }

  /** The number of rows of group norm. */
  private static long groupRows(long batch, long groups, long channels) {
    Checks.positive("groups", groups);
    if (channels % groups != 0) {
      throw new IllegalArgumentException(
          "groups must divide the channels but %d groups do not divide %d channels"
              .formatted(groups, channels));
    }
    return Checks.elements("batch", batch, "groups", groups);
  }

  /**
   * Gradient of group norm, on the shared pool.
   *
   * @see #backward(WorkerPool, long, long, long, long, boolean, MemorySegment, MemorySegment,
   *     MemorySegment, MemorySegment, MemorySegment, MemorySegment)
   */
  public static void backward(
      long batch,
      long groups,
      long channels,
      long spatial,
      boolean accumulate,
      MemorySegment x,
      MemorySegment weight,
      MemorySegment mean,
      MemorySegment rstd,
      MemorySegment dy,
      MemorySegment dx) {
    backward(
        WorkerPool.shared(),
        batch,
        groups,
        channels,
        spatial,
        accumulate,
        x,
        weight,
        mean,
        rstd,
        dy,
        dx);
  }

  /**
   * The gradient of {@link #forward} with respect to x: {@code dx = rstd · (g − Σ g / columns − z ·
   * Σ g · z / columns)} with {@code g = dy · weight}, sums over a row, and {@code columns =
   * channels / groups · spatial}, or {@code dx += …}.
   *
   * <p>The sums of each channel are added in order, so the error is that of {@link
   * Norms#layerNormBackward} with {@code n = columns / 16 + channels / groups + 16}.
   *
   * @param batch number of samples
   * @param groups that divide the channels
   * @param spatial elements of a channel of a sample, 1 for matrices
   * @param accumulate whether the gradient is added to dx
   * @param x [batch, channels, spatial]
   * @param weight [channels]
   * @param mean [batch, groups], from {@link #forward}
   * @param rstd [batch, groups], from {@link #forward}
   * @param dy [batch, channels, spatial], gradient of y
   * @param dx [batch, channels, spatial], gradient of x, may be dy
   * @throws IllegalArgumentException if groups do not divide the channels
   */
  public static void backward(
      WorkerPool pool,
      long batch,
      long groups,
      long channels,
      long spatial,
      boolean accumulate,
      MemorySegment x,
      MemorySegment weight,
      MemorySegment mean,
      MemorySegment rstd,
      MemorySegment dy,
      MemorySegment dx) {
    Objects.requireNonNull(pool, "pool");
    long size = Checks.elements("batch", batch, "channels", channels, "spatial", spatial);
    long rows = groupRows(batch, groups, channels);
    Tensors tensors =
        new Tensors()
            .input("x", x, size)
            .input("weight", weight, channels)
            .input("mean", mean, rows)
            .input("rstd", rstd, rows)
            .input("dy", dy, size)
            .output("dx", dx, size, "dy");
    Dispatch.run(
        pool,
        RangeTask.overRows(
            rows,
            channels / groups * spatial,
            (from, to) ->
                SimdRowNormKernels.INSTANCE.groupNormBackward(
                    accumulate,
                    x,
                    weight,
                    mean,
                    rstd,
                    dy,
                    dx,
                    groups,
                    channels,
                    spatial,
                    from,
                    to)),
        tensors.memory());
  }

  /**
   * Gradients of weight and bias of group norm, on the shared pool.
   *
   * @see #parameterGradients(WorkerPool, long, long, long, long, boolean, MemorySegment,
   *     MemorySegment, MemorySegment, MemorySegment, MemorySegment, MemorySegment)
   */
  public static void parameterGradients(
      long batch,
      long groups,
      long channels,
      long spatial,
      boolean accumulate,
      MemorySegment x,
      MemorySegment mean,
      MemorySegment rstd,
      MemorySegment dy,
      MemorySegment dWeight,
      MemorySegment dBias) {
    parameterGradients(
        WorkerPool.shared(),
        batch,
        groups,
        channels,
        spatial,
        accumulate,
        x,
        mean,
        rstd,
        dy,
        dWeight,
        dBias);
  }

  /**
   * The gradients of {@link #forward} with respect to weight and bias: {@code dWeight = Σ dy · z}
   * and {@code dBias = Σ dy} over each channel, or added to what is there.
   *
   * <p>With n = {@code batch + spatial / 16 + 16}, the errors are at most {@code n · 2⁻²⁴ · Σ |dy ·
   * z|} and {@code n · 2⁻²⁴ · Σ |dy|}, where z is that of the given mean and rstd.
   *
   * @param batch number of samples
   * @param groups that divide the channels
   * @param spatial elements of a channel of a sample, 1 for matrices
   * @param accumulate whether the gradients are added to what is there
   * @param x [batch, channels, spatial]
   * @param mean [batch, groups], from {@link #forward}
   * @param rstd [batch, groups], from {@link #forward}
   * @param dy [batch, channels, spatial], gradient of y
   * @param dWeight [channels]
   * @param dBias [channels]
   * @throws IllegalArgumentException if groups do not divide the channels
   */
  public static void parameterGradients(
      WorkerPool pool,
      long batch,
      long groups,
      long channels,
      long spatial,
      boolean accumulate,
      MemorySegment x,
      MemorySegment mean,
      MemorySegment rstd,
      MemorySegment dy,
      MemorySegment dWeight,
      MemorySegment dBias) {
    Objects.requireNonNull(pool, "pool");
    long size = Checks.elements("batch", batch, "channels", channels, "spatial", spatial);
    long rows = groupRows(batch, groups, channels);
    Tensors tensors =
        new Tensors()
            .input("x", x, size)
            .input("mean", mean, rows)
            .input("rstd", rstd, rows)
            .input("dy", dy, size)
            .output("dWeight", dWeight, channels)
            .output("dBias", dBias, channels);
    Dispatch.run(
        pool,
        RangeTask.overRows(
            channels,
            batch * spatial,
            (from, to) ->
                SimdRowNormKernels.INSTANCE.groupNormParameters(
                    accumulate,
                    x,
                    mean,
                    rstd,
                    dy,
                    dWeight,
                    dBias,
                    batch,
                    groups,
                    channels,
                    spatial,
                    from,
                    to)),
        tensors.memory());
  }
}
