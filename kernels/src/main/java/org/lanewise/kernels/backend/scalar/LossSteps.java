package org.lanewise.kernels.backend.scalar;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.backend.Step;
import org.lanewise.kernels.backend.host.Operands;
import org.lanewise.kernels.op.LossOp;
import org.lanewise.kernels.scalar.ScalarElementLossKernels;
import org.lanewise.kernels.scalar.ScalarLossKernels;

/** Losses with the scalar twins. */
final class LossSteps {
  private LossSteps() {}

  static Step bind(LossOp op, Operands in, Operands out) {
    return switch (op) {
      case LossOp.SoftmaxCrossEntropy loss ->
          loss.isPlain() ? () -> crossEntropy(in, out) : () -> CrossEntropySteps.run(loss, in, out);
      case LossOp.SoftmaxCrossEntropyBackward backward ->
          backward.isPlain()
              ? () -> crossEntropyBackward(in, out)
              : () -> CrossEntropySteps.run(backward, in, out);
      case LossOp.MeanSquaredError _ ->
          () ->
              ScalarLossKernels.INSTANCE.meanSquaredError(
                  in.segment(0), in.segment(1), in.size(0), out.segment(0));
      case LossOp.MeanSquaredErrorBackward _ ->
          () ->
              ScalarLossKernels.INSTANCE.meanSquaredErrorBackward(
                  in.segment(0), in.segment(1), out.segment(0), in.size(0), 0, in.size(0));
      case LossOp.BinaryCrossEntropy(var reduction) ->
          () ->
              ScalarElementLossKernels.INSTANCE.binaryCrossEntropy(
                  in.segment(0),
                  in.segment(1),
                  in.size(0),
                  reduction.divisor(in.size(0)),
                  out.segment(0));
      case LossOp.BinaryCrossEntropyBackward(var reduction) ->
          () ->
              ScalarElementLossKernels.INSTANCE.binaryCrossEntropyBackward(
                  in.segment(0),
                  in.segment(1),
                  reduction.scale(in.size(0)),
                  out.segment(0),
                  0,
                  in.size(0));
      case LossOp.Huber(var delta, var reduction) ->
          () ->
              ScalarElementLossKernels.INSTANCE.huber(
                  in.segment(0),
                  in.segment(1),
                  delta,
                  in.size(0),
                  reduction.divisor(in.size(0)),
                  out.segment(0));
      case LossOp.HuberBackward(var delta, var reduction) ->
          () ->
              ScalarElementLossKernels.INSTANCE.huberBackward(
                  in.segment(0),
                  in.segment(1),
                  delta,
                  reduction.scale(in.size(0)),
                  out.segment(0),
                  0,
                  in.size(0));
    };
  }

  private static void crossEntropy(Operands in, Operands out) {
    MemorySegment logits = in.segment(0);
    MemorySegment labels = in.segment(1);
    long rows = in.dimension(0, 0);
    long columns = in.dimension(0, 1);
    ScalarLossKernels.INSTANCE.crossEntropyRows(logits, labels, out.segment(1), columns, 0, rows);
    ScalarLossKernels.INSTANCE.crossEntropyMean(
        logits, labels, out.segment(1), rows, columns, out.segment(0));
  }

  private static void crossEntropyBackward(Operands in, Operands out) {
    ScalarLossKernels.INSTANCE.crossEntropyBackward(
        in.segment(0),
        in.segment(1),
        in.segment(2),
        out.segment(0),
        in.dimension(0, 0),
        in.dimension(0, 1),
        0,
        in.dimension(0, 0));
  }
}
