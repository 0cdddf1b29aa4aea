package org.lanewise.kernels.backend.scalar;

import org.lanewise.kernels.backend.Step;
import org.lanewise.kernels.backend.host.Operands;
import org.lanewise.kernels.op.NormOp;
import org.lanewise.kernels.scalar.ScalarBatchNormKernels;
import org.lanewise.kernels.scalar.ScalarRowNormKernels;

/** Normalization with the scalar twins. */
final class NormSteps {
  private NormSteps() {}

  static Step bind(NormOp op, Operands in, Operands out) {
    boolean accumulate = out.adds(0);
    return switch (op) {
      case NormOp.LayerNorm(var epsilon) ->
          () ->
              ScalarRowNormKernels.INSTANCE.layerNorm(
                  in.segment(0),
                  in.segment(1),
                  in.segment(2),
                  out.segment(0),
                  out.segment(1),
                  out.segment(2),
                  epsilon,
                  in.size(1),
                  0,
                  out.size(1));
      case NormOp.LayerNormBackward _ ->
          () ->
              ScalarRowNormKernels.INSTANCE.layerNormBackward(
                  accumulate,
                  in.segment(0),
                  in.segment(1),
                  in.segment(2),
                  in.segment(3),
                  in.segment(4),
                  out.segment(0),
                  in.size(1),
                  0,
                  in.size(2));
      case NormOp.LayerNormParameterGradients _ -> () -> layerNormParameterGradients(in, out);
      case NormOp.RmsNorm(var epsilon) ->
          () ->
              ScalarRowNormKernels.INSTANCE.rmsNorm(
                  in.segment(0),
                  in.segment(1),
                  out.segment(0),
                  out.segment(1),
                  epsilon,
                  in.size(1),
                  0,
                  out.size(1));
      case NormOp.RmsNormBackward _ ->
          () ->
              ScalarRowNormKernels.INSTANCE.rmsNormBackward(
                  accumulate,
                  in.segment(0),
                  in.segment(1),
                  in.segment(2),
                  in.segment(3),
                  out.segment(0),
                  in.size(1),
                  0,
                  in.size(2));
      case NormOp.RmsNormParameterGradients _ ->
          () ->
              ScalarRowNormKernels.INSTANCE.rmsNormParameters(
                  accumulate,
                  in.segment(0),
                  in.segment(1),
                  in.segment(2),
                  out.segment(0),
                  in.size(1),
                  out.size(0),
                  0,
                  out.size(0));
      case NormOp.BatchNorm norm -> () -> batchNorm(norm, in, out);
      case NormOp.BatchNormBackward backward -> () -> batchNormBackward(backward, in, out);
    };
  }

  private static void layerNormParameterGradients(Operands in, Operands out) {
    clearOne(out, 0, 1);
    ScalarRowNormKernels.INSTANCE.layerNormParameters(
        out.adds(0) || out.adds(1),
        in.segment(0),
        in.segment(1),
        in.segment(2),
        in.segment(3),
        out.segment(0),
        out.segment(1),
        in.size(1),
        out.size(0),
        0,
        out.size(0));
  }

  private static void batchNorm(NormOp.BatchNorm op, Operands in, Operands out) {
    long channels = in.dimension(0, 1);
    if (op.training()) {
      out.segment(3).copyFrom(in.segment(3)); // which may be the same: the twin works in place
      out.segment(4).copyFrom(in.segment(4));
      ScalarBatchNormKernels.INSTANCE.training(
          in.segment(0),
          in.segment(1),
          in.segment(2),
          out.segment(0),
          out.segment(2),
          out.segment(1),
          out.segment(3),
          out.segment(4),
          op.epsilon(),
          op.momentum(),
          in.dimension(0, 0),
          channels,
          in.shape(0).size(2, in.shape(0).rank()),
          0,
          channels);
    } else {
      ScalarBatchNormKernels.INSTANCE.evaluation(
          in.segment(0),
          in.segment(1),
          in.segment(2),
          in.segment(3),
          in.segment(4),
          out.segment(0),
          out.segment(1),
          op.epsilon(),
          in.dimension(0, 0),
          channels,
          in.shape(0).size(2, in.shape(0).rank()),
          0,
          channels);
    }
  }

  private static void batchNormBackward(NormOp.BatchNormBackward op, Operands in, Operands out) {
    long channels = in.dimension(0, 1);
    clearOne(out, 1, 2);
    ScalarBatchNormKernels.INSTANCE.backward(
        op.training(),
        out.adds(0),
        out.adds(1) || out.adds(2),
        in.segment(0),
        in.segment(1),
        in.segment(2),
        in.segment(3),
        in.segment(4),
        out.segment(0),
        out.segment(1),
        out.segment(2),
        in.dimension(0, 0),
        channels,
        in.shape(0).size(2, in.shape(0).rank()),
        0,
        channels);
  }

  /** Twins add to both gradients or to none, so where they differ one is cleared before. */
  private static void clearOne(Operands out, int weight, int bias) {
    if (out.adds(weight) != out.adds(bias)) {
      out.segment(out.adds(weight) ? bias : weight).fill((byte) 0);
    }
  }
}
