package org.lanewise.kernels.backend.scalar;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.backend.host.Labels;
import org.lanewise.kernels.backend.host.Operands;
import org.lanewise.kernels.op.LossOp;
import org.lanewise.kernels.scalar.ScalarCrossEntropyKernels;

/** Softmax cross-entropy of any reduction, ignored label and smoothing with the scalar twins. */
final class CrossEntropySteps {
  private CrossEntropySteps() {}

  static void run(LossOp.SoftmaxCrossEntropy op, Operands in, Operands out) {
    long rows = in.dimension(0, 0);
    long columns = in.dimension(0, 1);
    Labels labels = new Labels(in.segment(1), op.ignored(), rows, columns);
    double divisor = op.reduction().divisor(labels.count());
    MemorySegment losses = out.segment(2);
    ScalarCrossEntropyKernels.INSTANCE.rows(
        in.segment(0),
        in.segment(1),
        labels.ignored(),
        op.smoothing(),
        out.segment(1),
        losses,
        columns,
        0,
        rows);
    ScalarCrossEntropyKernels.reduce(losses, rows, divisor, out.segment(0));
  }

  static void run(LossOp.SoftmaxCrossEntropyBackward op, Operands in, Operands out) {
    long rows = in.dimension(0, 0);
    long columns = in.dimension(0, 1);
    Labels labels = new Labels(in.segment(1), op.ignored(), rows, columns);
    ScalarCrossEntropyKernels.INSTANCE.backward(
        in.segment(0),
        in.segment(1),
        labels.ignored(),
        op.smoothing(),
        op.reduction().scale(labels.count()),
        in.segment(2),
        out.segment(0),
        columns,
        0,
        rows);
  }
}
