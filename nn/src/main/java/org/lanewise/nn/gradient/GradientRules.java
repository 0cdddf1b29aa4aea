package org.lanewise.nn.gradient;

import org.lanewise.kernels.op.ActivationOp;
import org.lanewise.kernels.op.AttentionOp;
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
import org.lanewise.nn.graph.Node;

/** Finds the gradient rule of an op. */
final class GradientRules {
  private GradientRules() {}

  /** Whether an op has a derivative other than 0, as comparisons have not. */
  static boolean isDifferentiable(Op op) {
    return !(op instanceof ElementwiseOp.Binary(var function) && function.isComparison());
  }

  /** Appends the ops that contribute to the gradients of a node's inputs. */
  static void apply(Node node, Gradients gradients) {
    if (!(node.op() instanceof Op.Forward forward)) {
      throw new IllegalArgumentException("no gradient of " + node.op().name() + " is known");
    }
    switch (forward) {
      case ProductOp.Gemm op -> ProductGradients.gemm(op, node, gradients);
      case ActivationOp.Activate op -> ActivationGradients.activate(op, node, gradients);
      case ConversionOp.Convert _ -> ConversionGradients.convert(node, gradients);
      case ConvolutionOp.Convolution op -> ImageGradients.convolution(op, node, gradients);
      case PoolingOp.MaxPooling _ -> ImageGradients.maxPooling(node, gradients);
      case PoolingOp.AveragePooling op -> ImageGradients.averagePooling(op, node, gradients);
      case AttentionOp.Attention op -> AttentionGradients.attention(op, node, gradients);
      case NormOp.LayerNorm _ -> NormGradients.layerNorm(node, gradients);
      case NormOp.RmsNorm _ -> NormGradients.rmsNorm(node, gradients);
      case NormOp.BatchNorm op -> NormGradients.batchNorm(op, node, gradients);
      case SoftmaxOp.Softmax(var axis) -> SoftmaxGradients.softmax(axis, node, gradients);
      case SoftmaxOp.CausalSoftmax _ -> SoftmaxGradients.softmax(-1, node, gradients);
      case SoftmaxOp.LogSoftmax(var axis) -> SoftmaxGradients.logSoftmax(axis, node, gradients);
      case ElementwiseOp.Binary op -> ElementwiseGradients.binary(op, node, gradients);
      case ElementwiseOp.Where _ -> ElementwiseGradients.where(node, gradients);
      case ElementwiseOp.Scale op -> ElementwiseGradients.scale(op, node, gradients);
      case RecurrentOp.Lstm op -> RecurrentGradients.lstm(op, node, gradients);
      case RecurrentOp.Gru op -> RecurrentGradients.gru(op, node, gradients);
      case ReductionOp.Sum _ -> ReductionGradients.sum(node, gradients);
      case ReductionOp.Mean op -> ReductionGradients.mean(op, node, gradients);
      case EmbeddingOp.Embedding _ -> EmbeddingGradients.embedding(node, gradients);
      case DropoutOp.Dropout op -> DropoutGradients.dropout(op, node, gradients);
      case LayoutOp.Permute op -> LayoutGradients.permute(op, node, gradients);
      case LayoutOp.Concat op -> LayoutGradients.concat(op, node, gradients);
      case LayoutOp.Slice op -> LayoutGradients.slice(op, node, gradients);
      case LayoutOp.Pad op -> LayoutGradients.pad(op, node, gradients);
      case LayoutOp.Reshape _ -> LayoutGradients.reshape(node, gradients);
      case LossOp.SoftmaxCrossEntropy op -> LossGradients.crossEntropy(op, node, gradients);
      case LossOp.MeanSquaredError _ -> LossGradients.meanSquaredError(node, gradients);
      case LossOp.BinaryCrossEntropy op -> LossGradients.binaryCrossEntropy(op, node, gradients);
      case LossOp.Huber op -> LossGradients.huber(op, node, gradients);
      case Op.Custom op -> CustomGradients.custom(op, node, gradients);
    }
  }
}
