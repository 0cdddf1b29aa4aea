package org.lanewise.nn.gradient;

import java.util.List;
import org.lanewise.kernels.op.BinaryFunction;
import org.lanewise.kernels.op.ElementwiseOp;
import org.lanewise.kernels.op.LayoutOp;
import org.lanewise.kernels.op.LossOp;
import org.lanewise.kernels.op.Op;
import org.lanewise.kernels.op.Reduction;
import org.lanewise.kernels.op.Shape;
import org.lanewise.nn.graph.Node;
import org.lanewise.nn.graph.Value;

/**
 * The gradient rules of losses. Their ops compute the gradient for an upstream one of 1, as it is
 * for the loss that is trained; where it may be another, the result is multiplied with it.
 */
final class LossGradients {
  private LossGradients() {}

  /** Appends the ops that contribute to the gradients of a node's inputs. */
  static void apply(LossOp.Forward forward, Node node, Gradients gradients) {
    switch (forward) {
      case LossOp.SoftmaxCrossEntropy op -> crossEntropy(op, node, gradients);
      case LossOp.SoftmaxCrossEntropyOfRows op -> crossEntropyOfRows(op, node, gradients);
      case LossOp.MeanSquaredError _ -> meanSquaredError(node, gradients);
      case LossOp.BinaryCrossEntropy op -> binaryCrossEntropy(op, node, gradients);
      case LossOp.Huber op -> huber(op, node, gradients);
    }
  }

  private static void crossEntropy(LossOp.SoftmaxCrossEntropy op, Node node, Gradients gradients) {
    Value logits = node.input(0);
    Value labels = node.input(1);
    Value normalizers = node.output(1);
    contribute(
        new LossOp.SoftmaxCrossEntropyBackward(op.reduction(), op.ignored(), op.smoothing()),
        List.of(logits, labels, normalizers),
        node,
        gradients);
  }

  /** Each row of the gradient of the sum, multiplied with the gradient of the row's loss. */
  private static void crossEntropyOfRows(
      LossOp.SoftmaxCrossEntropyOfRows op, Node node, Gradients gradients) {
    Value logits = node.input(0);
    Value ofSum =
        gradients.compute(
            new LossOp.SoftmaxCrossEntropyBackward(Reduction.SUM, op.ignored(), op.smoothing()),
            logits,
            node.input(1),
            node.output(1));
    Value upstream = gradients.ofResult();
    Value column =
        gradients.compute(
            new LayoutOp.Reshape(Shape.of(upstream.type().shape().size(), 1)), upstream);
    gradients.pass(
        gradients.compute(new ElementwiseOp.Binary(BinaryFunction.MULTIPLY), ofSum, column),
        logits);
  }

  private static void meanSquaredError(Node node, Gradients gradients) {
    contribute(new LossOp.MeanSquaredErrorBackward(), node.inputs(), node, gradients);
  }

  private static void binaryCrossEntropy(
      LossOp.BinaryCrossEntropy op, Node node, Gradients gradients) {
    contribute(
        new LossOp.BinaryCrossEntropyBackward(op.reduction()), node.inputs(), node, gradients);
  }

  private static void huber(LossOp.Huber op, Node node, Gradients gradients) {
    contribute(
        new LossOp.HuberBackward(op.delta(), op.reduction()), node.inputs(), node, gradients);
  }

  private static void contribute(Op op, List<Value> inputs, Node node, Gradients gradients) {
    Value prediction = node.input(0);
    if (gradients.isDifferentiable(node.input(1))) {
      throw new IllegalArgumentException(
          "%s of %s: no gradient of its target %s is known"
              .formatted(node.op().name(), prediction, node.input(1)));
    }
    Value gradient = gradients.compute(op, inputs.toArray(Value[]::new));
    Value upstream = gradients.ofResult();
    gradients.pass(
        gradients.isOne(upstream)
            ? gradient
            : gradients.compute(
                new ElementwiseOp.Binary(BinaryFunction.MULTIPLY), gradient, upstream),
        prediction);
  }
}
