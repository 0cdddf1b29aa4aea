package org.lanewise.kernels.backend.cpu;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.backend.Step;
import org.lanewise.kernels.backend.host.Operands;
import org.lanewise.kernels.op.LossOp;
import org.lanewise.kernels.parallel.RangeTask;
import org.lanewise.kernels.parallel.WorkerPool;
import org.lanewise.kernels.simd.LossKernels;

/** Losses with the SIMD kernels. */
final class LossSteps {
  private LossSteps() {}

  static Step bind(LossOp op, Operands in, Operands out, WorkerPool pool) {
    return switch (op) {
      case LossOp.SoftmaxCrossEntropy _ -> crossEntropy(in, out, pool);
      case LossOp.SoftmaxCrossEntropyBackward _ -> {
        RangeTask task = crossEntropyBackward(in, out);
        yield () -> task.run(pool);
      }
      case LossOp.MeanSquaredError _ -> {
        MemorySegment prediction = in.segment(0);
        MemorySegment target = in.segment(1);
        MemorySegment loss = out.segment(0);
        long size = in.size(0);
        yield () -> LossKernels.meanSquaredError(prediction, target, size, loss);
      }
      case LossOp.MeanSquaredErrorBackward _ -> {
        RangeTask task = meanSquaredErrorBackward(in, out);
        yield () -> task.run(pool);
      }
    };
  }

  private static Step crossEntropy(Operands in, Operands out, WorkerPool pool) {
    MemorySegment logits = in.segment(0);
    MemorySegment labels = in.segment(1);
    MemorySegment loss = out.segment(0);
    MemorySegment logSumExp = out.segment(1);
    long rows = in.dimension(0, 0);
    long columns = in.dimension(0, 1);
    RangeTask eachRow =
        RangeTask.overRows(
            rows,
            columns,
            (from, to) ->
                LossKernels.crossEntropyRows(logits, labels, logSumExp, columns, from, to));
    return () -> {
      eachRow.run(pool);
      LossKernels.crossEntropyMean(logits, labels, logSumExp, rows, columns, loss);
    };
  }

  private static RangeTask crossEntropyBackward(Operands in, Operands out) {
    MemorySegment logits = in.segment(0);
    MemorySegment labels = in.segment(1);
    MemorySegment logSumExp = in.segment(2);
    MemorySegment dLogits = out.segment(0);
    long rows = in.dimension(0, 0);
    long columns = in.dimension(0, 1);
    return RangeTask.overRows(
        rows,
        columns,
        (from, to) ->
            LossKernels.crossEntropyBackward(
                logits, labels, logSumExp, dLogits, rows, columns, from, to));
  }

  private static RangeTask meanSquaredErrorBackward(Operands in, Operands out) {
    MemorySegment prediction = in.segment(0);
    MemorySegment target = in.segment(1);
    MemorySegment dPrediction = out.segment(0);
    long size = in.size(0);
    return RangeTask.overElements(
        size,
        (from, to) ->
            LossKernels.meanSquaredErrorBackward(prediction, target, dPrediction, size, from, to));
  }
}
