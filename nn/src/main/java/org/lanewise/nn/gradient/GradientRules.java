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
      case ProductOp.Forward op -> ProductGradients.apply(op, node, gradients);
      case ActivationOp.Forward op -> ActivationGradients.apply(op, node, gradients);
      case ConversionOp.Forward op -> ConversionGradients.apply(op, node, gradients);
      case ConvolutionOp.Forward op -> ImageGradients.apply(op, node, gradients);
      case PoolingOp.Forward op -> ImageGradients.apply(op, node, gradients);
      case AttentionOp.Forward op -> AttentionGradients.apply(op, node, gradients);
      case NormOp.Forward op -> NormGradients.apply(op, node, gradients);
      case SoftmaxOp.Forward op -> SoftmaxGradients.apply(op, node, gradients);
      case ElementwiseOp.Forward op -> ElementwiseGradients.apply(op, node, gradients);
      case RecurrentOp.Forward op -> RecurrentGradients.apply(op, node, gradients);
      case ReductionOp.Forward op -> ReductionGradients.apply(op, node, gradients);
      case EmbeddingOp.Forward op -> EmbeddingGradients.apply(op, node, gradients);
      case DropoutOp.Forward op -> DropoutGradients.apply(op, node, gradients);
      case LayoutOp.Forward op -> LayoutGradients.apply(op, node, gradients);
      case LossOp.Forward op -> LossGradients.apply(op, node, gradients);
      case Op.Custom op -> CustomGradients.custom(op, node, gradients);
    }
  }
}
