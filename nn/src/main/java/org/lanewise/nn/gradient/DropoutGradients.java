package org.lanewise.nn.gradient;

import java.util.List;
import org.lanewise.kernels.op.DropoutOp;
import org.lanewise.nn.graph.Node;

/** The gradient rule of dropout: what was dropped gets no gradient. */
final class DropoutGradients {
  private DropoutGradients() {}

  static void dropout(DropoutOp.Dropout op, Node node, Gradients gradients) {
    gradients.write(
        new DropoutOp.Dropout(op.p(), op.stream()),
        List.of(gradients.ofResult(), node.input(1)),
        node.input(0));
  }
}
