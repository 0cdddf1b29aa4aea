package org.lanewise.nn.plan;

import java.util.List;
import org.lanewise.kernels.op.SoftmaxOp;
import org.lanewise.nn.plan.Gradients.Target;

/** The gradient rules of softmax and its logarithm, from their results. */
final class SoftmaxGradients {
  private SoftmaxGradients() {}

  static void softmax(int axis, Node node, Gradients gradients) {
    Target dx = gradients.target(node.inputs().getFirst());
    gradients.add(
        new SoftmaxOp.SoftmaxBackward(axis, dx.accumulate()),
        List.of(node.result(), gradients.gradientOf(node)),
        dx);
  }

  static void logSoftmax(int axis, Node node, Gradients gradients) {
    Target dx = gradients.target(node.inputs().getFirst());
    gradients.add(
        new SoftmaxOp.LogSoftmaxBackward(axis, dx.accumulate()),
        List.of(node.result(), gradients.gradientOf(node)),
        dx);
  }
}
