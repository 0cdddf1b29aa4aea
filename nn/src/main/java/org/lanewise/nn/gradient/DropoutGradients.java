package org.lanewise.nn.gradient;

import java.util.List;
import org.lanewise.kernels.op.DropoutOp;
import org.lanewise.nn.graph.Node;

/** The gradient rule of dropout: what was dropped gets no gradient. */
final class DropoutGradients {
  private DropoutGradients() {}

  /** Appends the ops that contribute to the gradients of a node's inputs. */
  static void apply(DropoutOp.Forward forward, Node node, Gradients gradients) {
    switch (forward) {
      case DropoutOp.Dropout op -> dropout(op, node, gradients);
    }
  }

  private static void dropout(DropoutOp.Dropout op, Node node, Gradients gradients) {
    gradients.write(
        new DropoutOp.Dropout(op.p(), op.stream()),
        List.of(gradients.ofResult(), node.input(1)),
        node.input(0));
  }
}
