package org.lanewise.nn.gradient;

import org.lanewise.nn.graph.Node;

/** The gradient rule of conversions: rounding counts as the identity, and integers have none. */
final class ConversionGradients {
  private ConversionGradients() {}

  static void convert(Node node, Gradients gradients) {
    gradients.pass(gradients.ofResult(), node.input(0));
  }
}
