package org.lanewise.kernels.backend.cpu;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.backend.Step;
import org.lanewise.kernels.backend.host.Operands;
import org.lanewise.kernels.op.LossOp;
import org.lanewise.kernels.op.Reduction;
import org.lanewise.kernels.parallel.RangeTask;
import org.lanewise.kernels.parallel.WorkerPool;
import org.lanewise.kernels.simd.loss.SimdElementLossKernels;
import org.lanewise.kernels.simd.loss.SimdLossKernels;

/** Losses with the SIMD kernels. */
final class LossSteps {
  private LossSteps() {}

  static Step bind(LossOp op, Operands in, Operands out, WorkerPool pool) {
    return switch (op) {
      case LossOp.SoftmaxCrossEntropy loss ->
          loss.isPlain()
              ? crossEntropy(in, out, pool)
              : CrossEntropySteps.bind(loss, in, out, pool);
      case LossOp.SoftmaxCrossEntropyBackward backward -> {
        if (!backward.isPlain()) {
          yield CrossEntropySteps.bind(backward, in, out, pool);
        }
        RangeTask task = crossEntropyBackward(in, out);
        yield () -> task.run(pool);
      }
      case LossOp.MeanSquaredError _ -> {
        MemorySegment prediction = in.segment(0);
        MemorySegment target = in.segment(1);
        MemorySegment loss = out.segment(0);
        long size = in.size(0);
        RangeTask task =
            RangeTask.whole(
                () -> SimdLossKernels.INSTANCE.meanSquaredError(prediction, target, size, loss));
        yield () -> task.run(pool);
      }
      case LossOp.MeanSquaredErrorBackward _ -> {
        RangeTask task = meanSquaredErrorBackward(in, out);
        yield () -> task.run(pool);
      }
      case LossOp.BinaryCrossEntropy(var reduction) -> {
        MemorySegment logits = in.segment(0);
        MemorySegment targets = in.segment(1);
        MemorySegment loss = out.segment(0);
        long size = in.size(0);
        double divisor = reduction.divisor(size);
        RangeTask task =
            RangeTask.whole(() ->
                SimdElementLossKernels.INSTANCE.binaryCrossEntropy(
                    logits, targets, size, divisor, loss));
        yield () -> task.run(pool);
      }
      case LossOp.BinaryCrossEntropyBackward(var reduction) -> {
        RangeTask task = binaryCrossEntropyBackward(reduction, in, out);
        yield () -> task.run(pool);
      }
      case LossOp.Huber(var delta, var reduction) -> {
        MemorySegment prediction = in.segment(0);
        MemorySegment target = in.segment(1);
        MemorySegment loss = out.segment(0);
        long size = in.size(0);
        double divisor = reduction.divisor(size);
        RangeTask task =
            RangeTask.whole(() ->
                SimdElementLossKernels.INSTANCE.huber(
                    prediction, target, delta, size, divisor, loss));
        yield () -> task.run(pool);
      }
      case LossOp.HuberBackward(var delta, var reduction) -> {
        RangeTask task = huberBackward(delta, reduction, in, out);
        yield () -> task.run(pool);
      }
    };
  }

  private static Step crossEntropy(Operands in, Operands out, WorkerPool pool) {
    MemorySegment logits = in.segment(0);
    MemorySegment labels = in.segment(1);
    MemorySegment loss = out.segment(0);
    MemorySegment normalizers = out.segment(1);
    long rows = in.dimension(0, 0);
    long columns = in.dimension(0, 1);
    RangeTask eachRow =
        RangeTask.overRows(
            rows,
            columns,
            (from, to) ->
                SimdLossKernels.INSTANCE.crossEntropyRows(
                    logits, labels, normalizers, columns, from, to));
    return () -> {
      eachRow.run(pool);
      SimdLossKernels.INSTANCE.crossEntropyMean(logits, labels, normalizers, rows, columns, loss);
    };
  }

  private static RangeTask crossEntropyBackward(Operands in, Operands out) {
    MemorySegment logits = in.segment(0);
    MemorySegment labels = in.segment(1);
    MemorySegment normalizers = in.segment(2);
    MemorySegment dLogits = out.segment(0);
    long rows = in.dimension(0, 0);
    long columns = in.dimension(0, 1);
    return RangeTask.overRows(
        rows,
        columns,
        (from, to) ->
            SimdLossKernels.INSTANCE.crossEntropyBackward(
                logits, labels, normalizers, dLogits, rows, columns, from, to));
  }

  private static RangeTask meanSquaredErrorBackward(Operands in, Operands out) {
    MemorySegment prediction = in.segment(0);
    MemorySegment target = in.segment(1);
    MemorySegment dPrediction = out.segment(0);
    long size = in.size(0);
    return RangeTask.overElements(
        size,
        (from, to) ->
            SimdLossKernels.INSTANCE.meanSquaredErrorBackward(
                prediction, target, dPrediction, size, from, to));
  }

  private static RangeTask binaryCrossEntropyBackward(
      Reduction reduction, Operands in, Operands out) {
    MemorySegment logits = in.segment(0);
    MemorySegment targets = in.segment(1);
    MemorySegment dLogits = out.segment(0);
    float scale = reduction.scale(in.size(0));
    return RangeTask.overElements(
        in.size(0),
        (from, to) ->
            SimdElementLossKernels.INSTANCE.binaryCrossEntropyBackward(
                logits, targets, scale, dLogits, from, to));
  }

  private static RangeTask huberBackward(
      float delta, Reduction reduction, Operands in, Operands out) {
    MemorySegment prediction = in.segment(0);
    MemorySegment target = in.segment(1);
    MemorySegment dPrediction = out.segment(0);
    float scale = reduction.scale(in.size(0));
    return RangeTask.overElements(
        in.size(0),
        (from, to) ->
            SimdElementLossKernels.INSTANCE.huberBackward(
                prediction, target, delta, scale, dPrediction, from, to));
  }
}
