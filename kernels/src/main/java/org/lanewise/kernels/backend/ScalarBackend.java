package org.lanewise.kernels.backend;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.op.Op;
import org.lanewise.kernels.op.Transpose;
import org.lanewise.kernels.scalar.ScalarActivationKernels;
import org.lanewise.kernels.scalar.ScalarGemm;
import org.lanewise.kernels.scalar.ScalarLossKernels;
import org.lanewise.kernels.scalar.ScalarOptimizerKernels;
import org.lanewise.kernels.scalar.ScalarReductionKernels;

/** Runs ops with the scalar twins on the calling thread: the oracle for every other backend. */
public final class ScalarBackend extends HostBackend {
  /** A backend of its own. */
  public ScalarBackend() {}

  @Override
  public String name() {
    return "scalar";
  }

  @Override
  public String description() {
    return "scalar twins, 1 thread";
  }

  @Override
  Step bind(Op op, Operands in, Operands out) {
    return switch (op) {
      case Op.Gemm gemm -> () -> gemm(gemm, in, out);
      case Op.Activate(var function) ->
          () ->
              ScalarActivationKernels.forward(
                  function, in.segment(0), out.segment(0), 0, in.size(0));
      case Op.ActivateBackward(var function, var accumulate) ->
          () ->
              ScalarActivationKernels.backward(
                  function,
                  accumulate,
                  in.segment(0),
                  in.segment(1),
                  out.segment(0),
                  0,
                  in.size(0));
      case Op.ColumnSums(var accumulate) ->
          () ->
              ScalarReductionKernels.columnSums(
                  in.segment(0),
                  in.dimension(0, 0),
                  in.dimension(0, 1),
                  accumulate,
                  out.segment(0),
                  0,
                  in.dimension(0, 1));
      case Op.SoftmaxCrossEntropy _ -> () -> crossEntropy(in, out);
      case Op.SoftmaxCrossEntropyBackward _ ->
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
      case Op.MeanSquaredError _ ->
          () ->
              ScalarLossKernels.meanSquaredError(
                  in.segment(0), in.segment(1), in.size(0), out.segment(0));
      case Op.MeanSquaredErrorBackward _ ->
          () ->
              ScalarLossKernels.meanSquaredErrorBackward(
                  in.segment(0), in.segment(1), out.segment(0), in.size(0), 0, in.size(0));
      case Op.Sgd sgd ->
          () ->
              ScalarOptimizerKernels.sgd(
                  sgd,
                  in.segment(0),
                  in.segment(1),
                  out.segment(0),
                  sgd.momentum() == 0 ? null : out.segment(1),
                  0,
                  in.size(0));
      case Op.RmsProp rmsProp ->
          () ->
              ScalarOptimizerKernels.rmsProp(
                  rmsProp,
                  in.segment(0),
                  in.segment(1),
                  out.segment(0),
                  out.segment(1),
                  0,
                  in.size(0));
      case Op.Adam adam ->
          () ->
              ScalarOptimizerKernels.adam(
                  adam,
                  in.segment(0),
                  in.segment(1),
                  out.segment(0),
                  out.segment(1),
                  out.segment(2),
                  0,
                  in.size(0));
    };
  }

  private static void gemm(Op.Gemm op, Operands in, Operands out) {
    long m = out.dimension(0, 0);
    long n = out.dimension(0, 1);
    MemorySegment bias = op.epilogue().hasBias() ? in.segment(2) : null;
    ScalarGemm.multiply(
        op.transA(),
        op.transB(),
        m,
        n,
        in.dimension(0, op.transA() == Transpose.NO ? 1 : 0),
        op.alpha(),
        in.segment(0),
        in.dimension(0, 1),
        in.segment(1),
        in.dimension(1, 1),
        op.accumulate() ? 1f : 0f,
        out.segment(0),
        n,
        op.epilogue(),
        bias,
        null);
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
