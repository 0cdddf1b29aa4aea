package org.lanewise.nn.gradient;

import static org.lanewise.kernels.op.TensorType.f32;

import java.util.List;
import org.lanewise.kernels.op.NormOp;
import org.lanewise.kernels.op.Op;
import org.lanewise.nn.graph.GraphBuilder;
import org.lanewise.nn.graph.Value;

/** Graphs with normalization. */
final class NormGraphs {
  /** Large enough that differences are good approximations, and any running variance positive. */
  private static final float EPSILON = 1.5f;

  private NormGraphs() {}

  static void addTo(List<GraphCase> cases) {
    for (long[] shape : new long[][] {{7}, {3, 5}, {2, 2, 3}}) {
      long columns = shape[shape.length - 1];
      GraphBuilder graph = new GraphBuilder();
      Value x = graph.parameter("x", f32(shape));
      Value weight = graph.parameter("weight", f32(columns));
      Value bias = graph.parameter("bias", f32(columns));
      cases.add(GraphCase.of(new NormOp.LayerNorm(EPSILON), graph, List.of(x, weight, bias)));
      graph = new GraphBuilder();
      x = graph.parameter("x", f32(shape));
      weight = graph.parameter("weight", f32(columns));
      cases.add(GraphCase.of(new NormOp.RmsNorm(EPSILON), graph, List.of(x, weight)));
    }
    for (boolean training : new boolean[] {false, true}) {
      for (long[] shape : new long[][] {{5, 3}, {2, 3, 2, 2}}) {
        cases.add(batchNorm(new NormOp.BatchNorm(EPSILON, 0.1f, training), shape));
      }
    }
    cases.add(groupNorm(3, 2, 3));
    cases.add(groupNorm(2, 2, 4, 3));
    cases.add(groupNorm(1, 1, 2, 3, 3));
    cases.add(sharedWeight(new NormOp.LayerNorm(EPSILON), false));
    cases.add(sharedWeight(new NormOp.LayerNorm(EPSILON), true));
    cases.add(sharedBatchNormWeight());
    cases.add(parametersOfData());
  }

  private static GraphCase batchNorm(NormOp.BatchNorm op, long... shape) {
    GraphBuilder graph = new GraphBuilder();
    Value x = graph.parameter("x", f32(shape));
    Value weight = graph.parameter("weight", f32(shape[1]));
    Value bias = graph.parameter("bias", f32(shape[1]));
    Value mean = graph.input("running mean", f32(shape[1]));
    Value variance = graph.input("running variance", f32(shape[1]));
    return GraphCase.of(op, graph, List.of(x, weight, bias, mean, variance));
  }

  private static GraphCase groupNorm(long groups, long... shape) {
    GraphBuilder graph = new GraphBuilder();
    Value x = graph.parameter("x", f32(shape));
    Value weight = graph.parameter("weight", f32(shape[1]));
    Value bias = graph.parameter("bias", f32(shape[1]));
    return GraphCase.of(new NormOp.GroupNorm(groups, EPSILON), graph, List.of(x, weight, bias));
  }

  /** Two norms that share weight or bias alone, so that one gradient is added to. */
  private static GraphCase sharedWeight(NormOp.LayerNorm op, boolean sharesBias) {
    GraphBuilder graph = new GraphBuilder();
    Value x = graph.parameter("x", f32(3, 4));
    Value first = graph.parameter("first", f32(4));
    Value second = graph.parameter("second", f32(4));
    Value shared = graph.parameter("shared", f32(4));
    List<Value> one = sharesBias ? List.of(x, first, shared) : List.of(x, shared, first);
    Value h = graph.add("", op, one).result();
    List<Value> other = sharesBias ? List.of(h, second, shared) : List.of(h, shared, second);
    Value y = graph.add("", op, other).result();
    return new GraphCase(sharesBias ? "shared bias" : "shared weight", graph, List.of(), y);
  }

  private static GraphCase sharedBatchNormWeight() {
    GraphBuilder graph = new GraphBuilder();
    Value x = graph.parameter("x", f32(4, 3));
    Value weight = graph.parameter("weight", f32(3));
    Value bias = graph.parameter("bias", f32(3));
    Value other = graph.input("other", f32(3));
    Value mean = graph.input("running mean", f32(3));
    Value variance = graph.input("running variance", f32(3));
    Op op = new NormOp.BatchNorm(EPSILON, 0.1f, true);
    Value h = graph.add("", op, List.of(x, weight, other, mean, variance)).result();
    Value y = graph.add("", op, List.of(h, weight, bias, mean, variance)).result();
    return new GraphCase("shared weight of batch norm", graph, List.of(other, mean, variance), y);
  }

  /** A norm of what is not differentiated. */
  private static GraphCase parametersOfData() {
    GraphBuilder graph = new GraphBuilder();
    Value x = graph.input("x", f32(3, 4));
    Value constant = graph.input("constant", f32(4));
    Value bias = graph.parameter("bias", f32(4));
    Value weight = graph.parameter("weight", f32(4));
    Value h = graph.add("", new NormOp.LayerNorm(EPSILON), List.of(x, constant, bias)).result();
    Value y = graph.add("", new NormOp.RmsNorm(EPSILON), List.of(h, weight)).result();
    return new GraphCase("parameters of data", graph, List.of(x, constant), y);
  }
}
