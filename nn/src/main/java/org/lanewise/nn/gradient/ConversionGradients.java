package org.lanewise.nn.gradient;

import org.lanewise.kernels.op.ConversionOp;
import org.lanewise.nn.graph.Node;

/** The gradient rule of conversions: rounding counts as the identity, and integers have none. */
final class ConversionGradients {
  private ConversionGradients() {}

  /** Appends the ops that contribute to the gradients of a node's inputs. */
  static void apply(ConversionOp.Forward forward, Node node, Gradients gradients) {
    switch (forward) {
      case ConversionOp.Convert _ -> convert(node, gradients);
    }
  }

  private static void convert(Node node, Gradients gradients) {
    gradients.pass(gradients.ofResult(), node.input(0));
  }
}
