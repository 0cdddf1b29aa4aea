package org.lanewise.nn.gradient;

import static org.lanewise.kernels.op.TensorType.f32;

import java.util.List;
import org.lanewise.kernels.op.SoftmaxOp;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.nn.graph.GraphBuilder;
import org.lanewise.nn.graph.Value;

/** Graphs with softmax. */
final class SoftmaxGraphs {
  private SoftmaxGraphs() {}

  static void addTo(List<GraphCase> cases) {
    for (int axis = -1; axis < 3; axis++) {
      add(cases, new SoftmaxOp.Softmax(axis), f32(2, 5, 3));
    }
    add(cases, new SoftmaxOp.LogSoftmax(-1), f32(2, 5, 3));
    add(cases, new SoftmaxOp.CausalSoftmax(), f32(2, 3, 5));
    GraphBuilder graph = new GraphBuilder();
    Value x = graph.parameter("x", f32(5, 3));
    Value h = graph.add("", new SoftmaxOp.LogSoftmax(1), List.of(x)).result();
    Value y = graph.add("", new SoftmaxOp.Softmax(0), List.of(h)).result();
    cases.add(new GraphCase("softmax of its logarithm", graph, List.of(), y));
  }

  private static void add(List<GraphCase> cases, SoftmaxOp op, TensorType type) {
    GraphBuilder graph = new GraphBuilder();
    cases.add(GraphCase.of(op, graph, List.of(graph.parameter("x", type))));
  }
}
