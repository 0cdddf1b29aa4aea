package org.lanewise.nn.plan;

import java.util.List;
import org.lanewise.kernels.op.ReductionOp;
import org.lanewise.nn.plan.Gradients.Target;

/** The gradient rules of sums and means: each element gets the gradient of its result. */
final class ReductionGradients {
  private ReductionGradients() {}

  static void sum(Node node, Gradients gradients) {
    expand(1f, node, gradients);
  }

  static void mean(ReductionOp.Mean op, Node node, Gradients gradients) {
    long elements = node.inputs().getFirst().type().shape().size() / op.shape().size();
    expand(1f / elements, node, gradients);
  }

  private static void expand(float alpha, Node node, Gradients gradients) {
    Target dx = gradients.target(node.inputs().getFirst());
    gradients.add(
        new ReductionOp.Expand(dx.value().type().shape(), alpha, dx.accumulate()),
        List.of(gradients.gradientOf(node)),
        dx);
  }
}
