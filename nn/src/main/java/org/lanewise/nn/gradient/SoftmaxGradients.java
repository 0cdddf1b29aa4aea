package org.lanewise.nn.gradient;

import java.util.List;
import org.lanewise.kernels.op.SoftmaxOp;
import org.lanewise.nn.graph.Node;

/** The gradient rules of softmax and its logarithm, from their results. */
final class SoftmaxGradients {
  private SoftmaxGradients() {}

  static void softmax(int axis, Node node, Gradients gradients) {
    gradients.write(
        new SoftmaxOp.SoftmaxBackward(axis),
        List.of(node.result(), gradients.ofResult()),
        node.input(0));
  }

  static void logSoftmax(int axis, Node node, Gradients gradients) {
    gradients.write(
        new SoftmaxOp.LogSoftmaxBackward(axis),
        List.of(node.result(), gradients.ofResult()),
        node.input(0));
  }
}
