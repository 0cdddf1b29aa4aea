package org.lanewise.kernels.backend.cpu;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.backend.Step;
import org.lanewise.kernels.backend.host.Operands;
import org.lanewise.kernels.op.NormOp;
import org.lanewise.kernels.op.Shape;
import org.lanewise.kernels.parallel.RangeTask;
import org.lanewise.kernels.parallel.WorkerPool;
import org.lanewise.kernels.simd.norm.BatchNormKernels;
import org.lanewise.kernels.simd.norm.RowNormKernels;

/** Normalization with the SIMD kernels. */
final class NormSteps {
  private NormSteps() {}

  static Step bind(NormOp op, Operands in, Operands out, WorkerPool pool) {
    return switch (op) {
      case NormOp.LayerNorm(var epsilon) -> step(layerNorm(epsilon, in, out), pool);
      case NormOp.LayerNormBackward(var accumulate) ->
          step(layerNormBackward(accumulate, in, out), pool);
      case NormOp.LayerNormParameterGradients gradients ->
          layerNormParameterGradients(gradients, in, out, pool);
      case NormOp.RmsNorm(var epsilon) -> step(rmsNorm(epsilon, in, out), pool);
      case NormOp.RmsNormBackward(var accumulate) ->
          step(rmsNormBackward(accumulate, in, out), pool);
      case NormOp.RmsNormParameterGradients(var accumulate) ->
          step(rmsNormParameterGradients(accumulate, in, out), pool);
      case NormOp.BatchNorm norm -> step(batchNorm(norm, in, out), pool);
      case NormOp.BatchNormBackward backward -> batchNormBackward(backward, in, out, pool);
    };
  }

  private static Step step(RangeTask task, WorkerPool pool) {
    return () -> task.run(pool);
  }

  private static RangeTask layerNorm(float epsilon, Operands in, Operands out) {
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
            RowNormKernels.layerNorm(x, weight, bias, y, mean, rstd, epsilon, columns, from, to));
  }

  private static RangeTask layerNormBackward(boolean accumulate, Operands in, Operands out) {
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
            RowNormKernels.layerNormBackward(
                accumulate, x, weight, mean, rstd, dy, dx, columns, from, to));
  }

  private static Step layerNormParameterGradients(
      NormOp.LayerNormParameterGradients op, Operands in, Operands out, WorkerPool pool) {
    boolean accumulate = op.accumulateWeight() || op.accumulateBias();
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
                RowNormKernels.layerNormParameters(
                    accumulate, x, mean, rstd, dy, dWeight, dBias, rows, columns, from, to));
    return parameterGradients(op.accumulateWeight(), op.accumulateBias(), out, 0, task, pool);
  }

  private static RangeTask rmsNorm(float epsilon, Operands in, Operands out) {
    MemorySegment x = in.segment(0);
    MemorySegment weight = in.segment(1);
    MemorySegment y = out.segment(0);
    MemorySegment rstd = out.segment(1);
    long columns = in.size(1);
    return RangeTask.overRows(
        out.size(1),
        columns,
        (from, to) -> RowNormKernels.rmsNorm(x, weight, y, rstd, epsilon, columns, from, to));
  }

  private static RangeTask rmsNormBackward(boolean accumulate, Operands in, Operands out) {
    MemorySegment x = in.segment(0);
    MemorySegment weight = in.segment(1);
    MemorySegment rstd = in.segment(2);
    MemorySegment dy = in.segment(3);
    MemorySegment dx = out.segment(0);
    long columns = in.size(1);
    return RangeTask.overRows(
        in.size(2),
        columns,
        (from, to) ->
            RowNormKernels.rmsNormBackward(accumulate, x, weight, rstd, dy, dx, columns, from, to));
  }

  private static RangeTask rmsNormParameterGradients(
      boolean accumulate, Operands in, Operands out) {
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
            RowNormKernels.rmsNormParameters(
                accumulate, x, rstd, dy, dWeight, rows, columns, from, to));
  }

  private static RangeTask batchNorm(NormOp.BatchNorm op, Operands in, Operands out) {
    MemorySegment x = in.segment(0);
    MemorySegment weight = in.segment(1);
    MemorySegment bias = in.segment(2);
    MemorySegment runningMean = in.segment(3);
    MemorySegment runningVariance = in.segment(4);
    MemorySegment y = out.segment(0);
    MemorySegment rstd = out.segment(op.training() ? 2 : 1);
    float epsilon = op.epsilon();
    long batch = in.dimension(0, 0);
    long channels = in.dimension(0, 1);
    long spatial = in.shape(0).size(2, in.shape(0).rank());
    if (!op.training()) {
      return overChannels(
          in.shape(0),
          (from, to) ->
              BatchNormKernels.evaluation(
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
    MemorySegment mean = out.segment(1);
    float momentum = op.momentum();
    return overChannels(
        in.shape(0),
        (from, to) ->
            BatchNormKernels.training(
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
                to));
  }

  private static Step batchNormBackward(
      NormOp.BatchNormBackward op, Operands in, Operands out, WorkerPool pool) {
    boolean training = op.training();
    boolean accumulate = op.accumulate();
    boolean accumulateParameters = op.accumulateWeight() || op.accumulateBias();
    MemorySegment x = in.segment(0);
    MemorySegment weight = in.segment(1);
    MemorySegment mean = in.segment(2);
    MemorySegment rstd = in.segment(3);
    MemorySegment dy = in.segment(4);
    MemorySegment dx = out.segment(0);
    MemorySegment dWeight = out.segment(1);
    MemorySegment dBias = out.segment(2);
    long batch = in.dimension(0, 0);
    long channels = in.dimension(0, 1);
    long spatial = in.shape(0).size(2, in.shape(0).rank());
    RangeTask task =
        overChannels(
            in.shape(0),
            (from, to) ->
                BatchNormKernels.backward(
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
                    batch,
                    channels,
                    spatial,
                    from,
                    to));
    return parameterGradients(op.accumulateWeight(), op.accumulateBias(), out, 1, task, pool);
  }

  private static RangeTask overChannels(Shape x, RangeTask.Kernel kernel) {
    return RangeTask.overChannels(x.dimension(0), x.dimension(1), x.size(2, x.rank()), kernel);
  }

  /** Kernels add to both gradients or to none, so where they differ one is cleared before. */
  private static Step parameterGradients(
      boolean accumulateWeight,
      boolean accumulateBias,
      Operands out,
      int weight,
      RangeTask task,
      WorkerPool pool) {
    if (accumulateWeight == accumulateBias) {
      return step(task, pool);
    }
    MemorySegment overwritten = out.segment(accumulateWeight ? weight + 1 : weight);
    return () -> {
      overwritten.fill((byte) 0);
      task.run(pool);
    };
  }
}
