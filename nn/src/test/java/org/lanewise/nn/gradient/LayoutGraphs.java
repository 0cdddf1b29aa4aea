package org.lanewise.nn.gradient;

import static org.lanewise.kernels.op.TensorType.f32;

import java.util.List;
import org.lanewise.kernels.op.Activation;
import org.lanewise.kernels.op.ActivationOp;
import org.lanewise.kernels.op.BinaryFunction;
import org.lanewise.kernels.op.ElementwiseOp;
import org.lanewise.kernels.op.LayoutOp;
import org.lanewise.kernels.op.Op;
import org.lanewise.kernels.op.Shape;
import org.lanewise.nn.graph.GraphBuilder;
import org.lanewise.nn.graph.Value;

/** Layouts, alone and with a second gradient of what they take. */
final class LayoutGraphs {
  private LayoutGraphs() {}

  static void addTo(List<GraphCase> cases) {
    for (Op op :
        List.of(
            new LayoutOp.Permute(List.of(2, 0, 1)),
            new LayoutOp.Concat(1),
            new LayoutOp.Slice(2, 1, 3),
            new LayoutOp.Slice(0, 0, 1),
            new LayoutOp.Pad(1, 1, 2, 0.5f),
            new LayoutOp.Reshape(Shape.of(4, 6)))) {
      GraphBuilder graph = new GraphBuilder();
      cases.add(GraphCase.of(op, graph, List.of(graph.parameter("x", f32(2, 3, 4)))));
      cases.add(usedTwice(op));
    }
    cases.add(concat());
    cases.add(mirrored());
  }

  /** A margin as in a mirror, of slices of what it surrounds. */
  private static GraphCase mirrored() {
    GraphBuilder graph = new GraphBuilder();
    Value x = graph.parameter("x", f32(2, 3, 4));
    Value first = graph.add("", new LayoutOp.Slice(2, 1, 2), List.of(x)).result();
    Value last = graph.add("", new LayoutOp.Slice(2, 2, 3), List.of(x)).result();
    Value y = graph.add("", new LayoutOp.Concat(2), List.of(first, x, last, first)).result();
    return new GraphCase("mirrored margins", graph, List.of(), y);
  }

  private static GraphCase concat() {
    GraphBuilder graph = new GraphBuilder();
    Value x = graph.parameter("x", f32(2, 3));
    Value given = graph.input("given", f32(2, 1));
    Value y = graph.parameter("y", f32(2, 2));
    return GraphCase.of(new LayoutOp.Concat(1), graph, List.of(x, given, y, x));
  }

  /** {@code h²}, and h in another layout, one after the other: h has two gradients. */
  private static GraphCase usedTwice(Op op) {
    GraphBuilder graph = new GraphBuilder();
    Value x = graph.parameter("x", f32(2, 3, 4));
    Value h = graph.add("", new ActivationOp.Activate(Activation.TANH), List.of(x)).result();
    Value changed = graph.add("", op, List.of(h)).result();
    changed =
        graph.add("", new ActivationOp.Activate(Activation.SIGMOID), List.of(changed)).result();
    Value square =
        graph.add("", new ElementwiseOp.Binary(BinaryFunction.MULTIPLY), List.of(h, h)).result();
    Value y =
        graph
            .add("", new LayoutOp.Concat(0), List.of(flat(graph, square), flat(graph, changed)))
            .result();
    return new GraphCase(op + " used twice", graph, List.of(), y);
  }

  private static Value flat(GraphBuilder graph, Value x) {
    Shape shape = Shape.of(x.type().shape().size());
    return graph.add("", new LayoutOp.Reshape(shape), List.of(x)).result();
  }
}
