package org.lanewise.kernels.backend.cpu;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.backend.Step;
import org.lanewise.kernels.backend.host.Operands;
import org.lanewise.kernels.op.NormOp;
import org.lanewise.kernels.op.Shape;
import org.lanewise.kernels.parallel.RangeTask;
import org.lanewise.kernels.parallel.WorkerPool;
import org.lanewise.kernels.simd.norm.SimdBatchNormKernels;
import org.lanewise.kernels.simd.norm.SimdRowNormKernels;

/** Normalization with the SIMD kernels. */
final class NormSteps {
  private NormSteps() {}

  static Step bind(NormOp op, Operands in, Operands out, WorkerPool pool) {
    boolean accumulate = out.adds(0);
    return switch (op) {
      case NormOp.LayerNorm(var epsilon) -> step(layerNorm(epsilon, in, out), pool);
      case NormOp.LayerNormBackward _ -> step(layerNormBackward(accumulate, in, out), pool);
      case NormOp.LayerNormParameterGradients _ -> layerNormParameterGradients(in, out, pool);
      case NormOp.RmsNorm(var epsilon) -> step(rmsNorm(epsilon, in, out), pool);
      case NormOp.RmsNormBackward _ -> step(rmsNormBackward(accumulate, in, out), pool);
      case NormOp.RmsNormParameterGradients _ ->
          step(rmsNormParameterGradients(accumulate, in, out), pool);
      case NormOp.BatchNorm norm -> batchNorm(norm, in, out, pool);
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
            SimdRowNormKernels.INSTANCE.layerNorm(
                x, weight, bias, y, mean, rstd, epsilon, columns, from, to));
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
            SimdRowNormKernels.INSTANCE.layerNormBackward(
                accumulate, x, weight, mean, rstd, dy, dx, columns, from, to));
  }

  private static Step layerNormParameterGradients(Operands in, Operands out, WorkerPool pool) {
    boolean accumulate = out.adds(0) || out.adds(1);
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
                SimdRowNormKernels.INSTANCE.layerNormParameters(
                    accumulate, x, mean, rstd, dy, dWeight, dBias, rows, columns, from, to));
    return parameterGradients(out, 0, 1, task, pool);
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
        (from, to) ->
            SimdRowNormKernels.INSTANCE.rmsNorm(x, weight, y, rstd, epsilon, columns, from, to));
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
            SimdRowNormKernels.INSTANCE.rmsNormBackward(
                accumulate, x, weight, rstd, dy, dx, columns, from, to));
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
            SimdRowNormKernels.INSTANCE.rmsNormParameters(
                accumulate, x, rstd, dy, dWeight, rows, columns, from, to));
  }

  private static Step batchNorm(NormOp.BatchNorm op, Operands in, Operands out, WorkerPool pool) {
    MemorySegment x = in.segment(0);
    MemorySegment weight = in.segment(1);
    MemorySegment bias = in.segment(2);
    MemorySegment runningMean = in.segment(3);
    MemorySegment runningVariance = in.segment(4);
    MemorySegment y = out.segment(0);
    MemorySegment rstd = out.segment(1);
    float epsilon = op.epsilon();
    long batch = in.dimension(0, 0);
    long channels = in.dimension(0, 1);
    long spatial = in.shape(0).size(2, in.shape(0).rank());
    if (!op.training()) {
      RangeTask evaluation =
          overChannels(
              in.shape(0),
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
                      batch,
                      channels,
                      spatial,
                      from,
                      to));
      return step(evaluation, pool);
    }
    MemorySegment mean = out.segment(2);
    MemorySegment newMean = out.segment(3);
    MemorySegment newVariance = out.segment(4);
    float momentum = op.momentum();
    RangeTask training =
        overChannels(
            in.shape(0),
            (from, to) ->
                SimdBatchNormKernels.INSTANCE.training(
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
    return () -> {
      newMean.copyFrom(runningMean); // which may be the same memory: the kernel works in place
      newVariance.copyFrom(runningVariance);
      training.run(pool);
    };
  }

  private static Step batchNormBackward(
      NormOp.BatchNormBackward op, Operands in, Operands out, WorkerPool pool) {
    boolean training = op.training();
    boolean accumulate = out.adds(0);
    boolean accumulateParameters = out.adds(1) || out.adds(2);
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
                    batch,
                    channels,
                    spatial,
                    from,
                    to));
    return parameterGradients(out, 1, 2, task, pool);
  }

  private static RangeTask overChannels(Shape x, RangeTask.Kernel kernel) {
    return RangeTask.overChannels(x.dimension(0), x.dimension(1), x.size(2, x.rank()), kernel);
  }

  /** Kernels add to both gradients or to none, so where they differ one is cleared before. */
  private static Step parameterGradients(
      Operands out, int weight, int bias, RangeTask task, WorkerPool pool) {
    if (out.adds(weight) == out.adds(bias)) {
      return step(task, pool);
    }
    MemorySegment overwritten = out.segment(out.adds(weight) ? bias : weight);
    return () -> {
      overwritten.fill((byte) 0);
      task.run(pool);
    };
  }
}
