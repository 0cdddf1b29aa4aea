package org.lanewise.nn.gradient;

import java.util.List;
import org.lanewise.kernels.op.LayoutOp;
import org.lanewise.nn.graph.Node;
import org.lanewise.nn.graph.Value;

/** The gradient rules of layouts: the inverse layouts. */
final class LayoutGradients {
  private LayoutGradients() {}

  /** Appends the ops that contribute to the gradients of a node's inputs. */
  static void apply(LayoutOp.Forward forward, Node node, Gradients gradients) {
    switch (forward) {
      case LayoutOp.Permute op -> permute(op, node, gradients);
      case LayoutOp.Concat op -> concat(op, node, gradients);
      case LayoutOp.Slice op -> slice(op, node, gradients);
      case LayoutOp.Pad op -> pad(op, node, gradients);
      case LayoutOp.Reshape _ -> reshape(node, gradients);
    }
  }

  private static void permute(LayoutOp.Permute op, Node node, Gradients gradients) {
    gradients.write(op.inverse(), List.of(gradients.ofResult()), node.input(0));
  }

  private static void concat(LayoutOp.Concat op, Node node, Gradients gradients) {
    long from = 0;
    for (Value part : node.inputs()) {
      long start = from;
      long end = from + part.type().shape().dimension(op.axis());
      gradients.write(
          new LayoutOp.Slice(op.axis(), start, end), List.of(gradients.ofResult()), part);
      from = end;
    }
  }

  private static void slice(LayoutOp.Slice op, Node node, Gradients gradients) {
    Value x = node.input(0);
    long after = x.type().shape().dimension(op.axis()) - op.to();
    gradients.write(
        new LayoutOp.Pad(op.axis(), op.from(), after, 0f), List.of(gradients.ofResult()), x);
  }

  private static void pad(LayoutOp.Pad op, Node node, Gradients gradients) {
    Value x = node.input(0);
    long to = op.before() + x.type().shape().dimension(op.axis());
    gradients.write(
        new LayoutOp.Slice(op.axis(), op.before(), to), List.of(gradients.ofResult()), x);
  }

  private static void reshape(Node node, Gradients gradients) {
    Value x = node.input(0);
    gradients.write(new LayoutOp.Reshape(x.type().shape()), List.of(gradients.ofResult()), x);
  }
}
