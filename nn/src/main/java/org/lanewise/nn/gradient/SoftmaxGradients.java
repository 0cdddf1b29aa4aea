package org.lanewise.nn.gradient;

import java.util.List;
import org.lanewise.kernels.op.SoftmaxOp;
import org.lanewise.nn.graph.Node;

/** The gradient rules of softmax and its logarithm, from their results. */
final class SoftmaxGradients {
  private SoftmaxGradients() {}

  /** Appends the ops that contribute to the gradients of a node's inputs. */
  static void apply(SoftmaxOp.Forward forward, Node node, Gradients gradients) {
    switch (forward) {
      case SoftmaxOp.Softmax(var axis) -> softmax(axis, node, gradients);
      case SoftmaxOp.CausalSoftmax _ -> softmax(-1, node, gradients);
      case SoftmaxOp.LogSoftmax(var axis) -> logSoftmax(axis, node, gradients);
    }
  }

  private static void softmax(int axis, Node node, Gradients gradients) {
    gradients.write(
        new SoftmaxOp.SoftmaxBackward(axis),
        List.of(node.result(), gradients.ofResult()),
        node.input(0));
  }

  private static void logSoftmax(int axis, Node node, Gradients gradients) {
    gradients.write(
        new SoftmaxOp.LogSoftmaxBackward(axis),
        List.of(node.result(), gradients.ofResult()),
        node.input(0));
  }
}
