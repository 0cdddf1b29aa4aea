package org.lanewise.nn.gradient;

import java.util.List;
import org.lanewise.kernels.op.ReductionOp;
import org.lanewise.nn.graph.Node;
import org.lanewise.nn.graph.Value;

/** The gradient rules of sums and means: each element gets the gradient of its result. */
final class ReductionGradients {
  private ReductionGradients() {}

  /** Appends the ops that contribute to the gradients of a node's inputs. */
  static void apply(ReductionOp.Forward forward, Node node, Gradients gradients) {
    switch (forward) {
      case ReductionOp.Sum _ -> sum(node, gradients);
      case ReductionOp.Mean op -> mean(op, node, gradients);
    }
  }

  private static void sum(Node node, Gradients gradients) {
    expand(1f, node, gradients);
  }

  private static void mean(ReductionOp.Mean op, Node node, Gradients gradients) {
    long elements = node.input(0).type().shape().size() / op.shape().size();
    expand(1f / elements, node, gradients);
  }

  private static void expand(float alpha, Node node, Gradients gradients) {
    Value x = node.input(0);
    gradients.write(
        new ReductionOp.Expand(x.type().shape(), alpha), List.of(gradients.ofResult()), x);
  }
}
