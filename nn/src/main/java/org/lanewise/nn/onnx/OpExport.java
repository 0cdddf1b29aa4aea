package org.lanewise.nn.onnx;

import java.util.List;
import java.util.Optional;
import org.lanewise.kernels.op.ActivationOp;
import org.lanewise.kernels.op.AttentionOp;
import org.lanewise.kernels.op.ClipOp;
import org.lanewise.kernels.op.ConversionOp;
import org.lanewise.kernels.op.ConvolutionOp;
import org.lanewise.kernels.op.DropoutOp;
import org.lanewise.kernels.op.ElementwiseOp;
import org.lanewise.kernels.op.EmbeddingOp;
import org.lanewise.kernels.op.LayoutOp;
import org.lanewise.kernels.op.LossOp;
import org.lanewise.kernels.op.NormOp;
import org.lanewise.kernels.op.Op;
import org.lanewise.kernels.op.PoolingOp;
import org.lanewise.kernels.op.ProductOp;
import org.lanewise.kernels.op.RecurrentOp;
import org.lanewise.kernels.op.ReductionOp;
import org.lanewise.kernels.op.SoftmaxOp;
import org.lanewise.kernels.op.UpdateOp;
import org.lanewise.nn.graph.Node;

/** Finds the operators that compute an op. */
final class OpExport {
  private OpExport() {}

  /**
   * Adds what computes an op.
   *
   * @param product what computes its first input, if a recurrent op is to include it
   * @return the names of its results
   * @throws IllegalArgumentException if it cannot be exported
   */
  static List<String> export(Emitter e, Optional<Node> product) {
    return switch (e.node().op()) {
      case RecurrentOp.Forward op -> RecurrentExport.export(op, e, product);
      case Op op -> List.of(result(op, e));
    };
  }

  private static String result(Op all, Emitter e) {
    return switch (all) {
      case ActivationOp.Activate(var function) ->
          ElementwiseExport.activation(function, e, e.input(0));
      case AttentionOp.Attention op -> AttentionExport.export(op, e);
      case ConversionOp.Convert op -> ElementwiseExport.export(op, e);
      case ConvolutionOp.Forward op -> ProductExport.export(op, e);
      case ElementwiseOp.Forward op -> ElementwiseExport.export(op, e);
      case EmbeddingOp.Embedding _ -> e.add("Gather", e.input(0), e.input(1));
      case LayoutOp op -> LayoutExport.export(op, e);
      case NormOp.Forward op -> NormExport.export(op, e);
      case PoolingOp.Forward op -> ProductExport.export(op, e);
      case ProductOp.Gemm op -> ProductExport.export(op, e);
      case ReductionOp.Forward op -> LayoutExport.export(op, e);
      case SoftmaxOp.Forward op -> AttentionExport.export(op, e);
      case LossOp.Forward _ ->
          throw e.refusal("it is a loss, which inference does not need: leave it out");
      case DropoutOp.Dropout _ -> throw e.refusal("it drops elements, as a training does");
      case Op.Custom _ -> throw e.refusal("it is an op of your own, which ONNX does not have");
      case RecurrentOp.Forward _, ClipOp _, UpdateOp _, Op.Backward _ ->
          throw e.refusal("it is no part of inference");
    };
  }
}
