package org.lanewise.nn.gradient;

import java.util.ArrayList;
import java.util.List;
import org.lanewise.kernels.op.AttentionOp;
import org.lanewise.nn.graph.Node;
import org.lanewise.nn.graph.Value;

/** The gradient rule of attention: one op for the gradients of queries, keys and values. */
final class AttentionGradients {
  private AttentionGradients() {}

  /** Appends the ops that contribute to the gradients of a node's inputs. */
  static void apply(AttentionOp.Forward forward, Node node, Gradients gradients) {
    switch (forward) {
      case AttentionOp.Attention op -> attention(op, node, gradients);
    }
  }

  private static void attention(AttentionOp.Attention op, Node node, Gradients gradients) {
    List<Value> inputs = new ArrayList<>(node.inputs());
    inputs.addAll(node.outputs());
    inputs.add(gradients.ofResult());
    gradients.write(
        new AttentionOp.AttentionBackward(op.form()),
        inputs,
        node.inputs().subList(0, op.form().names().size()).toArray(Value[]::new));
  }
}
