package org.lanewise.nn.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
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
import org.lanewise.kernels.backend.Backend;
import org.lanewise.kernels.backend.Backends;
import org.lanewise.kernels.backend.Operand;
import org.lanewise.kernels.op.Activation;
import org.lanewise.kernels.op.ActivationOp;
import org.lanewise.kernels.op.DType;
import org.lanewise.kernels.op.Op;
import org.lanewise.kernels.op.TensorType;

/** Each gradient rule against central differences. */
class GradientsTest {
  private static final float STEP = 1f / 512;

  static Stream<GraphCase> cases() {
    return GraphCases.all().stream();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void equalCentralDifferences(GraphCase c) {
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
    try (Backend backend = Backends.open("cpu", 1)) {
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
        cases()
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
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void refusesAParameterThatDoesNotInfluenceTheLoss() {
    GraphCase c = GraphCases.crossEntropy();
    c.graph().parameter("unused", TensorType.f32(1));
    assertThatThrownBy(() -> Gradients.append(c.graph()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("unused f32[1]");
  }
}
