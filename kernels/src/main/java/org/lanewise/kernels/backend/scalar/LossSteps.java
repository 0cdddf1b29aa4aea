package org.lanewise.kernels.backend.scalar;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.backend.Step;
import org.lanewise.kernels.backend.host.Operands;
import org.lanewise.kernels.op.LossOp;
import org.lanewise.kernels.scalar.ScalarLossKernels;

/** Losses with the scalar twins. */
final class LossSteps {
  private LossSteps() {}

  static Step bind(LossOp op, Operands in, Operands out) {
    return switch (op) {
      case LossOp.SoftmaxCrossEntropy _ -> () -> crossEntropy(in, out);
      case LossOp.SoftmaxCrossEntropyBackward _ ->
          () ->
              ScalarLossKernels.crossEntropyBackward(
                  in.segment(0),
                  in.segment(1),
                  in.segment(2),
                  out.segment(0),
                  in.dimension(0, 0),
                  in.dimension(0, 1),
                  0,
                  in.dimension(0, 0));
      case LossOp.MeanSquaredError _ ->
          () ->
              ScalarLossKernels.meanSquaredError(
                  in.segment(0), in.segment(1), in.size(0), out.segment(0));
      case LossOp.MeanSquaredErrorBackward _ ->
          () ->
              ScalarLossKernels.meanSquaredErrorBackward(
                  in.segment(0), in.segment(1), out.segment(0), in.size(0), 0, in.size(0));
    };
  }

  private static void crossEntropy(Operands in, Operands out) {
    MemorySegment logits = in.segment(0);
    MemorySegment labels = in.segment(1);
    long rows = in.dimension(0, 0);
    long columns = in.dimension(0, 1);
    ScalarLossKernels.crossEntropyRows(logits, labels, out.segment(1), columns, 0, rows);
    ScalarLossKernels.crossEntropyMean(
        logits, labels, out.segment(1), rows, columns, out.segment(0));
  }
}
