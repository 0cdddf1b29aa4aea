package org.lanewise.nn.plan;

import java.util.List;
import org.lanewise.kernels.op.LayoutOp;
import org.lanewise.kernels.op.Op;
import org.lanewise.nn.plan.Gradients.Target;

/** The gradient rules of layouts: the inverse layouts. */
final class LayoutGradients {
  private LayoutGradients() {}

  static void permute(LayoutOp.Permute op, Node node, Gradients gradients) {
    Value dy = gradients.gradientOf(node);
    Target dx = gradients.target(node.inputs().getFirst());
    if (dx.accumulate()) {
      Value permuted = gradients.compute(op.inverse(), List.of(dy));
      ElementwiseGradients.add(1f, permuted, dx, gradients);
    } else {
      gradients.add(op.inverse(), List.of(dy), dx);
    }
  }

  static void concat(LayoutOp.Concat op, Node node, Gradients gradients) {
    long from = 0;
    for (Value part : node.inputs()) {
      long to = from + part.type().shape().dimension(op.axis());
      if (gradients.isDifferentiable(part)) {
        Target target = gradients.target(part);
        Op slice = new LayoutOp.Slice(op.axis(), from, to, target.accumulate());
        gradients.add(slice, List.of(gradients.gradientOf(node)), target);
      }
      from = to;
    }
  }

  static void slice(LayoutOp.Slice op, Node node, Gradients gradients) {
    Target dx = gradients.target(node.inputs().getFirst());
    long length = dx.value().type().shape().dimension(op.axis());
    Op pad = new LayoutOp.Pad(op.axis(), op.from(), length - op.to(), 0f, dx.accumulate());
    gradients.add(pad, List.of(gradients.gradientOf(node)), dx);
  }

  static void pad(LayoutOp.Pad op, Node node, Gradients gradients) {
    Target dx = gradients.target(node.inputs().getFirst());
    long to = op.before() + dx.value().type().shape().dimension(op.axis());
    Op slice = new LayoutOp.Slice(op.axis(), op.before(), to, dx.accumulate());
    gradients.add(slice, List.of(gradients.gradientOf(node)), dx);
  }

  static void reshape(Node node, Gradients gradients) {
    Target dx = gradients.target(node.inputs().getFirst());
    Op reshape = new LayoutOp.Reshape(dx.value().type().shape(), dx.accumulate());
    gradients.add(reshape, List.of(gradients.gradientOf(node)), dx);
  }
}
