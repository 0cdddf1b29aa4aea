package org.lanewise.nn.gradient;

import java.util.List;
import org.lanewise.kernels.op.EmbeddingOp;
import org.lanewise.nn.graph.Node;
import org.lanewise.nn.graph.Value;

/** The gradient rule of embeddings: a row gets the gradients of all its occurrences. */
final class EmbeddingGradients {
  private EmbeddingGradients() {}

  /** Appends the ops that contribute to the gradients of a node's inputs. */
  static void apply(EmbeddingOp.Forward forward, Node node, Gradients gradients) {
    switch (forward) {
      case EmbeddingOp.Embedding _ -> embedding(node, gradients);
    }
  }

  private static void embedding(Node node, Gradients gradients) {
    Value weight = node.input(0);
    Value indices = node.input(1);
    gradients.write(
        new EmbeddingOp.EmbeddingBackward(weight.type().shape().dimension(0)),
        List.of(gradients.ofResult(), indices),
        weight);
  }
}
