package org.lanewise.kernels.backend.host;

import java.lang.foreign.MemorySegment;
import java.util.OptionalInt;
import org.lanewise.kernels.host.CrossEntropyKernels;
import org.lanewise.kernels.op.LossOp;
import org.lanewise.kernels.op.Reduction;
import org.lanewise.kernels.parallel.PoolRunnable;
import org.lanewise.kernels.parallel.RangeTask;
import org.lanewise.kernels.parallel.WorkerPool;
import org.lanewise.kernels.scalar.ScalarCrossEntropyKernels;

/** Softmax cross-entropy of any reduction, ignored label and smoothing. */
record CrossEntropySteps(CrossEntropyKernels crossEntropy) {
  PoolRunnable bind(LossOp.SoftmaxCrossEntropy op, Operands in, Operands out) {
    MemorySegment loss = out.segment(0);
    MemorySegment losses = out.segment(2);
    long rows = in.dimension(0, 0);
    Labels labels = labels(op.ignored(), in);
    RangeTask eachRow = eachRow(labels, op.smoothing(), in, losses, out.segment(1));
    Reduction reduction = op.reduction();
    return pool -> {
      double divisor = reduction.divisor(labels.count());
      eachRow.run(pool);
      ScalarCrossEntropyKernels.reduce(losses, rows, divisor, loss);
    };
  }

  PoolRunnable bind(LossOp.SoftmaxCrossEntropyOfRows op, Operands in, Operands out) {
    Labels labels = labels(op.ignored(), in);
    RangeTask eachRow = eachRow(labels, op.smoothing(), in, out.segment(0), out.segment(1));
    return pool -> {
      labels.count(); // refuses what is no label
      eachRow.run(pool);
    };
  }

  private static Labels labels(OptionalInt ignored, Operands in) {
    return new Labels(in.segment(1), ignored, in.dimension(0, 0), in.dimension(0, 1));
  }

  private RangeTask eachRow(
      Labels labels,
      float smoothing,
      Operands in,
      MemorySegment losses,
      MemorySegment normalizers) {
    MemorySegment logits = in.segment(0);
    MemorySegment target = in.segment(1);
    long columns = in.dimension(0, 1);
    int ignored = labels.ignored();
    return RangeTask.overRows(
        in.dimension(0, 0),
        columns,
        (from, to) ->
            crossEntropy.rows(
                logits, target, ignored, smoothing, normalizers, losses, columns, from, to));
  }

  PoolRunnable bind(LossOp.SoftmaxCrossEntropyBackward op, Operands in, Operands out) {
    return new Backward(op, in, out);
  }

  /** Keeps what a run finds out before its rows are shared out. */
  private final class Backward implements PoolRunnable {
    private final Reduction reduction;
    private final Labels labels;
    private final RangeTask eachRow;
    private float scale;

    Backward(LossOp.SoftmaxCrossEntropyBackward op, Operands in, Operands out) {
      MemorySegment logits = in.segment(0);
      MemorySegment target = in.segment(1);
      MemorySegment normalizers = in.segment(2);
      MemorySegment dLogits = out.segment(0);
      long rows = in.dimension(0, 0);
      long columns = in.dimension(0, 1);
      reduction = op.reduction();
      labels = new Labels(target, op.ignored(), rows, columns);
      int ignored = labels.ignored();
      float smoothing = op.smoothing();
      eachRow =
          RangeTask.overRows(
              rows,
              columns,
              (from, to) ->
                  crossEntropy.backward(
                      logits,
                      target,
                      ignored,
                      smoothing,
                      scale,
                      normalizers,
                      dLogits,
                      columns,
                      from,
                      to));
    }

    @Override
    public void run(WorkerPool pool) {
      scale = reduction.scale(labels.count());
      eachRow.run(pool);
    }
  }
}
