package org.lanewise.nn.gradient;

import java.util.List;
import org.lanewise.kernels.op.ElementwiseOp;
import org.lanewise.kernels.op.ReductionOp;
import org.lanewise.nn.graph.Node;
import org.lanewise.nn.graph.Value;

/**
 * The gradient rules of functions of two tensors x and y, of which y may be repeated to fill x: its
 * gradient is then the sum over the repetitions.
 */
final class ElementwiseGradients {
  private ElementwiseGradients() {}

  /** Appends the ops that contribute to the gradients of a node's inputs. */
  static void apply(ElementwiseOp.Forward forward, Node node, Gradients gradients) {
    switch (forward) {
      case ElementwiseOp.Binary op -> binary(op, node, gradients);
      case ElementwiseOp.Where _ -> where(node, gradients);
      case ElementwiseOp.Scale op -> scale(op, node, gradients);
    }
  }

  private static void binary(ElementwiseOp.Binary op, Node node, Gradients gradients) {
    Value x = node.input(0);
    Value y = node.input(1);
    Value dz = gradients.ofResult();
    switch (op.function()) { // sums are done without x and y, which need not live on
      case ADD -> {
        gradients.pass(dz, x);
        sumTo(y, dz, gradients);
      }
      case SUBTRACT -> {
        gradients.pass(dz, x);
        if (gradients.isDifferentiable(y)) {
          Value sum = isRepeated(x, y) ? gradients.compute(sumTo(y), dz) : dz;
          scaled(-1f, sum, y, gradients);
        }
      }
      case MULTIPLY, DIVIDE, MAXIMUM, MINIMUM -> {
        List<Value> inputs = List.of(x, y, dz);
        gradients.write(new ElementwiseOp.BinaryBackwardX(op.function()), inputs, x);
        if (!isRepeated(x, y)) {
          gradients.write(new ElementwiseOp.BinaryBackwardY(op.function()), inputs, y);
        } else if (gradients.isDifferentiable(y)) {
          sumTo(
              y,
              gradients.compute(new ElementwiseOp.BinaryBackwardY(op.function()), x, y, dz),
              gradients);
        }
      }
      case LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL, EQUAL, NOT_EQUAL ->
          throw new IllegalArgumentException(op.function() + " has no gradient");
    }
  }

  /** What is chosen gets the gradient, and what is not gets zeros; the condition gets none. */
  private static void where(Node node, Gradients gradients) {
    Value condition = node.input(0);
    Value dz = gradients.ofResult();
    Value zero = gradients.constant(0f);
    choose(condition, dz, zero, node.input(1), gradients);
    choose(condition, zero, dz, node.input(2), gradients);
  }

  private static void choose(
      Value condition, Value whereItHolds, Value elsewhere, Value of, Gradients gradients) {
    if (gradients.isDifferentiable(of)) {
      sumTo(
          of,
          gradients.compute(new ElementwiseOp.Where(), condition, whereItHolds, elsewhere),
          gradients);
    }
  }

  private static void scale(ElementwiseOp.Scale op, Node node, Gradients gradients) {
    scaled(op.alpha(), gradients.ofResult(), node.input(0), gradients);
  }

  private static void scaled(float alpha, Value gradient, Value of, Gradients gradients) {
    gradients.write(new ElementwiseOp.Scale(alpha), List.of(gradient), of);
  }

  /** Contributes the sum of the gradients of the elements that a tensor was repeated to. */
  private static void sumTo(Value repeated, Value each, Gradients gradients) {
    if (repeated.type().equals(each.type())) {
      gradients.pass(each, repeated);
    } else {
      gradients.write(sumTo(repeated), List.of(each), repeated);
    }
  }

  private static ReductionOp.Sum sumTo(Value repeated) {
    return new ReductionOp.Sum(repeated.type().shape());
  }

  private static boolean isRepeated(Value x, Value y) {
    return !x.type().equals(y.type());
  }
}
