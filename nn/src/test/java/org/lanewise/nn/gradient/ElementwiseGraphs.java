package org.lanewise.nn.gradient;

import static org.lanewise.kernels.op.TensorType.f32;

import java.util.List;
import org.lanewise.kernels.op.Activation;
import org.lanewise.kernels.op.ActivationOp;
import org.lanewise.kernels.op.BinaryFunction;
import org.lanewise.kernels.op.ElementwiseOp;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.nn.graph.GraphBuilder;
import org.lanewise.nn.graph.Value;

/** Functions of two tensors. */
final class ElementwiseGraphs {
  private ElementwiseGraphs() {}

  static void addTo(List<GraphCase> cases) {
    for (BinaryFunction f : BinaryFunction.values()) {
      if (f.isComparison()) {
        continue;
      }
      for (TensorType y : List.of(f32(2, 3, 4), f32(), f32(4), f32(3, 4), f32(2, 1, 1))) {
        cases.add(binary(f, y, true));
      }
      cases.add(binary(f, f32(3, 4), false));
      cases.add(twice(f));
    }
    TensorType whole = f32(2, 3, 4);
    for (TensorType small : List.of(whole, f32(), f32(4), f32(3, 4), f32(2, 1, 1))) {
      cases.add(where(small, whole, whole));
      cases.add(where(whole, small, f32(4)));
      cases.add(where(f32(3, 4), whole, small));
    }
    cases.add(whereAll());
    GraphBuilder graph = new GraphBuilder();
    Value x = graph.parameter("x", f32(5));
    cases.add(GraphCase.of(new ElementwiseOp.Scale(-1.5f), graph, List.of(x)));
  }

  /** With a y that is not near 0, as it may be a divisor. */
  private static GraphCase binary(BinaryFunction f, TensorType small, boolean isXTrained) {
    GraphBuilder graph = new GraphBuilder();
    TensorType large = f32(2, 3, 4);
    Value x = isXTrained ? graph.parameter("x", large) : graph.input("x", large);
    Value y = sigmoid(graph, graph.parameter("y", small));
    if (f == BinaryFunction.MAXIMUM || f == BinaryFunction.MINIMUM) { // away from x
      y = graph.add("", new ElementwiseOp.Scale(0.1f), List.of(y)).result();
    }
    Value z = graph.add("", new ElementwiseOp.Binary(f), List.of(x, y)).result();
    List<Value> given = isXTrained ? List.of() : List.of(x);
    return new GraphCase(
        "%s with y %s, x trained: %s".formatted(f, small, isXTrained), graph, given, z);
  }

  private static GraphCase where(TensorType condition, TensorType x, TensorType y) {
    GraphBuilder graph = new GraphBuilder();
    Value given = graph.input("condition", condition);
    List<Value> operands =
        List.of(holds(graph, given), graph.parameter("x", x), graph.parameter("y", y));
    Value z = graph.add("", new ElementwiseOp.Where(), operands).result();
    return new GraphCase("Where of " + List.of(condition, x, y), graph, List.of(given), z);
  }

  /** Both choices are one value, whose gradient is all of dz, and others are added to it. */
  private static GraphCase whereAll() {
    GraphBuilder graph = new GraphBuilder();
    Value given = graph.input("condition", f32(3, 4));
    Value x = graph.parameter("x", f32(3, 4));
    Value condition = holds(graph, given);
    Value z = graph.add("", new ElementwiseOp.Where(), List.of(condition, x, x)).result();
    z = graph.add("", new ElementwiseOp.Where(), List.of(condition, x, z)).result();
    z = graph.add("", new ElementwiseOp.Binary(BinaryFunction.MULTIPLY), List.of(z, x)).result();
    return new GraphCase("Where of one value", graph, List.of(given), z);
  }

  /** Not 0 for some. */
  private static Value holds(GraphBuilder graph, Value x) {
    return graph.add("", new ActivationOp.Activate(Activation.RELU), List.of(x)).result();
  }

  /** All gradients are added to others. */
  private static GraphCase twice(BinaryFunction f) {
    GraphBuilder graph = new GraphBuilder();
    Value x = sigmoid(graph, graph.parameter("x", f32(3, 4)));
    Value y = sigmoid(graph, graph.parameter("y", f32(4)));
    Value z = graph.add("", new ElementwiseOp.Binary(f), List.of(x, y)).result();
    z = graph.add("", new ElementwiseOp.Binary(BinaryFunction.MULTIPLY), List.of(z, z)).result();
    z = graph.add("", new ElementwiseOp.Scale(0.5f), List.of(z)).result();
    z = graph.add("", new ElementwiseOp.Binary(BinaryFunction.SUBTRACT), List.of(z, x)).result();
    z = graph.add("", new ElementwiseOp.Binary(f), List.of(z, y)).result();
    return new GraphCase(f + " twice", graph, List.of(), z);
  }

  private static Value sigmoid(GraphBuilder graph, Value x) {
    return graph.add("", new ActivationOp.Activate(Activation.SIGMOID), List.of(x)).result();
  }
}
