package org.lanewise.nn.gradient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.lanewise.kernels.backend.Backends;
import org.lanewise.kernels.op.Activation;
import org.lanewise.kernels.op.ActivationOp;
import org.lanewise.kernels.op.AttentionForm;
import org.lanewise.kernels.op.AttentionOp;
import org.lanewise.kernels.op.BinaryFunction;
import org.lanewise.kernels.op.ElementwiseOp;
import org.lanewise.kernels.op.Epilogue;
import org.lanewise.kernels.op.LayoutOp;
import org.lanewise.kernels.op.LossOp;
import org.lanewise.kernels.op.Op;
import org.lanewise.kernels.op.ProductOp;
import org.lanewise.kernels.op.ReductionOp;
import org.lanewise.kernels.op.Shape;
import org.lanewise.kernels.op.SoftmaxOp;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.kernels.op.Transpose;
import org.lanewise.nn.TestRun;
import org.lanewise.nn.graph.Graph;
import org.lanewise.nn.graph.GraphBuilder;
import org.lanewise.nn.graph.Node;
import org.lanewise.nn.graph.Value;

/** Each gradient rule against central differences. */
class GradientsTest {
  private static final float STEP = 1f / 512;
  private static final double TOLERANCE = 4e-3;

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
    GraphBuilder builder = c.graph();
    builder.output("output", c.output());
    Value cotangent = builder.input("cotangent", c.output().type());
    List<Value> parameters = List.copyOf(builder.build().parameters().values());
    Map<Value, Value> gradients =
        Gradients.append(builder, Map.of(c.output(), cotangent), parameters);
    assertThat(gradients.keySet()).containsExactlyElementsOf(parameters);
    gradients.forEach((parameter, value) -> builder.output("d" + parameter.name(), value));
    Graph graph = builder.build();
    try (TestRun run = new TestRun(graph, ofBackend.backend())) {
      Map<Value, double[]> values = new HashMap<>();
      parameters.forEach(value -> values.put(value, random(value.type(), random)));
      graph.inputs().values().forEach(value -> values.put(value, random(value.type(), random)));
      double[] weights = values.get(cotangent);
      double at = run(run, values, c.output(), weights);
      Map<Value, float[]> analytic = new HashMap<>();
      gradients.forEach((parameter, value) -> analytic.put(parameter, run.read(value)));
      for (Value parameter : parameters) {
        double[] elements = values.get(parameter);
        for (int j = 0; j < elements.length; j++) {
          double element = elements[j];
          elements[j] = element + STEP;
          double above = run(run, values, c.output(), weights);
          elements[j] = element - STEP;
          double below = run(run, values, c.output(), weights);
          elements[j] = element;
          double gradient = analytic.get(parameter)[j];
          assertThat(gradient)
              .as("d%s[%d]", parameter, j)
              .isCloseTo(
                  difference(gradient, (at - below) / STEP, (above - at) / STEP),
                  within(TOLERANCE));
        }
      }
    }
  }

  /** The central difference; or if it goes over a kink of ReLU, the one on the other side. */
  private static double difference(double gradient, double left, double right) {
    double central = (left + right) / 2;
    boolean mayBeKink = Math.abs(right - left) > 2 * TOLERANCE;
    return Stream.of(central, mayBeKink ? left : central, mayBeKink ? right : central)
        .min(Comparator.comparingDouble(difference -> Math.abs(difference - gradient)))
        .orElseThrow();
  }

  /** {@code Σ output · weights}. */
  private static double run(
      TestRun run, Map<Value, double[]> values, Value output, double[] weights) {
    values.forEach(run::write);
    run.run();
    float[] result = run.read(output);
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
          type.dtype().isFloat()
              ? (random.nextFloat() + 0.1f) * (random.nextBoolean() ? 1 : -1)
              : random.nextInt(GraphCases.CLASSES);
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
    assertThat(covered).containsAll(records(Op.Forward.class).map(Class::getSimpleName).toList());
  }

  private static Stream<Class<?>> records(Class<?> ops) {
    return ops.isSealed()
        ? Arrays.stream(ops.getPermittedSubclasses()).flatMap(GradientsTest::records)
        : Stream.<Class<?>>of(ops).filter(Class::isRecord);
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
  void attentionToKeysThatAreTheValues(String backend) {
    Value x = graph.input("x", TensorType.f32(2, 2, 3, 4));
    Value target = graph.input("target", x.type());
    Value w = graph.parameter("w", TensorType.f32(4, 4));
    Value b = graph.parameter("b", TensorType.f32(4));
    Value rows = add(new LayoutOp.Reshape(Shape.of(12, 4)), x);
    Op linear = new ProductOp.Gemm(Transpose.NO, Transpose.YES, 1f, Epilogue.BIAS);
    Value kv = add(new LayoutOp.Reshape(x.type().shape()), add(linear, rows, w, b));
    Op attention = new AttentionOp.Attention(AttentionForm.of(2));
    Value y = add(attention, rowsOf(x), rowsOf(kv), rowsOf(kv));
    Value loss = add(new LossOp.MeanSquaredError(), y, rowsOf(target));
    Map<Value, Value> gradients = Gradients.append(graph, loss, List.of(w, b));
    gradients.forEach((parameter, value) -> graph.output("d" + parameter.name(), value));
    try (TestRun run = new TestRun(graph.build(), backend)) {
      for (Value value : List.of(x, w, b)) {
        double[] elements = new double[(int) value.type().shape().size()];
        Arrays.setAll(elements, i -> ((i * 7) % 11 - 5) * 0.2);
        run.write(value, elements);
      }
      run.write(target, new double[48]);
      run.run();
      assertThat(run.read(gradients.get(b)))
          .containsExactly(new float[] {-0.45970f, 0.20023f, -0.18623f, 0.49846f}, offset(5e-6f));
      assertThat(Arrays.copyOf(run.read(gradients.get(w)), 4))
          .containsExactly(new float[] {-0.04891f, 0.09454f, -0.09778f, 0.03501f}, offset(5e-6f));
    }
  }

  @Test
  void whatIsReadAtRunTimePositionsHasNoGradient() {
    Value q = graph.parameter("q", TensorType.f32(1, 1, 4));
    Value cache = graph.state("cache", TensorType.f32(1, 5, 4));
    Value position = graph.input("position", TensorType.i32(1));
    AttentionForm form = AttentionForm.of(2).withPosition();
    Value attention = add(new AttentionOp.Attention(form), q, cache, cache, position);
    Value written = add(new LayoutOp.WriteAt(), cache, q, position);
    for (Value y : List.of(attention, written)) {
      Value loss = add(new ReductionOp.Sum(Shape.of()), y);
      assertThatThrownBy(() -> Gradients.append(graph, loss, List.of(q)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              y == attention
                  ? "attention at a position that is known at run time has no gradient"
                  : "no gradient of WriteAt is known");
    }
  }

  /** [batch, heads, length, headSize] as [batch, length, heads · headSize]. */
  private Value rowsOf(Value x) {
    Value rows = add(new LayoutOp.Permute(List.of(0, 2, 1, 3)), x);
    return add(new LayoutOp.Reshape(Shape.of(2, 3, 8)), rows);
  }

  // ---- What is differentiated -----------------------------------------------------------------

  private final GraphBuilder graph = new GraphBuilder();

  private Value add(Op op, Value... inputs) {
    return graph.add("", op, List.of(inputs)).result();
  }

  private static Op sum() {
    return new ReductionOp.Sum(Shape.of());
  }

  private static Op function(BinaryFunction function) {
    return new ElementwiseOp.Binary(function);
  }

  @Test
  void twoWeightedLossesAddUp() {
    Value x = graph.parameter("x", TensorType.f32(3));
    Value target = graph.input("target", TensorType.f32(3));
    Value middle = add(new ActivationOp.Activate(Activation.TANH), x);
    Value first = add(new LossOp.MeanSquaredError(), middle, target);
    Value second = add(sum(), add(function(BinaryFunction.MULTIPLY), middle, middle));
    Value loss =
        add(
            function(BinaryFunction.ADD),
            add(new ElementwiseOp.Scale(3f), first),
            add(new ElementwiseOp.Scale(0.25f), second));
    Value gradient = Gradients.append(graph, loss, List.of(x)).get(x);
    graph.output("gradient", gradient);
    try (TestRun run = new TestRun(graph.build(), "cpu")) {
      double[] elements = {0.3, -0.7, 1.1};
      run.write(x, elements);
      run.write(target, 0.5, 0.5, 0.5);
      run.run();
      float[] actual = run.read(gradient);
      for (int i = 0; i < 3; i++) {
        double y = Math.tanh(elements[i]);
        double expected = (1 - y * y) * (3 * 2 * (y - 0.5) / 3 + 0.25 * 2 * y);
        assertThat((double) actual[i]).isCloseTo(expected, within(1e-6));
      }
    }
  }

  @Test
  void whatTheLossDoesNotDependOnHasNoGradient() {
    Value x = graph.parameter("x", TensorType.f32(3));
    Value unused = graph.parameter("unused", TensorType.f32(3));
    add(new ActivationOp.Activate(Activation.RELU), unused);
    Value loss = add(sum(), x);
    int before = graph.nodes().size();
    assertThat(Gradients.append(graph, loss, List.of(x, unused))).containsOnlyKeys(x);
    assertThat(graph.nodes()).as("one op spreads the gradient of the sum").hasSize(before + 1);
  }

  @Test
  void nothingIsComputedBelowWhatIsWanted() {
    Value frozen = graph.parameter("frozen", TensorType.f32(4));
    Value x = graph.input("x", TensorType.f32(2, 4));
    Value h = add(new SoftmaxOp.Softmax(-1), add(function(BinaryFunction.MULTIPLY), x, frozen));
    Value head = graph.parameter("head", TensorType.f32(2, 4));
    Value loss = add(sum(), add(function(BinaryFunction.MULTIPLY), h, head));
    int before = graph.nodes().size();
    assertThat(Gradients.append(graph, loss, List.of(head))).containsOnlyKeys(head);
    List<String> backward =
        graph.nodes().subList(before, graph.nodes().size()).stream()
            .map(node -> node.op().name())
            .toList();
    assertThat(backward).containsExactly("Expand", "BinaryBackwardY");
  }

  /** In {@code h + f(h)}, both have the gradient of the sum, and f adds its own to that of h. */
  @Test
  void aResidualAdditionCopiesNoGradient() {
    Value x = graph.parameter("x", TensorType.f32(8));
    Value h = add(new ActivationOp.Activate(Activation.TANH), x);
    Value f = add(new ActivationOp.Activate(Activation.TANH), h);
    f = add(new ActivationOp.Activate(Activation.SIGMOID), f);
    Value y = add(function(BinaryFunction.ADD), h, f);
    Value factor = graph.input("factor", y.type());
    Value loss = add(sum(), add(function(BinaryFunction.MULTIPLY), y, factor));
    int before = graph.nodes().size();
    Gradients.append(graph, loss, List.of(x));
    List<Node> backward = graph.nodes().subList(before, graph.nodes().size());
    assertThat(backward.stream().map(node -> node.op().name()))
        .containsExactly(
            "Expand",
            "BinaryBackwardX",
            "ActivateBackward",
            "ActivateBackward",
            "ActivateBackward");
    assertThat(backward.get(3).adds(0)).isTrue();
    assertThat(backward.get(3).result()).isSameAs(backward.get(1).result());
  }

  @Test
  void refusesALossThatIsNoScalar() {
    Value x = graph.parameter("x", TensorType.f32(2));
    assertThatThrownBy(() -> Gradients.append(graph, x, List.of(x)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a loss must be a scalar but is x f32[2]");
  }

  @Test
  void refusesACotangentOfAnotherType() {
    Value x = graph.parameter("x", TensorType.f32(2));
    Value y = add(new ActivationOp.Activate(Activation.RELU), x);
    Value cotangent = graph.input("cotangent", TensorType.f32(3));
    assertThatThrownBy(() -> Gradients.append(graph, Map.of(y, cotangent), List.of(x)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("f32[2]")
        .hasMessageContaining("f32[3]");
  }

  @Test
  void gradientsOfValuesInTheMiddleCanBeAskedFor() {
    Value x = graph.input("x", TensorType.f32(2));
    Value h = add(new ElementwiseOp.Scale(2f), x);
    Value y = add(function(BinaryFunction.ADD), h, h);
    Value loss = add(sum(), y);
    List<Value> wanted = new ArrayList<>(List.of(h, y));
    Map<Value, Value> gradients = Gradients.append(graph, loss, wanted);
    gradients.forEach((of, value) -> graph.output(of.name() + of.hashCode(), value));
    try (TestRun run = new TestRun(graph.build(), "cpu")) {
      run.write(x, 1, 2);
      run.run();
      assertThat(run.read(gradients.get(y))).containsExactly(1, 1);
      assertThat(run.read(gradients.get(h))).containsExactly(2, 2);
    }
  }
}
