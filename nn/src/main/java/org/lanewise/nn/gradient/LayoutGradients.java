package org.lanewise.nn.gradient;

import java.util.List;
import org.lanewise.kernels.op.LayoutOp;
import org.lanewise.nn.graph.Node;
import org.lanewise.nn.graph.Value;

/** The gradient rules of layouts: the inverse layouts. */
final class LayoutGradients {
  private LayoutGradients() {}

  static void permute(LayoutOp.Permute op, Node node, Gradients gradients) {
    Value x = node.input(0);
    if (gradients.isDifferentiable(x)) {
      gradients.pass(gradients.compute(op.inverse(), gradients.ofResult()), x);
    }
  }

  static void concat(LayoutOp.Concat op, Node node, Gradients gradients) {
    long from = 0;
    for (Value part : node.inputs()) {
      long start = from;
      long end = from + part.type().shape().dimension(op.axis());
      gradients.write(
          w -> new LayoutOp.Slice(op.axis(), start, end, w.get(0).adds()),
          List.of(gradients.ofResult()),
          part);
      from = end;
    }
  }

  static void slice(LayoutOp.Slice op, Node node, Gradients gradients) {
    Value x = node.input(0);
    long after = x.type().shape().dimension(op.axis()) - op.to();
    gradients.write(
        w -> new LayoutOp.Pad(op.axis(), op.from(), after, 0f, w.get(0).adds()),
        List.of(gradients.ofResult()),
        x);
  }

  static void pad(LayoutOp.Pad op, Node node, Gradients gradients) {
    Value x = node.input(0);
    long to = op.before() + x.type().shape().dimension(op.axis());
    gradients.write(
        w -> new LayoutOp.Slice(op.axis(), op.before(), to, w.get(0).adds()),
        List.of(gradients.ofResult()),
        x);
  }

  static void reshape(Node node, Gradients gradients) {
    Value x = node.input(0);
    gradients.write(
        w -> new LayoutOp.Reshape(x.type().shape(), w.get(0).adds()),
        List.of(gradients.ofResult()),
        x);
  }
}
