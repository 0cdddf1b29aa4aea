package org.lanewise.nn.gradient;

import java.util.ArrayList;
import java.util.List;
import org.lanewise.kernels.op.AttentionOp;
import org.lanewise.nn.graph.Node;
import org.lanewise.nn.graph.Value;
import org.lanewise.nn.graph.Write;

/** The gradient rule of attention: one op for the gradients of queries, keys and values. */
final class AttentionGradients {
  private AttentionGradients() {}

  static void attention(AttentionOp.Attention op, Node node, Gradients gradients) {
    List<Value> inputs = new ArrayList<>(node.inputs());
    node.outputs().stream().map(Write::value).forEach(inputs::add);
    inputs.add(gradients.ofResult());
    gradients.write(
        w ->
            new AttentionOp.AttentionBackward(
                op.causal(),
                op.masked(),
                op.scale(),
                w.get(0).adds(),
                w.get(1).adds(),
                w.get(2).adds()),
        inputs,
        node.input(0),
        node.input(1),
        node.input(2));
  }
}
