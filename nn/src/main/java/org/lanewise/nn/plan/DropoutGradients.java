package org.lanewise.nn.plan;

import java.util.List;
import org.lanewise.kernels.op.DropoutOp;
import org.lanewise.nn.plan.Gradients.Target;

/** The gradient rule of dropout: what was dropped gets no gradient. */
final class DropoutGradients {
  private DropoutGradients() {}

  static void dropout(DropoutOp.Dropout op, Node node, Gradients gradients) {
    Target dx = gradients.target(node.inputs().get(0));
    gradients.add(
        new DropoutOp.Dropout(op.p(), op.stream(), dx.accumulate()),
        List.of(gradients.gradientOf(node), node.inputs().get(1)),
        dx);
  }
}
