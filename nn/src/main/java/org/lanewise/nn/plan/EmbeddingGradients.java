package org.lanewise.nn.plan;

import java.util.List;
import org.lanewise.kernels.op.EmbeddingOp;
import org.lanewise.nn.plan.Gradients.Target;

/** The gradient rule of embeddings. */
final class EmbeddingGradients {
  private EmbeddingGradients() {}

  static void embedding(Node node, Gradients gradients) {
    Value weight = node.inputs().get(0);
    Value indices = node.inputs().get(1);
    Target dWeight = gradients.target(weight);
    gradients.add(
        new EmbeddingOp.EmbeddingBackward(weight.type().shape().dimension(0), dWeight.accumulate()),
        List.of(gradients.gradientOf(node), indices),
        dWeight);
  }
}
