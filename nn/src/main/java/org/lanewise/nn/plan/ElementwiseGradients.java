package org.lanewise.nn.plan;

import java.util.List;
import org.lanewise.kernels.op.BinaryFunction;
import org.lanewise.kernels.op.ElementwiseOp;
import org.lanewise.kernels.op.ReductionOp;
import org.lanewise.kernels.op.Shape;
import org.lanewise.nn.plan.Gradients.Target;

/** The gradient rules of functions of two tensors. */
final class ElementwiseGradients {
  private ElementwiseGradients() {}

  static void binary(ElementwiseOp.Binary op, Node node, Gradients gradients) {
    Value x = node.inputs().get(0);
    Value y = node.inputs().get(1);
    if (gradients.isDifferentiable(x)) {
      ofFirst(op.function(), x, y, gradients.gradientOf(node), gradients);
    }
    if (gradients.isDifferentiable(y)) {
      ofSecond(op.function(), x, y, gradients.gradientOf(node), gradients);
    }
  }

  private static void ofFirst(
      BinaryFunction function, Value x, Value y, Value dz, Gradients gradients) {
    Target dx = gradients.target(x);
    switch (function) {
      case ADD, SUBTRACT -> add(1f, dz, dx, gradients); // without x and y, which need not live on
      default ->
          gradients.add(
              new ElementwiseOp.BinaryBackwardX(function, dx.accumulate()), List.of(x, y, dz), dx);
    }
  }

  private static void ofSecond(
      BinaryFunction function, Value x, Value y, Value dz, Gradients gradients) {
    boolean isRepeated = !x.type().equals(y.type());
    switch (function) {
      case ADD -> {
        if (isRepeated) {
          sum(y, dz, gradients);
        } else {
          add(1f, dz, gradients.target(y), gradients);
        }
      }
      case SUBTRACT -> {
        Value sum = isRepeated ? gradients.compute(sumTo(y, false), List.of(dz)) : dz;
        add(-1f, sum, gradients.target(y), gradients);
      }
      default -> {
        List<Value> inputs = List.of(x, y, dz);
        if (isRepeated) {
          Value each =
              gradients.compute(new ElementwiseOp.BinaryBackwardY(function, false), inputs);
          sum(y, each, gradients);
        } else {
          Target dy = gradients.target(y);
          gradients.add(new ElementwiseOp.BinaryBackwardY(function, dy.accumulate()), inputs, dy);
        }
      }
    }
  }

  static void scale(ElementwiseOp.Scale op, Node node, Gradients gradients) {
    Target dx = gradients.target(node.inputs().getFirst());
    add(op.alpha(), gradients.gradientOf(node), dx, gradients);
  }

  /** Adds a multiple of a gradient. */
  static void add(float alpha, Value gradient, Target target, Gradients gradients) {
    gradients.add(new ElementwiseOp.Scale(alpha, target.accumulate()), List.of(gradient), target);
  }

  /** Adds the sum of the gradients of a tensor that was repeated. */
  private static void sum(Value repeated, Value each, Gradients gradients) {
    Target target = gradients.target(repeated);
    gradients.add(sumTo(repeated, target.accumulate()), List.of(each), target);
  }

  private static ReductionOp.Sum sumTo(Value repeated, boolean accumulate) {
    Shape shape = repeated.type().shape();
    return new ReductionOp.Sum(shape, accumulate);
  }
}
