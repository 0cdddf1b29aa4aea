package org.lanewise.nn.gradient;

import java.util.List;
import org.lanewise.kernels.op.Activation.Gradient;
import org.lanewise.kernels.op.ActivationOp;
import org.lanewise.nn.graph.Node;
import org.lanewise.nn.graph.Value;

/** The gradient rule of activations: {@code dx = f′(x) · dy}. */
final class ActivationGradients {
  private ActivationGradients() {}

  /** Appends the ops that contribute to the gradients of a node's inputs. */
  static void apply(ActivationOp.Forward forward, Node node, Gradients gradients) {
    switch (forward) {
      case ActivationOp.Activate op -> activate(op, node, gradients);
    }
  }

  private static void activate(ActivationOp.Activate op, Node node, Gradients gradients) {
    Value x = node.input(0);
    Value xOrY = op.function().gradient() == Gradient.FROM_INPUT ? x : node.result();
    gradients.write(
        new ActivationOp.ActivateBackward(op.function()), List.of(xOrY, gradients.ofResult()), x);
  }
}
