package org.lanewise.nn.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.lanewise.kernels.backend.Backend;
import org.lanewise.kernels.backend.Backends;
import org.lanewise.kernels.backend.Operand;
import org.lanewise.kernels.op.Activation;
import org.lanewise.kernels.op.ActivationOp;
import org.lanewise.kernels.op.BinaryFunction;
import org.lanewise.kernels.op.ElementwiseOp;
import org.lanewise.kernels.op.LayoutOp;
import org.lanewise.kernels.op.Op;
import org.lanewise.kernels.op.ReductionOp;
import org.lanewise.kernels.op.Shape;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.nn.gradient.Gradients;
import org.lanewise.nn.graph.Graph;
import org.lanewise.nn.graph.GraphBuilder;
import org.lanewise.nn.graph.Value;
import org.lanewise.nn.pass.Passes;

/** What it takes to bind a large graph. */
class BindingTest {
  private static final Op SQUARE = new LayoutOp.Reshape(Shape.of(4, 4));
  private static final Op FLAT = new LayoutOp.Reshape(Shape.of(16));

  /** A deep chain with branches, views and a shared weight, and its gradients. */
  private static Graph chain(int values) {
    GraphBuilder graph = new GraphBuilder();
    Value x = graph.input("x", TensorType.f32(16));
    Value weight = graph.parameter("weight", TensorType.f32(16));
    Value h = x;
    for (int i = 0; i < values; i += 14) { // six values forward, eight gradients
      Value gate = add(graph, new ActivationOp.Activate(Activation.SIGMOID), h);
      Value scaled = add(graph, new ElementwiseOp.Binary(BinaryFunction.MULTIPLY), gate, weight);
      Value square = add(graph, SQUARE, scaled);
      Value bent = add(graph, new ActivationOp.Activate(Activation.TANH), square);
      Value flat = add(graph, FLAT, bent);
      h = add(graph, new ElementwiseOp.Binary(BinaryFunction.ADD), flat, h);
    }
    Value loss = add(graph, new ReductionOp.Sum(Shape.of()), h);
    graph.output("loss", loss);
    graph.output("gradient", Gradients.append(graph, loss, List.of(weight)).get(weight));
    return graph.build();
  }

  private static Value add(GraphBuilder graph, Op op, Value... inputs) {
    return graph.add("", op, List.of(inputs)).result();
  }

  /** Functions that each write in place of the one before. */
  private static Graph inPlace(int values) {
    GraphBuilder graph = new GraphBuilder();
    Value h = graph.input("x", TensorType.f32(16));
    for (int i = 0; i < values; i++) {
      h = add(graph, new ActivationOp.Activate(Activation.RELU), h);
    }
    graph.output("y", h);
    return graph.build();
  }

  /** Values all of which are added up at the end. */
  private static Graph kept(int values) {
    GraphBuilder graph = new GraphBuilder();
    Value h = graph.input("x", TensorType.f32(16));
    List<Value> all = new ArrayList<>();
    for (int i = 0; i < values / 2; i++) {
      h = add(graph, new ActivationOp.Activate(Activation.SIGMOID), h);
      all.add(h);
    }
    Value sum = h;
    for (Value value : all) {
      sum = add(graph, new ElementwiseOp.Binary(BinaryFunction.ADD), sum, value);
    }
    graph.output("y", sum);
    return graph.build();
  }

  static List<Arguments> graphs() {
    return List.of(
        argumentSet("a chain with branches", (IntFunction<Graph>) BindingTest::chain),
        argumentSet("in place", (IntFunction<Graph>) BindingTest::inPlace),
        argumentSet("kept", (IntFunction<Graph>) BindingTest::kept));
  }

  /** It takes a quarter of a second, and took minutes when each joined lifetime was copied. */
  @ParameterizedTest
  @MethodSource("graphs")
  @Timeout(60)
  void theTimeOfAMemoryLayoutDoesNotGrowWithTheSquareOfItsValues(IntFunction<Graph> graphs) {
    Graph graph = Passes.optimize(graphs.apply(160_000));
    assertThat(Placement.of(graph, Set.of()).byteSize()).isPositive();
  }

  @Test
  void aGraphOf20000ValuesIsBoundInHalfASecond() {
    double best = Double.MAX_VALUE;
    for (int attempt = 0; attempt < 5 || attempt < 20 && best > 0.5; attempt++) {
      best = Math.min(best, seconds(() -> bind(chain(20_000))));
    }
    System.out.printf("A graph of 20,000 values is made and bound in %.0f ms%n", best * 1000);
    assertThat(best).isLessThan(0.5);
  }

  private static void bind(Graph graph) {
    assertThat(graph.nodes().size()).isGreaterThan(17_000);
    try (Backend backend = Backends.open("cpu", 1)) {
      Operand weight = new Operand(backend.allocate(64), 0, TensorType.f32(16));
      Value parameter = graph.parameters().get("weight");
      Plan.bind(Passes.optimize(graph), backend, new Workspace(backend), Map.of(parameter, weight))
          .close();
    }
  }

  /** Of this thread alone, as the machine may be busy. */
  private static double seconds(Runnable task) {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long start = threads.getCurrentThreadCpuTime();
    task.run();
    return (threads.getCurrentThreadCpuTime() - start) / 1e9;
  }
}
