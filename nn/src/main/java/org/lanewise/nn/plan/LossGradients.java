package org.lanewise.nn.plan;

import java.util.List;
import org.lanewise.kernels.op.LossOp;
import org.lanewise.kernels.op.Op;

/** The gradient rules of losses. A loss is where propagation starts: its own gradient is 1. */
final class LossGradients {
  private LossGradients() {}

  static void softmaxCrossEntropy(LossOp.SoftmaxCrossEntropy op, Node node, Gradients gradients) {
    Value logits = node.inputs().get(0);
    Value labels = node.inputs().get(1);
    Value normalizers = node.outputs().get(1);
    propagate(
        new LossOp.SoftmaxCrossEntropyBackward(op.reduction(), op.ignored(), op.smoothing()),
        node,
        List.of(logits, labels, normalizers),
        gradients);
  }

  static void meanSquaredError(Node node, Gradients gradients) {
    propagate(new LossOp.MeanSquaredErrorBackward(), node, node.inputs(), gradients);
  }

  static void binaryCrossEntropy(LossOp.BinaryCrossEntropy op, Node node, Gradients gradients) {
    propagate(
        new LossOp.BinaryCrossEntropyBackward(op.reduction()), node, node.inputs(), gradients);
  }

  static void huber(LossOp.Huber op, Node node, Gradients gradients) {
    propagate(new LossOp.HuberBackward(op.delta(), op.reduction()), node, node.inputs(), gradients);
  }

  private static void propagate(
      Op.Backward op, Node node, List<Value> inputs, Gradients gradients) {
    if (!gradients.isLastForward(node)) {
      throw new IllegalArgumentException("a loss must be the last op of a graph");
    }
    Value target = node.inputs().get(1);
    if (gradients.isDifferentiable(target)) {
      throw new IllegalArgumentException("the target of a loss must not depend on parameters");
    }
    gradients.add(op, inputs, gradients.target(node.inputs().getFirst()));
  }
}
