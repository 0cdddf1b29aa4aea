package org.lanewise.kernels;

import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.lanewise.kernels.op.Ranges;
import org.lanewise.kernels.parallel.RangeTask;
import org.lanewise.kernels.parallel.WorkerPool;
import org.lanewise.kernels.simd.norm.SimdBatchNormKernels;
import org.lanewise.kernels.simd.norm.SimdRowNormKernels;

/**
 * Layer norm (Ba, Kiros, Hinton: <i>Layer Normalization</i>, arXiv 1607.06450), RMS norm (Zhang,
 * Sennrich: <i>Root Mean Square Layer Normalization</i>, arXiv 1910.07467), batch norm (Ioffe,
 * Szegedy: <i>Batch Normalization</i>, arXiv 1502.03167), and their gradients.
 *
 * <p>Means are found first, and then variances from differences to them, so that both are accurate
 * where the mean is large beside the deviation. In what follows, z is a normalized element, before
 * weight and bias, and rstd the reciprocal of the deviation, {@code 1 / √(variance + epsilon)} with
 * the variance divided by the number of elements.
 *
 * <p>A row or channel with NaN or infinity, or whose squares overflow, becomes NaN or 0; so does a
 * constant one with an epsilon of 0, whose deviation is 0. Others are not affected.
 *
 * <p>Exceptions and requirements common to all kernels are those of {@link org.lanewise.kernels}.
 */
public final class Norms {
  private Norms() {}

  /**
   * Layer norm of each row, on the shared pool.
   *
   * @see #layerNorm(WorkerPool, long, long, float, MemorySegment, MemorySegment, MemorySegment,
   *     MemorySegment, MemorySegment, MemorySegment)
   */
  public static void layerNorm(
      long rows,
      long columns,
      float epsilon,
      MemorySegment x,
      MemorySegment weight,
      MemorySegment bias,
      MemorySegment y,
      MemorySegment mean,
      MemorySegment rstd) {
    layerNorm(WorkerPool.shared(), rows, columns, epsilon, x, weight, bias, y, mean, rstd);
  }

  /**
   * {@code y = (x − mean) · rstd · weight + bias} in each row, with the mean and deviation of the
   * row.
   *
   * <p>With n = {@code columns / 16 + 16}, the error of z is at most {@code n · 2⁻²⁴ · (1 + |z|) ·
   * (1 + a)}, where a is how many deviations the row's first element is from its mean, and so is
   * the relative error of rstd, with {@code |z| = 0}. An offset does not matter: differences to the
   * first element are summed. Element j of a row is added to partial sum {@code j mod 16}, and the
   * sums as a tree.
   *
   * @param epsilon added to the variance, from 0
   * @param x [rows, columns]
   * @param weight [columns]
   * @param bias [columns]
   * @param y [rows, columns], may be x
   * @param mean [rows], written for {@link #layerNormBackward}
   * @param rstd [rows], written for {@link #layerNormBackward}
   */
  public static void layerNorm(
      WorkerPool pool,
      long rows,
      long columns,
      float epsilon,
      MemorySegment x,
      MemorySegment weight,
      MemorySegment bias,
      MemorySegment y,
      MemorySegment mean,
      MemorySegment rstd) {
    Objects.requireNonNull(pool, "pool");
    long size = Checks.elements("rows", rows, "columns", columns);
    Ranges.atLeastZero("epsilon", epsilon);
    Checks.input("x", x, size);
    Checks.input("weight", weight, columns);
    Checks.input("bias", bias, columns);
    Checks.output("y", y, size);
    Checks.output("mean", mean, rows);
    Checks.output("rstd", rstd, rows);
    Checks.sameOrDisjoint("y", y, "x", x, size);
    Checks.disjoint("y", y, size, "weight", weight, columns);
    Checks.disjoint("y", y, size, "bias", bias, columns);
    Checks.disjoint("mean", mean, rows, "x", x, size);
    Checks.disjoint("mean", mean, rows, "weight", weight, columns);
    Checks.disjoint("mean", mean, rows, "bias", bias, columns);
    Checks.disjoint("mean", mean, rows, "y", y, size);
    Checks.disjoint("rstd", rstd, rows, "x", x, size);
    Checks.disjoint("rstd", rstd, rows, "weight", weight, columns);
    Checks.disjoint("rstd", rstd, rows, "bias", bias, columns);
    Checks.disjoint("rstd", rstd, rows, "y", y, size);
    Checks.disjoint("rstd", rstd, rows, "mean", mean, rows);
    Dispatch.run(
        pool,
        RangeTask.overRows(
            rows,
            columns,
            (from, to) ->
                SimdRowNormKernels.INSTANCE.layerNorm(
                    x, weight, bias, y, mean, rstd, epsilon, columns, from, to)),
        x,
        weight,
        bias,
        y,
        mean,
        rstd);
  }

  /**
   * Gradient of layer norm, on the shared pool.
   *
   * @see #layerNormBackward(WorkerPool, long, long, boolean, MemorySegment, MemorySegment,
   *     MemorySegment, MemorySegment, MemorySegment, MemorySegment)
   */
  public static void layerNormBackward(
      long rows,
      long columns,
      boolean accumulate,
      MemorySegment x,
      MemorySegment weight,
      MemorySegment mean,
      MemorySegment rstd,
      MemorySegment dy,
      MemorySegment dx) {
    layerNormBackward(
        WorkerPool.shared(), rows, columns, accumulate, x, weight, mean, rstd, dy, dx);
  }

  /**
   * The gradient of {@link #layerNorm} with respect to x: {@code dx = rstd · (g − Σ g / columns − z
   * · Σ g · z / columns)} with {@code g = dy · weight}, or {@code dx += …}.
   *
   * <p>What rounding took from the mean is found again, so the error is at most {@code n · 2⁻²⁴ ·
   * rstd · (|g| + (1 + |z|) · √(Σ g² / columns)) · (1 + a)} with n and a as there.
   *
   * @param accumulate whether the gradient is added to what is there
   * @param x [rows, columns]
   * @param weight [columns]
   * @param mean [rows], from {@link #layerNorm}
   * @param rstd [rows], from {@link #layerNorm}
   * @param dy [rows, columns], gradient of y
   * @param dx [rows, columns], gradient of x, may be dy
   */
  public static void layerNormBackward(
      WorkerPool pool,
      long rows,
      long columns,
      boolean accumulate,
      MemorySegment x,
      MemorySegment weight,
      MemorySegment mean,
      MemorySegment rstd,
      MemorySegment dy,
      MemorySegment dx) {
    Objects.requireNonNull(pool, "pool");
    long size = Checks.elements("rows", rows, "columns", columns);
    Checks.input("x", x, size);
    Checks.input("weight", weight, columns);
    Checks.input("mean", mean, rows);
    Checks.input("rstd", rstd, rows);
    Checks.input("dy", dy, size);
    Checks.output("dx", dx, size);
    Checks.disjoint("dx", dx, size, "x", x, size);
    Checks.disjoint("dx", dx, size, "weight", weight, columns);
    Checks.disjoint("dx", dx, size, "mean", mean, rows);
    Checks.disjoint("dx", dx, size, "rstd", rstd, rows);
    Checks.sameOrDisjoint("dx", dx, "dy", dy, size);
    Dispatch.run(
        pool,
        RangeTask.overRows(
            rows,
            columns,
            (from, to) ->
                SimdRowNormKernels.INSTANCE.layerNormBackward(
                    accumulate, x, weight, mean, rstd, dy, dx, columns, from, to)),
        x,
        weight,
        mean,
        rstd,
        dy,
        dx);
  }

  /**
   * Gradients of layer norm's parameters, on the shared pool.
   *
   * @see #layerNormParameterGradients(WorkerPool, long, long, boolean, MemorySegment,
   *     MemorySegment, MemorySegment, MemorySegment, MemorySegment, MemorySegment)
   */
  public static void layerNormParameterGradients(
      long rows,
      long columns,
      boolean accumulate,
      MemorySegment x,
      MemorySegment mean,
      MemorySegment rstd,
      MemorySegment dy,
      MemorySegment dWeight,
      MemorySegment dBias) {
    layerNormParameterGradients(
        WorkerPool.shared(), rows, columns, accumulate, x, mean, rstd, dy, dWeight, dBias);
  }

  /**
   * The gradients of {@link #layerNorm} with respect to weight and bias: {@code dWeight = Σᵢ dy ·
   * z} and {@code dBias = Σᵢ dy} over the rows, or added to what is there.
   *
   * <p>Blocks of 128 rows are summed in order and added one after the other, so that an error is at
   * most {@code (rows / 128 + 130) · 2⁻²⁴ · Σᵢ |dy · z|}, and in dWeight {@code 2⁻²⁴ · Σᵢ |dy ·
   * mean · rstd|} more, as the mean is rounded.
   *
   * @param accumulate whether the gradients are added to what is there
   * @param x [rows, columns]
   * @param mean [rows], from {@link #layerNorm}
   * @param rstd [rows], from {@link #layerNorm}
   * @param dy [rows, columns], gradient of y
   * @param dWeight [columns]
   * @param dBias [columns]
   */
  public static void layerNormParameterGradients(
      WorkerPool pool,
      long rows,
      long columns,
      boolean accumulate,
      MemorySegment x,
      MemorySegment mean,
      MemorySegment rstd,
      MemorySegment dy,
      MemorySegment dWeight,
      MemorySegment dBias) {
    Objects.requireNonNull(pool, "pool");
    long size = Checks.elements("rows", rows, "columns", columns);
    Checks.input("x", x, size);
    Checks.input("mean", mean, rows);
    Checks.input("rstd", rstd, rows);
    Checks.input("dy", dy, size);
    Checks.output("dWeight", dWeight, columns);
    Checks.output("dBias", dBias, columns);
    Checks.disjoint("dWeight", dWeight, columns, "x", x, size);
    Checks.disjoint("dWeight", dWeight, columns, "mean", mean, rows);
    Checks.disjoint("dWeight", dWeight, columns, "rstd", rstd, rows);
    Checks.disjoint("dWeight", dWeight, columns, "dy", dy, size);
    Checks.disjoint("dBias", dBias, columns, "x", x, size);
    Checks.disjoint("dBias", dBias, columns, "mean", mean, rows);
    Checks.disjoint("dBias", dBias, columns, "rstd", rstd, rows);
    Checks.disjoint("dBias", dBias, columns, "dy", dy, size);
    Checks.disjoint("dBias", dBias, columns, "dWeight", dWeight, columns);
    Dispatch.run(
        pool,
        RangeTask.overColumns(
            rows,
            columns,
            (from, to) ->
                SimdRowNormKernels.INSTANCE.layerNormParameters(
                    accumulate, x, mean, rstd, dy, dWeight, dBias, rows, columns, from, to)),
        x,
        mean,
        rstd,
        dy,
        dWeight,
        dBias);
  }

  /**
   * RMS norm of each row, on the shared pool.
   *
   * @see #rmsNorm(WorkerPool, long, long, float, MemorySegment, MemorySegment, MemorySegment,
   *     MemorySegment)
   */
  public static void rmsNorm(
      long rows,
      long columns,
      float epsilon,
      MemorySegment x,
      MemorySegment weight,
      MemorySegment y,
      MemorySegment rstd) {
    rmsNorm(WorkerPool.shared(), rows, columns, epsilon, x, weight, y, rstd);
  }

  /**
   * {@code y = x · rstd · weight} in each row, with {@code rstd = 1 / √(Σ x² / columns + epsilon)}.
   *
   * <p>The relative error of rstd is at most {@code (columns / 32 + 6) · 2⁻²⁴}, and that of y two
   * roundings more. The sum is formed as in {@link #layerNorm}.
   *
   * @param epsilon added to the mean square, from 0
   * @param x [rows, columns]
   * @param weight [columns]
   * @param y [rows, columns], may be x
   * @param rstd [rows], written for {@link #rmsNormBackward}
   */
  public static void rmsNorm(
      WorkerPool pool,
      long rows,
      long columns,
      float epsilon,
      MemorySegment x,
      MemorySegment weight,
      MemorySegment y,
      MemorySegment rstd) {
    Objects.requireNonNull(pool, "pool");
    long size = Checks.elements("rows", rows, "columns", columns);
    Ranges.atLeastZero("epsilon", epsilon);
    Checks.input("x", x, size);
    Checks.input("weight", weight, columns);
    Checks.output("y", y, size);
    Checks.output("rstd", rstd, rows);
    Checks.sameOrDisjoint("y", y, "x", x, size);
    Checks.disjoint("y", y, size, "weight", weight, columns);
    Checks.disjoint("rstd", rstd, rows, "x", x, size);
    Checks.disjoint("rstd", rstd, rows, "weight", weight, columns);
    Checks.disjoint("rstd", rstd, rows, "y", y, size);
    Dispatch.run(
        pool,
        RangeTask.overRows(
            rows,
            columns,
            (from, to) ->
                SimdRowNormKernels.INSTANCE.rmsNorm(
                    x, weight, y, rstd, epsilon, columns, from, to)),
        x,
        weight,
        y,
        rstd);
  }

  /**
   * Gradient of RMS norm, on the shared pool.
   *
   * @see #rmsNormBackward(WorkerPool, long, long, boolean, MemorySegment, MemorySegment,
   *     MemorySegment, MemorySegment, MemorySegment)
   */
  public static void rmsNormBackward(
      long rows,
      long columns,
      boolean accumulate,
      MemorySegment x,
      MemorySegment weight,
      MemorySegment rstd,
      MemorySegment dy,
      MemorySegment dx) {
    rmsNormBackward(WorkerPool.shared(), rows, columns, accumulate, x, weight, rstd, dy, dx);
  }

  /**
   * The gradient of {@link #rmsNorm} with respect to x: {@code dx = rstd · (g − z · Σ g · z /
   * columns)} with {@code g = dy · weight} and {@code z = x · rstd}, or {@code dx += …}. The error
   * is at most that of {@link #layerNormBackward}.
   *
   * @param accumulate whether the gradient is added to what is there
   * @param x [rows, columns]
   * @param weight [columns]
   * @param rstd [rows], from {@link #rmsNorm}
   * @param dy [rows, columns], gradient of y
   * @param dx [rows, columns], gradient of x, may be dy
   */
  public static void rmsNormBackward(
      WorkerPool pool,
      long rows,
      long columns,
      boolean accumulate,
      MemorySegment x,
      MemorySegment weight,
      MemorySegment rstd,
      MemorySegment dy,
      MemorySegment dx) {
    Objects.requireNonNull(pool, "pool");
    long size = Checks.elements("rows", rows, "columns", columns);
    Checks.input("x", x, size);
    Checks.input("weight", weight, columns);
    Checks.input("rstd", rstd, rows);
    Checks.input("dy", dy, size);
    Checks.output("dx", dx, size);
    Checks.disjoint("dx", dx, size, "x", x, size);
    Checks.disjoint("dx", dx, size, "weight", weight, columns);
    Checks.disjoint("dx", dx, size, "rstd", rstd, rows);
    Checks.sameOrDisjoint("dx", dx, "dy", dy, size);
    Dispatch.run(
        pool,
        RangeTask.overRows(
            rows,
            columns,
            (from, to) ->
                SimdRowNormKernels.INSTANCE.rmsNormBackward(
                    accumulate, x, weight, rstd, dy, dx, columns, from, to)),
        x,
        weight,
        rstd,
        dy,
        dx);
  }

  /**
   * Gradient of RMS norm's weight, on the shared pool.
   *
   * @see #rmsNormParameterGradients(WorkerPool, long, long, boolean, MemorySegment, MemorySegment,
   *     MemorySegment, MemorySegment)
   */
  public static void rmsNormParameterGradients(
      long rows,
      long columns,
      boolean accumulate,
      MemorySegment x,
      MemorySegment rstd,
      MemorySegment dy,
      MemorySegment dWeight) {
    rmsNormParameterGradients(WorkerPool.shared(), rows, columns, accumulate, x, rstd, dy, dWeight);
  }

  /**
   * The gradient of {@link #rmsNorm} with respect to the weight: {@code dWeight = Σᵢ dy · x · rstd}
   * over the rows, or added to what is there; summed as in {@link #layerNormParameterGradients},
   * with an error of at most {@code (rows / 128 + 130) · 2⁻²⁴ · Σᵢ |dy · z|}.
   *
   * @param accumulate whether the gradient is added to what is there
   * @param x [rows, columns]
   * @param rstd [rows], from {@link #rmsNorm}
   * @param dy [rows, columns], gradient of y
   * @param dWeight [columns]
   */
  public static void rmsNormParameterGradients(
      WorkerPool pool,
      long rows,
      long columns,
      boolean accumulate,
      MemorySegment x,
      MemorySegment rstd,
      MemorySegment dy,
      MemorySegment dWeight) {
    Objects.requireNonNull(pool, "pool");
    long size = Checks.elements("rows", rows, "columns", columns);
    Checks.input("x", x, size);
    Checks.input("rstd", rstd, rows);
    Checks.input("dy", dy, size);
    Checks.output("dWeight", dWeight, columns);
    Checks.disjoint("dWeight", dWeight, columns, "x", x, size);
    Checks.disjoint("dWeight", dWeight, columns, "rstd", rstd, rows);
    Checks.disjoint("dWeight", dWeight, columns, "dy", dy, size);
    Dispatch.run(
        pool,
        RangeTask.overColumns(
            rows,
            columns,
            (from, to) ->
                SimdRowNormKernels.INSTANCE.rmsNormParameters(
                    accumulate, x, rstd, dy, dWeight, rows, columns, from, to)),
        x,
        rstd,
        dy,
        dWeight);
  }

  /**
   * Batch norm in training, on the shared pool.
   *
   * @see #batchNormTraining(WorkerPool, long, long, long, float, float, MemorySegment,
   *     MemorySegment, MemorySegment, MemorySegment, MemorySegment, MemorySegment, MemorySegment,
   *     MemorySegment)
   */
  public static void batchNormTraining(
      long batch,
      long channels,
      long spatial,
      float epsilon,
      float momentum,
      MemorySegment x,
      MemorySegment weight,
      MemorySegment bias,
      MemorySegment y,
      MemorySegment mean,
      MemorySegment rstd,
      MemorySegment runningMean,
      MemorySegment runningVariance) {
    batchNormTraining(
        WorkerPool.shared(),
        batch,
        channels,
        spatial,
        epsilon,
        momentum,
        x,
        weight,
        bias,
        y,
        mean,
        rstd,
        runningMean,
        runningVariance);
  }

  /**
   * {@code y = (x − mean) · rstd · weight + bias} in each channel, with its mean and deviation over
   * batch and spatial axes. The running mean becomes {@code (1 − momentum) · runningMean + momentum
   * · mean}; so does the running variance, with the variance divided by {@code batch · spatial −
   * 1}.
   *
   * <p>Sums are formed in f32 over blocks of at most 4,096 elements, of which a partial sum gets at
   * most 256, and over the blocks. With n = {@code 272 + batch · spatial / 4096}, and of matrices
   * {@code 272 + batch / 256}, the error of z is at most {@code n · 2⁻²⁴ · (1 + |z|) · (1 + a)},
   * where a is how many deviations the channel's first element is from its mean, and so is the
   * relative error of rstd, with {@code |z| = 0}. An offset does not matter.
   *
   * @param batch number of samples
   * @param spatial elements of a channel of a sample, 1 for matrices
   * @param epsilon added to the variance, from 0
   * @param momentum from 0 to 1
   * @param x [batch, channels, spatial]
   * @param weight [channels]
   * @param bias [channels]
   * @param y [batch, channels, spatial], may be x
   * @param mean [channels], written for {@link #batchNormBackward}
   * @param rstd [channels], written for {@link #batchNormBackward}
   * @param runningMean [channels], updated
   * @param runningVariance [channels], updated
   * @throws IllegalArgumentException if {@code batch · spatial} is less than 2, where there is no
   *     variance
   */
  public static void batchNormTraining(
      WorkerPool pool,
      long batch,
      long channels,
      long spatial,
      float epsilon,
      float momentum,
      MemorySegment x,
      MemorySegment weight,
      MemorySegment bias,
      MemorySegment y,
      MemorySegment mean,
      MemorySegment rstd,
      MemorySegment runningMean,
      MemorySegment runningVariance) {
    Objects.requireNonNull(pool, "pool");
    long size = Checks.elements("batch", batch, "channels", channels, "spatial", spatial);
    checkVariance(batch, channels, spatial);
    Ranges.atLeastZero("epsilon", epsilon);
    Ranges.zeroToOne("momentum", momentum);
    Checks.input("x", x, size);
    Checks.input("weight", weight, channels);
    Checks.input("bias", bias, channels);
    Checks.output("y", y, size);
    Checks.output("mean", mean, channels);
    Checks.output("rstd", rstd, channels);
    Checks.output("runningMean", runningMean, channels);
    Checks.output("runningVariance", runningVariance, channels);
    Checks.sameOrDisjoint("y", y, "x", x, size);
    Checks.disjoint("y", y, size, "weight", weight, channels);
    Checks.disjoint("y", y, size, "bias", bias, channels);
    Checks.disjoint("mean", mean, channels, "x", x, size);
    Checks.disjoint("mean", mean, channels, "weight", weight, channels);
    Checks.disjoint("mean", mean, channels, "bias", bias, channels);
    Checks.disjoint("mean", mean, channels, "y", y, size);
    Checks.disjoint("rstd", rstd, channels, "x", x, size);
    Checks.disjoint("rstd", rstd, channels, "weight", weight, channels);
    Checks.disjoint("rstd", rstd, channels, "bias", bias, channels);
    Checks.disjoint("rstd", rstd, channels, "y", y, size);
    Checks.disjoint("rstd", rstd, channels, "mean", mean, channels);
    Checks.disjoint("runningMean", runningMean, channels, "x", x, size);
    Checks.disjoint("runningMean", runningMean, channels, "weight", weight, channels);
    Checks.disjoint("runningMean", runningMean, channels, "bias", bias, channels);
    Checks.disjoint("runningMean", runningMean, channels, "y", y, size);
    Checks.disjoint("runningMean", runningMean, channels, "mean", mean, channels);
    Checks.disjoint("runningMean", runningMean, channels, "rstd", rstd, channels);
    Checks.disjoint("runningVariance", runningVariance, channels, "x", x, size);
    Checks.disjoint("runningVariance", runningVariance, channels, "weight", weight, channels);
    Checks.disjoint("runningVariance", runningVariance, channels, "bias", bias, channels);
    Checks.disjoint("runningVariance", runningVariance, channels, "y", y, size);
    Checks.disjoint("runningVariance", runningVariance, channels, "mean", mean, channels);
    Checks.disjoint("runningVariance", runningVariance, channels, "rstd", rstd, channels);
    Checks.disjoint(
        "runningVariance", runningVariance, channels, "runningMean", runningMean, channels);
    Dispatch.run(
        pool,
        RangeTask.overChannels(
            batch,
            channels,
            spatial,
            (from, to) ->
                SimdBatchNormKernels.INSTANCE.training(
                    x,
                    weight,
                    bias,
                    y,
                    mean,
                    rstd,
                    runningMean,
                    runningVariance,
                    epsilon,
                    momentum,
                    batch,
                    channels,
                    spatial,
                    from,
                    to)),
        x,
        weight,
        bias,
        y,
        mean,
        rstd,
        runningMean,
        runningVariance);
  }

  private static void checkVariance(long batch, long channels, long spatial) {
    if (channels > 0 && (batch == 0 || spatial == 0 || batch == 1 && spatial == 1)) {
      throw new IllegalArgumentException(
          "batch × spatial must be at least 2 in training but is %d × %d"
              .formatted(batch, spatial));
    }
  }

  /**
   * Batch norm in evaluation, on the shared pool.
   *
   * @see #batchNormEvaluation(WorkerPool, long, long, long, float, MemorySegment, MemorySegment,
   *     MemorySegment, MemorySegment, MemorySegment, MemorySegment, MemorySegment)
   */
  public static void batchNormEvaluation(
      long batch,
      long channels,
      long spatial,
      float epsilon,
      MemorySegment x,
      MemorySegment weight,
      MemorySegment bias,
      MemorySegment runningMean,
      MemorySegment runningVariance,
      MemorySegment y,
      MemorySegment rstd) {
    batchNormEvaluation(
        WorkerPool.shared(),
        batch,
        channels,
        spatial,
        epsilon,
        x,
        weight,
        bias,
        runningMean,
        runningVariance,
        y,
        rstd);
  }

  /**
   * {@code y = (x − runningMean) · rstd · weight + bias} in each channel, with {@code rstd = 1 /
   * √(runningVariance + epsilon)}. The relative error of rstd is at most {@code 2.5 · 2⁻²⁴}, that
   * of {@code y − bias} four roundings more.
   *
   * @param batch number of samples
   * @param spatial elements of a channel of a sample, 1 for matrices
   * @param epsilon added to the variance, from 0
   * @param x [batch, channels, spatial]
   * @param weight [channels]
   * @param bias [channels]
   * @param runningMean [channels]
   * @param runningVariance [channels]
   * @param y [batch, channels, spatial], may be x
   * @param rstd [channels], written for {@link #batchNormBackward}
   */
  public static void batchNormEvaluation(
      WorkerPool pool,
      long batch,
      long channels,
      long spatial,
      float epsilon,
      MemorySegment x,
      MemorySegment weight,
      MemorySegment bias,
      MemorySegment runningMean,
      MemorySegment runningVariance,
      MemorySegment y,
      MemorySegment rstd) {
    Objects.requireNonNull(pool, "pool");
    long size = Checks.elements("batch", batch, "channels", channels, "spatial", spatial);
    Ranges.atLeastZero("epsilon", epsilon);
    Checks.input("x", x, size);
    Checks.input("weight", weight, channels);
    Checks.input("bias", bias, channels);
    Checks.input("runningMean", runningMean, channels);
    Checks.input("runningVariance", runningVariance, channels);
    Checks.output("y", y, size);
    Checks.output("rstd", rstd, channels);
    Checks.sameOrDisjoint("y", y, "x", x, size);
    Checks.disjoint("y", y, size, "weight", weight, channels);
    Checks.disjoint("y", y, size, "bias", bias, channels);
    Checks.disjoint("y", y, size, "runningMean", runningMean, channels);
    Checks.disjoint("y", y, size, "runningVariance", runningVariance, channels);
    Checks.disjoint("rstd", rstd, channels, "x", x, size);
    Checks.disjoint("rstd", rstd, channels, "weight", weight, channels);
    Checks.disjoint("rstd", rstd, channels, "bias", bias, channels);
    Checks.disjoint("rstd", rstd, channels, "runningMean", runningMean, channels);
    Checks.disjoint("rstd", rstd, channels, "runningVariance", runningVariance, channels);
    Checks.disjoint("rstd", rstd, channels, "y", y, size);
    long samples = size == 0 ? 0 : batch;
    Dispatch.run(
        pool,
        RangeTask.overChannels(
            samples,
            channels,
            spatial,
            (from, to) ->
                SimdBatchNormKernels.INSTANCE.evaluation(
                    x,
                    weight,
                    bias,
                    runningMean,
                    runningVariance,
                    y,
                    rstd,
                    epsilon,
                    samples,
                    channels,
                    spatial,
                    from,
                    to)),
        x,
        weight,
        bias,
        runningMean,
        runningVariance,
        y,
        rstd);
  }

  /**
   * Gradients of batch norm, on the shared pool.
   *
   * @see #batchNormBackward(WorkerPool, long, long, long, boolean, boolean, boolean, MemorySegment,
   *     MemorySegment, MemorySegment, MemorySegment, MemorySegment, MemorySegment, MemorySegment,
   *     MemorySegment)
   */
  public static void batchNormBackward(
      long batch,
      long channels,
      long spatial,
      boolean training,
      boolean accumulate,
      boolean accumulateParameters,
      MemorySegment x,
      MemorySegment weight,
      MemorySegment mean,
      MemorySegment rstd,
      MemorySegment dy,
      MemorySegment dx,
      MemorySegment dWeight,
      MemorySegment dBias) {
    batchNormBackward(
        WorkerPool.shared(),
        batch,
        channels,
        spatial,
        training,
        accumulate,
        accumulateParameters,
        x,
        weight,
        mean,
        rstd,
        dy,
        dx,
        dWeight,
        dBias);
  }

  /**
   * The gradients of {@link #batchNormTraining}, or else of {@link #batchNormEvaluation}: {@code
   * dBias = Σ dy}, {@code dWeight = Σ dy · z} over each channel, and {@code dx = weight · rstd ·
   * dy}, in training less {@code weight · rstd · (Σ dy + z · Σ dy · z) / (batch · spatial)}; each
   * may be added to what is there.
   *
   * <p>Sums are formed as in {@link #batchNormTraining}; with n from there, the error of dBias is
   * at most {@code n · 2⁻²⁴ · Σ |dy|}, and that of dWeight {@code n · 2⁻²⁴ · √(Σ dy² · batch ·
   * spatial)}.
   *
   * @param batch number of samples
   * @param spatial elements of a channel of a sample, 1 for matrices
   * @param training whether mean and variance were those of x
   * @param accumulate whether dx is added to what is there
   * @param accumulateParameters whether dWeight and dBias are added to what is there
   * @param x [batch, channels, spatial]
   * @param weight [channels]
   * @param mean [channels], from {@link #batchNormTraining}, or the running mean
   * @param rstd [channels], from the same method as y
   * @param dy [batch, channels, spatial], gradient of y
   * @param dx [batch, channels, spatial], gradient of x, may be dy
   * @param dWeight [channels]
   * @param dBias [channels]
   * @throws IllegalArgumentException if in training {@code batch · spatial} is less than 2
   */
  public static void batchNormBackward(
      WorkerPool pool,
      long batch,
      long channels,
      long spatial,
      boolean training,
      boolean accumulate,
      boolean accumulateParameters,
      MemorySegment x,
      MemorySegment weight,
      MemorySegment mean,
      MemorySegment rstd,
      MemorySegment dy,
      MemorySegment dx,
      MemorySegment dWeight,
      MemorySegment dBias) {
    Objects.requireNonNull(pool, "pool");
    long size = Checks.elements("batch", batch, "channels", channels, "spatial", spatial);
    if (training) {
      checkVariance(batch, channels, spatial);
    }
    Checks.input("x", x, size);
    Checks.input("weight", weight, channels);
    Checks.input("mean", mean, channels);
    Checks.input("rstd", rstd, channels);
    Checks.input("dy", dy, size);
    Checks.output("dx", dx, size);
    Checks.output("dWeight", dWeight, channels);
    Checks.output("dBias", dBias, channels);
    Checks.disjoint("dx", dx, size, "x", x, size);
    Checks.disjoint("dx", dx, size, "weight", weight, channels);
    Checks.disjoint("dx", dx, size, "mean", mean, channels);
    Checks.disjoint("dx", dx, size, "rstd", rstd, channels);
    Checks.sameOrDisjoint("dx", dx, "dy", dy, size);
    Checks.disjoint("dWeight", dWeight, channels, "x", x, size);
    Checks.disjoint("dWeight", dWeight, channels, "weight", weight, channels);
    Checks.disjoint("dWeight", dWeight, channels, "mean", mean, channels);
    Checks.disjoint("dWeight", dWeight, channels, "rstd", rstd, channels);
    Checks.disjoint("dWeight", dWeight, channels, "dy", dy, size);
    Checks.disjoint("dWeight", dWeight, channels, "dx", dx, size);
    Checks.disjoint("dBias", dBias, channels, "x", x, size);
    Checks.disjoint("dBias", dBias, channels, "weight", weight, channels);
    Checks.disjoint("dBias", dBias, channels, "mean", mean, channels);
    Checks.disjoint("dBias", dBias, channels, "rstd", rstd, channels);
    Checks.disjoint("dBias", dBias, channels, "dy", dy, size);
    Checks.disjoint("dBias", dBias, channels, "dx", dx, size);
    Checks.disjoint("dBias", dBias, channels, "dWeight", dWeight, channels);
    long samples = size == 0 ? 0 : batch;
    Dispatch.run(
        pool,
        RangeTask.overChannels(
            samples,
            channels,
            spatial,
            (from, to) ->
                SimdBatchNormKernels.INSTANCE.backward(
                    training,
                    accumulate,
                    accumulateParameters,
                    x,
                    weight,
                    mean,
                    rstd,
                    dy,
                    dx,
                    dWeight,
                    dBias,
                    samples,
                    channels,
                    spatial,
                    from,
                    to)),
        x,
        weight,
        mean,
        rstd,
        dy,
        dx,
        dWeight,
        dBias);
  }
}
