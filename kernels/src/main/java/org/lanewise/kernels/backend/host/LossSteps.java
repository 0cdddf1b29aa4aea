package org.lanewise.kernels.backend.host;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.host.CrossEntropyKernels;
import org.lanewise.kernels.host.ElementLossKernels;
import org.lanewise.kernels.host.LossKernels;
import org.lanewise.kernels.op.LossOp;
import org.lanewise.kernels.op.Reduction;
import org.lanewise.kernels.parallel.PoolRunnable;
import org.lanewise.kernels.parallel.RangeTask;

/** Losses. */
record LossSteps(
    LossKernels losses, ElementLossKernels elementLosses, CrossEntropyKernels generalCrossEntropy) {
  PoolRunnable bind(LossOp op, Operands in, Operands out) {
    return switch (op) {
      case LossOp.SoftmaxCrossEntropy loss ->
          loss.isPlain()
              ? crossEntropy(in, out)
              : new CrossEntropySteps(generalCrossEntropy).bind(loss, in, out);
      case LossOp.SoftmaxCrossEntropyOfRows loss ->
          new CrossEntropySteps(generalCrossEntropy).bind(loss, in, out);
      case LossOp.SoftmaxCrossEntropyBackward backward ->
          backward.isPlain()
              ? crossEntropyBackward(in, out)
              : new CrossEntropySteps(generalCrossEntropy).bind(backward, in, out);
      case LossOp.MeanSquaredError _ -> {
        MemorySegment prediction = in.segment(0);
        MemorySegment target = in.segment(1);
        MemorySegment loss = out.segment(0);
        long size = in.size(0);
        yield RangeTask.whole(() -> losses.meanSquaredError(prediction, target, size, loss));
      }
      case LossOp.MeanSquaredErrorBackward _ -> meanSquaredErrorBackward(in, out);
      case LossOp.BinaryCrossEntropy(var reduction) -> {
        MemorySegment logits = in.segment(0);
        MemorySegment targets = in.segment(1);
        MemorySegment loss = out.segment(0);
        long size = in.size(0);
        double divisor = reduction.divisor(size);
        yield RangeTask.whole(
            () -> elementLosses.binaryCrossEntropy(logits, targets, size, divisor, loss));
      }
      case LossOp.BinaryCrossEntropyBackward(var reduction) ->
          binaryCrossEntropyBackward(reduction, in, out);
      case LossOp.Huber(var delta, var reduction) -> {
        MemorySegment prediction = in.segment(0);
        MemorySegment target = in.segment(1);
        MemorySegment loss = out.segment(0);
        long size = in.size(0);
        double divisor = reduction.divisor(size);
        yield RangeTask.whole(
            () -> elementLosses.huber(prediction, target, delta, size, divisor, loss));
      }
      case LossOp.HuberBackward(var delta, var reduction) ->
          huberBackward(delta, reduction, in, out);
    };
  }

  private PoolRunnable crossEntropy(Operands in, Operands out) {
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
            (from, to) -> losses.crossEntropyRows(logits, labels, normalizers, columns, from, to));
    return pool -> {
      eachRow.run(pool);
      losses.crossEntropyMean(logits, labels, normalizers, rows, columns, loss);
    };
  }

  private RangeTask crossEntropyBackward(Operands in, Operands out) {
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
            losses.crossEntropyBackward(
                logits, labels, normalizers, dLogits, rows, columns, from, to));
  }

  private RangeTask meanSquaredErrorBackward(Operands in, Operands out) {
    MemorySegment prediction = in.segment(0);
    MemorySegment target = in.segment(1);
    MemorySegment dPrediction = out.segment(0);
    long size = in.size(0);
    return RangeTask.overElements(
        size,
        (from, to) ->
            losses.meanSquaredErrorBackward(prediction, target, dPrediction, size, from, to));
  }

  private RangeTask binaryCrossEntropyBackward(Reduction reduction, Operands in, Operands out) {
    MemorySegment logits = in.segment(0);
    MemorySegment targets = in.segment(1);
    MemorySegment dLogits = out.segment(0);
    float scale = reduction.scale(in.size(0));
    return RangeTask.overElements(
        in.size(0),
        (from, to) ->
            elementLosses.binaryCrossEntropyBackward(logits, targets, scale, dLogits, from, to));
  }

  private RangeTask huberBackward(float delta, Reduction reduction, Operands in, Operands out) {
    MemorySegment prediction = in.segment(0);
    MemorySegment target = in.segment(1);
    MemorySegment dPrediction = out.segment(0);
    float scale = reduction.scale(in.size(0));
    return RangeTask.overElements(
        in.size(0),
        (from, to) ->
            elementLosses.huberBackward(prediction, target, delta, scale, dPrediction, from, to));
  }
}
