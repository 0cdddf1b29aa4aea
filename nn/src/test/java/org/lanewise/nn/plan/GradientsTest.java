package org.lanewise.nn.plan;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
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
import org.lanewise.kernels.op.Epilogue;
import org.lanewise.kernels.op.LossOp;
import org.lanewise.kernels.op.Op;
import org.lanewise.kernels.op.ProductOp;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.kernels.op.Transpose;

/** Each gradient rule against central differences of the loss. */
class GradientsTest {
  private static final int ROWS = 5;
  private static final int CLASSES = 4;

  /** A graph with a loss; {@code a} and {@code b} are the operands of its product. */
  record Case(String name, Graph graph, List<Value> inputs, Value loss) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Case> cases() {
    List<Case> cases = new ArrayList<>();
    for (Transpose transA : Transpose.values()) {
      for (Transpose transB : Transpose.values()) {
        for (Epilogue epilogue :
            List.of(Epilogue.NONE, Epilogue.BIAS, Epilogue.RELU, Epilogue.BIAS_RELU)) {
          cases.add(product(new ProductOp.Gemm(transA, transB, 1.5f, false, epilogue)));
        }
      }
    }
    for (Activation function : Activation.values()) {
      cases.add(activation(function));
    }
    cases.add(crossEntropy());
    cases.add(sharedParameter());
    return cases.stream();
  }

  private static Case product(ProductOp.Gemm op) {
    Graph graph = new Graph();
    List<Value> operands = new ArrayList<>();
    operands.add(
        graph.parameter(
            "a", op.transA() == Transpose.NO ? TensorType.f32(ROWS, 3) : TensorType.f32(3, ROWS)));
    operands.add(
        graph.parameter(
            "b",
            op.transB() == Transpose.NO ? TensorType.f32(3, CLASSES) : TensorType.f32(CLASSES, 3)));
    if (op.epilogue().hasBias()) {
      operands.add(graph.parameter("bias", TensorType.f32(CLASSES)));
    }
    return squaredError(op.toString(), graph, graph.add(op, operands).result());
  }

  private static Case activation(Activation function) {
    Graph graph = new Graph();
    Value x = graph.parameter("x", TensorType.f32(ROWS, CLASSES));
    Value y = graph.add(new ActivationOp.Activate(function), List.of(x)).result();
    return squaredError(function.toString(), graph, y);
  }

  private static Case squaredError(String name, Graph graph, Value prediction) {
    Value target = graph.input("target", prediction.type());
    Value loss = graph.add(new LossOp.MeanSquaredError(), List.of(prediction, target)).result();
    return new Case(name, graph, List.of(target), loss);
  }

  private static Case crossEntropy() {
    Graph graph = new Graph();
    Value logits = graph.parameter("logits", TensorType.f32(ROWS, CLASSES));
    Value labels = graph.input("labels", TensorType.i32(ROWS));
    Value loss = graph.add(new LossOp.SoftmaxCrossEntropy(), List.of(logits, labels)).result();
    return new Case("cross-entropy", graph, List.of(labels), loss);
  }

  /** One weight and bias in two layers, whose gradients add up. */
  private static Case sharedParameter() {
    Graph graph = new Graph();
    Value x = graph.input("x", TensorType.f32(ROWS, CLASSES));
    Value w = graph.parameter("w", TensorType.f32(CLASSES, CLASSES));
    Value b = graph.parameter("b", TensorType.f32(CLASSES));
    Op layer = new ProductOp.Gemm(Transpose.NO, Transpose.YES, 1f, false, Epilogue.BIAS);
    Value h = graph.add(layer, List.of(x, w, b)).result();
    h = graph.add(new ActivationOp.Activate(Activation.TANH), List.of(h)).result();
    Value y = graph.add(layer, List.of(h, w, b)).result();
    Case withTarget = squaredError("shared parameter", graph, y);
    return new Case(
        withTarget.name, graph, List.of(x, withTarget.inputs.getFirst()), withTarget.loss);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void equalCentralDifferences(Case c) {
    List<Value> gradients = Gradients.append(c.graph);
    try (Backend backend = Backends.open("cpu", 1)) {
      SplittableRandom random = new SplittableRandom(c.name.hashCode());
      Map<Value, Operand> state = new HashMap<>();
      for (Value parameter : c.graph.parameters()) {
        state.put(parameter, filled(backend, parameter.type(), random));
      }
      gradients.forEach(g -> state.put(g, operand(backend, g.type())));
      Plan plan = Plan.bind(backend, c.graph.nodes(), c.inputs, List.of(c.loss), state);
      Map<Value, float[]> inputs = new HashMap<>();
      c.inputs.forEach(input -> inputs.put(input, random(input.type(), random)));
      run(plan, c, inputs);
      List<float[]> analytic = gradients.stream().map(g -> read(state.get(g))).toList();
      for (int i = 0; i < gradients.size(); i++) {
        Operand parameter = state.get(c.graph.parameters().get(i));
        float[] values = read(parameter);
        for (int j = 0; j < values.length; j++) {
          float step = 1f / 512;
          double above = lossWith(plan, c, inputs, parameter, values, j, values[j] + step);
          double below = lossWith(plan, c, inputs, parameter, values, j, values[j] - step);
          double difference = (above - below) / (2 * step);
          assertThat((double) analytic.get(i)[j])
              .as("%s[%d]", gradients.get(i), j)
              .isCloseTo(difference, within(3e-3));
        }
      }
    }
  }

  private static double lossWith(
      Plan plan,
      Case c,
      Map<Value, float[]> inputs,
      Operand parameter,
      float[] values,
      int index,
      float value) {
    float[] changed = values.clone();
    changed[index] = value;
    write(parameter, changed);
    double loss = run(plan, c, inputs);
    write(parameter, values);
    return loss;
  }

  private static double run(Plan plan, Case c, Map<Value, float[]> inputs) {
    inputs.forEach((input, values) -> write(plan.operand(input), values));
    plan.run();
    return read(plan.operand(c.loss))[0];
  }

  @Test
  void refusesAGraphWhoseLossIsNotLast() {
    Case c = crossEntropy();
    c.graph.add(
        new ActivationOp.Activate(Activation.RELU), List.of(c.graph.parameters().getFirst()));
    assertThatThrownBy(() -> Gradients.append(c.graph))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void refusesAParameterThatDoesNotInfluenceTheLoss() {
    Case c = crossEntropy();
    c.graph.parameter("unused", TensorType.f32(1));
    assertThatThrownBy(() -> Gradients.append(c.graph))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("unused f32[1]");
  }

  private static Operand operand(Backend backend, TensorType type) {
    return new Operand(backend.allocate(type.byteSize()), 0, type);
  }

  private static Operand filled(Backend backend, TensorType type, SplittableRandom random) {
    Operand operand = operand(backend, type);
    write(operand, random(type, random));
    return operand;
  }

  /** Values whose distance from 0, where ReLU has no derivative, exceeds the difference step. */
  private static float[] random(TensorType type, SplittableRandom random) {
    float[] values = new float[(int) type.shape().size()];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          type.dtype() == DType.I32
              ? Float.intBitsToFloat(random.nextInt(CLASSES))
              : (random.nextFloat() + 0.1f) * (random.nextBoolean() ? 1 : -1);
    }
    return values;
  }

  private static void write(Operand operand, float[] values) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment host = arena.allocate(JAVA_INT, values.length);
      for (int i = 0; i < values.length; i++) {
        host.setAtIndex(JAVA_INT, i, Float.floatToRawIntBits(values[i]));
      }
      operand.buffer().write(operand.offset(), host, 0, host.byteSize());
    }
  }

  private static float[] read(Operand operand) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment host = arena.allocate(operand.type().byteSize(), 4);
      operand.buffer().read(operand.offset(), host, 0, host.byteSize());
      return host.toArray(JAVA_FLOAT);
    }
  }
}
