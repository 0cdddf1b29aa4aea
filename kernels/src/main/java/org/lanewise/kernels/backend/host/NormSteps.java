package org.lanewise.kernels.backend.host;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.host.BatchNormKernels;
import org.lanewise.kernels.host.RowNormKernels;
import org.lanewise.kernels.op.NormOp;
import org.lanewise.kernels.op.Shape;
import org.lanewise.kernels.parallel.PoolRunnable;
import org.lanewise.kernels.parallel.RangeTask;

/** Normalization. */
record NormSteps(RowNormKernels rowNorms, BatchNormKernels batchNorms) {
  PoolRunnable bind(NormOp op, Operands in, Operands out) {
    return switch (op) {
      case NormOp.LayerNorm(var epsilon) -> layerNorm(epsilon, in, out);
      case NormOp.LayerNormBackward _ -> layerNormBackward(in, out);
      case NormOp.LayerNormParameterGradients _ -> layerNormParameterGradients(in, out);
      case NormOp.RmsNorm(var epsilon) -> rmsNorm(epsilon, in, out);
      case NormOp.RmsNormBackward _ -> rmsNormBackward(in, out);
      case NormOp.RmsNormParameterGradients _ -> rmsNormParameterGradients(in, out);
      case NormOp.BatchNorm norm ->
          norm.training() ? training(norm, in, out) : evaluation(norm.epsilon(), in, out);
      case NormOp.BatchNormBackward(var training) -> batchNormBackward(training, in, out);
      case NormOp.GroupNorm(var groups, var epsilon) -> groupNorm(groups, epsilon, in, out);
      case NormOp.GroupNormBackward(var groups) -> groupNormBackward(groups, in, out);
      case NormOp.GroupNormParameterGradients(var groups) ->
          groupNormParameterGradients(groups, in, out);
    };
  }

  private RangeTask layerNorm(float epsilon, Operands in, Operands out) {
    MemorySegment x = in.segment(0);
    MemorySegment weight = in.segment(1);
    MemorySegment bias = in.segment(2);
    MemorySegment y = out.segment(0);
    MemorySegment mean = out.segment(1);
    MemorySegment rstd = out.segment(2);
    long columns = in.size(1);
    return RangeTask.overRows(
        out.size(1),
        columns,
        (from, to) ->
            rowNorms.layerNorm(x, weight, bias, y, mean, rstd, epsilon, columns, from, to));
  }

  private RangeTask layerNormBackward(Operands in, Operands out) {
    boolean adds = out.adds(0);
    MemorySegment x = in.segment(0);
    MemorySegment weight = in.segment(1);
    MemorySegment mean = in.segment(2);
    MemorySegment rstd = in.segment(3);
    MemorySegment dy = in.segment(4);
    MemorySegment dx = out.segment(0);
    long columns = in.size(1);
    return RangeTask.overRows(
        in.size(2),
        columns,
        (from, to) ->
            rowNorms.layerNormBackward(adds, x, weight, mean, rstd, dy, dx, columns, from, to));
  }

  private PoolRunnable layerNormParameterGradients(Operands in, Operands out) {
    boolean adds = out.adds(0) || out.adds(1);
    MemorySegment x = in.segment(0);
    MemorySegment mean = in.segment(1);
    MemorySegment rstd = in.segment(2);
    MemorySegment dy = in.segment(3);
    MemorySegment dWeight = out.segment(0);
    MemorySegment dBias = out.segment(1);
    long rows = in.size(1);
    long columns = out.size(0);
    RangeTask task =
        RangeTask.overColumns(
            rows,
            columns,
            (from, to) ->
                rowNorms.layerNormParameters(
                    adds, x, mean, rstd, dy, dWeight, dBias, rows, columns, from, to));
    return parameterGradients(out, 0, 1, task);
  }

  private RangeTask rmsNorm(float epsilon, Operands in, Operands out) {
    MemorySegment x = in.segment(0);
    MemorySegment weight = in.segment(1);
    MemorySegment y = out.segment(0);
    MemorySegment rstd = out.segment(1);
    long columns = in.size(1);
    return RangeTask.overRows(
        out.size(1),
        columns,
        (from, to) -> rowNorms.rmsNorm(x, weight, y, rstd, epsilon, columns, from, to));
  }

  private RangeTask rmsNormBackward(Operands in, Operands out) {
    boolean adds = out.adds(0);
    MemorySegment x = in.segment(0);
    MemorySegment weight = in.segment(1);
    MemorySegment rstd = in.segment(2);
    MemorySegment dy = in.segment(3);
    MemorySegment dx = out.segment(0);
    long columns = in.size(1);
    return RangeTask.overRows(
        in.size(2),
        columns,
        (from, to) -> rowNorms.rmsNormBackward(adds, x, weight, rstd, dy, dx, columns, from, to));
  }

  private RangeTask rmsNormParameterGradients(Operands in, Operands out) {
    boolean adds = out.adds(0);
    MemorySegment x = in.segment(0);
    MemorySegment rstd = in.segment(1);
    MemorySegment dy = in.segment(2);
    MemorySegment dWeight = out.segment(0);
    long rows = in.size(1);
    long columns = out.size(0);
    return RangeTask.overColumns(
        rows,
        columns,
        (from, to) ->
            rowNorms.rmsNormParameters(adds, x, rstd, dy, dWeight, rows, columns, from, to));
  }

  private RangeTask evaluation(float epsilon, Operands in, Operands out) {
    MemorySegment x = in.segment(0);
    MemorySegment weight = in.segment(1);
    MemorySegment bias = in.segment(2);
    MemorySegment runningMean = in.segment(3);
    MemorySegment runningVariance = in.segment(4);
    MemorySegment y = out.segment(0);
    MemorySegment rstd = out.segment(1);
    Shape shape = in.shape(0);
    long batch = shape.dimension(0);
    long channels = shape.dimension(1);
    long spatial = shape.size(2, shape.rank());
    return RangeTask.overChannels(
        batch,
        channels,
        spatial,
        (from, to) ->
            batchNorms.evaluation(
                x,
                weight,
                bias,
                runningMean,
                runningVariance,
                y,
                rstd,
                epsilon,
                batch,
                channels,
                spatial,
                from,
                to));
  }

  private PoolRunnable training(NormOp.BatchNorm op, Operands in, Operands out) {
    MemorySegment x = in.segment(0);
    MemorySegment weight = in.segment(1);
    MemorySegment bias = in.segment(2);
    MemorySegment runningMean = in.segment(3);
    MemorySegment runningVariance = in.segment(4);
    MemorySegment y = out.segment(0);
    MemorySegment rstd = out.segment(1);
    MemorySegment mean = out.segment(2);
    MemorySegment newMean = out.segment(3);
    MemorySegment newVariance = out.segment(4);
    float epsilon = op.epsilon();
    float momentum = op.momentum();
    Shape shape = in.shape(0);
    long batch = shape.dimension(0);
    long channels = shape.dimension(1);
    long spatial = shape.size(2, shape.rank());
    RangeTask task =
        RangeTask.overChannels(
            batch,
            channels,
            spatial,
            (from, to) ->
                batchNorms.training(
                    x,
                    weight,
                    bias,
                    y,
                    mean,
                    rstd,
                    newMean,
                    newVariance,
                    epsilon,
                    momentum,
                    batch,
                    channels,
                    spatial,
                    from,
                    to));
    return pool -> {
      newMean.copyFrom(runningMean); // which may be the same memory: the kernel works in place
      newVariance.copyFrom(runningVariance);
      task.run(pool);
    };
  }

  private PoolRunnable batchNormBackward(boolean training, Operands in, Operands out) {
    boolean adds = out.adds(0);
    boolean addsParameters = out.adds(1) || out.adds(2);
    MemorySegment x = in.segment(0);
    MemorySegment weight = in.segment(1);
    MemorySegment mean = in.segment(2);
    MemorySegment rstd = in.segment(3);
    MemorySegment dy = in.segment(4);
    MemorySegment dx = out.segment(0);
    MemorySegment dWeight = out.segment(1);
    MemorySegment dBias = out.segment(2);
    Shape shape = in.shape(0);
    long batch = shape.dimension(0);
    long channels = shape.dimension(1);
    long spatial = shape.size(2, shape.rank());
    RangeTask task =
        RangeTask.overChannels(
            batch,
            channels,
            spatial,
            (from, to) ->
                batchNorms.backward(
                    training,
                    adds,
                    addsParameters,
                    x,
                    weight,
                    mean,
                    rstd,
                    dy,
                    dx,
                    dWeight,
                    dBias,
                    batch,
                    channels,
                    spatial,
                    from,
                    to));
    return parameterGradients(out, 1, 2, task);
  }

  private RangeTask groupNorm(long groups, float epsilon, Operands in, Operands out) {
    MemorySegment x = in.segment(0);
    MemorySegment weight = in.segment(1);
    MemorySegment bias = in.segment(2);
    MemorySegment y = out.segment(0);
    MemorySegment mean = out.segment(1);
    MemorySegment rstd = out.segment(2);
    Shape shape = in.shape(0);
    long channels = shape.dimension(1);
    long spatial = shape.size(2, shape.rank());
    return RangeTask.overRows(
        out.size(1),
        channels / groups * spatial,
        (from, to) ->
            rowNorms.groupNorm(
                x, weight, bias, y, mean, rstd, epsilon, groups, channels, spatial, from, to));
  }

  private RangeTask groupNormBackward(long groups, Operands in, Operands out) {
    boolean adds = out.adds(0);
    MemorySegment x = in.segment(0);
    MemorySegment weight = in.segment(1);
    MemorySegment mean = in.segment(2);
    MemorySegment rstd = in.segment(3);
    MemorySegment dy = in.segment(4);
    MemorySegment dx = out.segment(0);
    Shape shape = in.shape(0);
    long channels = shape.dimension(1);
    long spatial = shape.size(2, shape.rank());
    return RangeTask.overRows(
        in.size(2),
        channels / groups * spatial,
        (from, to) ->
            rowNorms.groupNormBackward(
                adds, x, weight, mean, rstd, dy, dx, groups, channels, spatial, from, to));
  }

  private PoolRunnable groupNormParameterGradients(long groups, Operands in, Operands out) {
    boolean adds = out.adds(0) || out.adds(1);
    MemorySegment x = in.segment(0);
    MemorySegment mean = in.segment(1);
    MemorySegment rstd = in.segment(2);
    MemorySegment dy = in.segment(3);
    MemorySegment dWeight = out.segment(0);
    MemorySegment dBias = out.segment(1);
    Shape shape = in.shape(0);
    long batch = shape.dimension(0);
    long channels = shape.dimension(1);
    long spatial = shape.size(2, shape.rank());
    RangeTask task =
        RangeTask.overRows(
            channels,
            batch * spatial,
            (from, to) ->
                rowNorms.groupNormParameters(
                    adds, x, mean, rstd, dy, dWeight, dBias, batch, groups, channels, spatial, from,
                    to));
    return parameterGradients(out, 0, 1, task);
  }

  /** Kernels add to both gradients or to none, so where they differ one is cleared before. */
  private static PoolRunnable parameterGradients(
      Operands out, int weight, int bias, RangeTask task) {
    if (out.adds(weight) == out.adds(bias)) {
      return task;
    }
    MemorySegment overwritten = out.segment(out.adds(weight) ? bias : weight);
    return pool -> {
      overwritten.fill((byte) 0);
      task.run(pool);
    };
  }
}
