package org.lanewise.nn.gradient;

import static org.lanewise.kernels.op.TensorType.f32;

import java.util.List;
import org.lanewise.kernels.op.Activation;
import org.lanewise.kernels.op.ActivationOp;
import org.lanewise.kernels.op.BinaryFunction;
import org.lanewise.kernels.op.ElementwiseOp;
import org.lanewise.kernels.op.LayoutOp;
import org.lanewise.kernels.op.Op;
import org.lanewise.kernels.op.ReductionOp;
import org.lanewise.kernels.op.Shape;
import org.lanewise.nn.graph.GraphBuilder;
import org.lanewise.nn.graph.Value;

/** Sums and means. */
final class ReductionGraphs {
  private ReductionGraphs() {}

  static void addTo(List<GraphCase> cases) {
    for (Shape shape :
        List.of(Shape.of(), Shape.of(4), Shape.of(1, 3, 4), Shape.of(2, 1, 1), Shape.of(2, 3, 4))) {
      for (Op op : List.of(new ReductionOp.Sum(shape), new ReductionOp.Mean(shape))) {
        GraphBuilder graph = new GraphBuilder();
        Value x = graph.parameter("x", f32(2, 3, 4));
        Value y = graph.add("", op, List.of(x)).result();
        if (shape.rank() == 0) { // which only a loss may be
          y = graph.add("", new LayoutOp.Reshape(Shape.of(1)), List.of(y)).result();
        }
        cases.add(new GraphCase(op.toString(), graph, List.of(), y));
      }
    }
    cases.add(centered());
  }

  /** {@code tanh(x − mean)}: x has two gradients. */
  private static GraphCase centered() {
    GraphBuilder graph = new GraphBuilder();
    Value x = graph.parameter("x", f32(5, 4));
    Value mean = graph.add("", new ReductionOp.Mean(Shape.of(5, 1)), List.of(x)).result();
    Value y =
        graph.add("", new ElementwiseOp.Binary(BinaryFunction.SUBTRACT), List.of(x, mean)).result();
    y = graph.add("", new ActivationOp.Activate(Activation.TANH), List.of(y)).result();
    return new GraphCase("centered", graph, List.of(), y);
  }
}
