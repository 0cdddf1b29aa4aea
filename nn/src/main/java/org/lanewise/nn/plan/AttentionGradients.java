package org.lanewise.nn.plan;

import java.util.ArrayList;
import java.util.List;
import org.lanewise.kernels.op.AttentionOp;
import org.lanewise.nn.plan.Gradients.Target;

/** The gradient rule of attention. */
final class AttentionGradients {
  private AttentionGradients() {}

  static void attention(AttentionOp.Attention op, Node node, Gradients gradients) {
    List<Value> inputs = new ArrayList<>(node.inputs());
    inputs.addAll(node.outputs());
    inputs.add(gradients.gradientOf(node));
    Target dq = gradients.target(node.inputs().get(0));
    Target dk = gradients.target(node.inputs().get(1));
    Target dv = gradients.target(node.inputs().get(2));
    gradients.add(
        new AttentionOp.AttentionBackward(
            op.causal(),
            op.masked(),
            op.scale(),
            dq.accumulate(),
            dk.accumulate(),
            dv.accumulate()),
        inputs,
        dq,
        dk,
        dv);
  }
}
