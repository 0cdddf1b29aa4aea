package org.lanewise.nn.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.lanewise.kernels.backend.Backend;
import org.lanewise.kernels.backend.Backends;
import org.lanewise.kernels.backend.Operand;
import org.lanewise.kernels.op.Activation;
import org.lanewise.kernels.op.ActivationOp;
import org.lanewise.kernels.op.AttentionOp;
import org.lanewise.kernels.op.DType;
import org.lanewise.kernels.op.Epilogue;
import org.lanewise.kernels.op.LayoutOp;
import org.lanewise.kernels.op.LossOp;
import org.lanewise.kernels.op.Op;
import org.lanewise.kernels.op.ProductOp;
import org.lanewise.kernels.op.Shape;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.kernels.op.Transpose;

/** Each gradient rule against central differences. */
class GradientsTest {
  private static final float STEP = 1f / 512;

  record Case(String backend, GraphCase graph) {
    @Override
    public String toString() {
      return graph + " on " + backend;
    }
  }

  static Stream<Case> cases() {
    return Backends.names().stream()
        .flatMap(backend -> GraphCases.all().stream().map(graph -> new Case(backend, graph)));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void equalCentralDifferences(Case ofBackend) {
    GraphCase c = ofBackend.graph();
    SplittableRandom random = new SplittableRandom(c.name().hashCode());
    List<Value> given = new ArrayList<>(c.inputs());
    Value cotangent = null;
    if (c.output().type().shape().rank() > 0) {
      cotangent = c.graph().input("cotangent", c.output().type());
      given.add(cotangent);
    }
    List<Value> gradients =
        cotangent == null
            ? Gradients.append(c.graph())
            : Gradients.append(c.graph(), c.output(), cotangent);
    try (Backend backend = Devices.open(ofBackend.backend())) {
      Map<Value, Operand> state = new HashMap<>();
      c.graph().parameters().forEach(p -> state.put(p, Operands.allocate(backend, p.type())));
      gradients.forEach(g -> state.put(g, Operands.allocate(backend, g.type())));
      Plan plan = Plan.bind(backend, c.graph().nodes(), given, List.of(c.output()), state);
      Map<Value, double[]> values = new HashMap<>();
      c.graph().parameters().forEach(p -> values.put(p, random(p.type(), random)));
      given.forEach(input -> values.put(input, random(input.type(), random)));
      double[] weights = cotangent == null ? new double[] {1} : values.get(cotangent);
      run(plan, values, c.output(), weights);
      List<float[]> analytic = gradients.stream().map(g -> Operands.read(state.get(g))).toList();
      for (int i = 0; i < gradients.size(); i++) {
        double[] parameter = values.get(c.graph().parameters().get(i));
        for (int j = 0; j < parameter.length; j++) {
          double value = parameter[j];
          parameter[j] = value + STEP;
          double above = run(plan, values, c.output(), weights);
          parameter[j] = value - STEP;
          double below = run(plan, values, c.output(), weights);
          parameter[j] = value;
          assertThat((double) analytic.get(i)[j])
              .as("%s[%d]", gradients.get(i), j)
              .isCloseTo((above - below) / (2 * STEP), within(4e-3));
        }
      }
    }
  }

  /** {@code Σ output · weights}. */
  private static double run(
      Plan plan, Map<Value, double[]> values, Value output, double[] weights) {
    values.forEach((value, elements) -> Operands.write(plan.operand(value), elements));
    plan.run();
    float[] result = Operands.read(plan.operand(output));
    double sum = 0;
    for (int i = 0; i < result.length; i++) {
      sum += result[i] * weights[i];
    }
    return sum;
  }

  /** Values whose distance from 0, where ReLU has no derivative, exceeds the difference step. */
  private static double[] random(TensorType type, SplittableRandom random) {
    double[] values = new double[(int) type.shape().size()];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          type.dtype() == DType.I32
              ? random.nextInt(GraphCases.CLASSES)
              : (random.nextFloat() + 0.1f) * (random.nextBoolean() ? 1 : -1);
    }
    return values;
  }

  @Test
  void coversTheVocabulary() {
    Set<String> covered =
        GraphCases.all().stream()
            .flatMap(c -> c.graph().nodes().stream())
            .map(node -> node.op().name())
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(covered)
        .containsAll(
            Arrays.stream(Op.Forward.class.getPermittedSubclasses())
                .map(Class::getSimpleName)
                .toList());
  }

  @Test
  void refusesAGraphWhoseLossIsNotLast() {
    GraphCase c = GraphCases.crossEntropy();
    c.graph()
        .add(
            new ActivationOp.Activate(Activation.RELU), List.of(c.graph().parameters().getFirst()));
    assertThatThrownBy(() -> Gradients.append(c.graph()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("must be a loss but is Activate");
    assertThatThrownBy(() -> Gradients.append(new Graph()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("must be a loss but is missing");
  }

  /** Ops with several trained inputs are also tested with one value as two of them. */
  @Test
  void coversSharedInputs() {
    Set<String> several = new TreeSet<>();
    Set<String> shared = new TreeSet<>();
    for (GraphCase c : GraphCases.all()) {
      for (Node node : c.graph().nodes()) {
        List<Value> trained =
            node.inputs().stream().filter(v -> v.kind() == Value.Kind.PARAMETER).toList();
        if (trained.size() > 1) {
          several.add(node.op().name());
        }
        if (new HashSet<>(trained).size() < trained.size()) {
          shared.add(node.op().name());
        }
      }
    }
    assertThat(shared).isEqualTo(several);
  }

  static Stream<String> backends() {
    return Backends.names().stream();
  }

  /** Keys and values are one tensor, whose gradient is the sum of both. */
  @ParameterizedTest
  @MethodSource("backends")
  void attentionToKeysThatAreTheValues(String name) {
    Graph graph = new Graph();
    Value x = graph.input("x", TensorType.f32(2, 2, 3, 4));
    Value target = graph.input("target", x.type());
    Value w = graph.parameter("w", TensorType.f32(4, 4));
    Value b = graph.parameter("b", TensorType.f32(4));
    Op flat = new LayoutOp.Reshape(Shape.of(12, 4), false);
    Op linear = new ProductOp.Gemm(Transpose.NO, Transpose.YES, 1f, false, Epilogue.BIAS);
    Op heads = new LayoutOp.Reshape(x.type().shape(), false);
    Value rows = graph.add(flat, List.of(x)).result();
    Value keys = graph.add(linear, List.of(rows, w, b)).result();
    Value kv = graph.add(heads, List.of(keys)).result();
    Op attention = new AttentionOp.Attention(false, false, AttentionOp.DEFAULT_SCALE);
    Value y = graph.add(attention, List.of(x, kv, kv)).result();
    graph.add(new LossOp.MeanSquaredError(), List.of(y, target));
    List<Value> gradients = Gradients.append(graph);
    try (Backend backend = Devices.open(name)) {
      Map<Value, Operand> state = new HashMap<>();
      for (Value value : List.of(w, b, gradients.getFirst(), gradients.getLast())) {
        state.put(value, Operands.allocate(backend, value.type()));
      }
      Plan plan = Plan.bind(backend, graph.nodes(), List.of(x, target), List.of(), state);
      for (Value value : List.of(x, w, b)) {
        double[] elements = new double[(int) value.type().shape().size()];
        Arrays.setAll(elements, i -> ((i * 7) % 11 - 5) * 0.2);
        Operands.write(plan.operand(value), elements);
      }
      Operands.write(plan.operand(target), new double[48]);
      plan.run();
      assertThat(Operands.read(state.get(gradients.getLast())))
          .containsExactly(
              new float[] {-0.45970f, 0.20023f, -0.18623f, 0.49846f}, Offset.offset(5e-6f));
      assertThat(Arrays.copyOf(Operands.read(state.get(gradients.getFirst())), 4))
          .containsExactly(
              new float[] {-0.04891f, 0.09454f, -0.09778f, 0.03501f}, Offset.offset(5e-6f));
    }
  }

  @Test
  void whatDoesNotInfluenceTheLossCostsNothing() {
    Graph graph = GraphCases.crossEntropy().graph();
    int forward = graph.nodes().size();
    Value unused = graph.parameter("unused", TensorType.f32(1));
    List<Value> gradients = Gradients.append(graph);
    assertThat(gradients).hasSize(2);
    assertThat(gradients.getLast().type()).isEqualTo(unused.type());
    assertThat(graph.nodes()).as("loss and its gradient").hasSize(forward + 1);
  }
}
