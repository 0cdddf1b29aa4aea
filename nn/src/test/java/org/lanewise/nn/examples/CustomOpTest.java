package org.lanewise.nn.examples;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.lanewise.kernels.backend.BackendUnavailableException;
import org.lanewise.kernels.backend.Backends;
import org.lanewise.kernels.op.Effects;
import org.lanewise.kernels.op.HostOperand;
import org.lanewise.kernels.op.Op;
import org.lanewise.kernels.op.ShapeException;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.nn.DifferentiableOp;
import org.lanewise.nn.HostTensor;
import org.lanewise.nn.Init;
import org.lanewise.nn.Parameter;
import org.lanewise.nn.Tensor;
import org.lanewise.nn.data.Batches;
import org.lanewise.nn.data.MemoryDataset;
import org.lanewise.nn.session.Session;
import org.lanewise.nn.train.Trainer;
import org.lanewise.nn.weights.Weights;

/** An op that the library does not have, with its gradient, on every device. */
class CustomOpTest {
  /**
   * {@code y = x · |x|^(p−1)}, a power that keeps the sign. The gradient is an op of its own, with
   * code for the host.
   */
  record SignedPower(float p) implements Op.Custom {
    @Override
    public List<TensorType> outputs(List<TensorType> inputs) {
      return inputs;
    }

    @Override
    public long flops(List<TensorType> inputs) {
      return 2 * inputs.getFirst().shape().size();
    }

    @Override
    public Effects effects() {
      return Effects.reads("x").writes("y", "x");
    }

    @Override
    public void run(List<HostOperand> inputs, List<HostOperand> outputs) {
      HostOperand x = inputs.getFirst();
      HostOperand y = outputs.getFirst();
      for (long i = 0; i < x.size(); i++) {
        float v = x.elements().getAtIndex(JAVA_FLOAT, i);
        y.elements().setAtIndex(JAVA_FLOAT, i, v * (float) Math.pow(Math.abs(v), p - 1));
      }
    }

    @Override
    public Optional<Op> gradient() {
      return Optional.of(new SignedPowerGradient(p));
    }
  }

  /** {@code dx = dy · p · |x|^(p−1)}. */
  record SignedPowerGradient(float p) implements Op.Custom {
    @Override
    public List<TensorType> outputs(List<TensorType> inputs) {
      return List.of(inputs.getFirst());
    }

    @Override
    public long flops(List<TensorType> inputs) {
      return 3 * inputs.getFirst().shape().size();
    }

    @Override
    public Effects effects() {
      return Effects.reads("x", "y", "dy").writes("dx", "dy");
    }

    @Override
    public void run(List<HostOperand> inputs, List<HostOperand> outputs) {
      HostOperand x = inputs.get(0);
      HostOperand dy = inputs.get(2);
      HostOperand dx = outputs.getFirst();
      for (long i = 0; i < x.size(); i++) {
        float v = x.elements().getAtIndex(JAVA_FLOAT, i);
        float d = dy.elements().getAtIndex(JAVA_FLOAT, i);
        dx.elements().setAtIndex(JAVA_FLOAT, i, d * p * (float) Math.pow(Math.abs(v), p - 1));
      }
    }
  }

  /** {@code z = √(x² + y²)}, whose gradient is made of tensors. */
  record Hypotenuse() implements DifferentiableOp {
    @Override
    public List<TensorType> outputs(List<TensorType> inputs) {
      if (!inputs.get(0).equals(inputs.get(1))) {
        throw new ShapeException("x and y must have one type but are " + inputs);
      }
      return List.of(inputs.getFirst());
    }

    @Override
    public long flops(List<TensorType> inputs) {
      return 4 * inputs.getFirst().shape().size();
    }

    @Override
    public Effects effects() {
      return Effects.reads("x", "y").writes("z");
    }

    @Override
    public void run(List<HostOperand> inputs, List<HostOperand> outputs) {
      for (long i = 0; i < outputs.getFirst().size(); i++) {
        double x = inputs.get(0).elements().getAtIndex(JAVA_FLOAT, i);
        double y = inputs.get(1).elements().getAtIndex(JAVA_FLOAT, i);
        outputs.getFirst().elements().setAtIndex(JAVA_FLOAT, i, (float) Math.hypot(x, y));
      }
    }

    @Override
    public List<Tensor> gradients(
        List<Tensor> inputs, List<Tensor> outputs, List<Tensor> gradients) {
      Tensor scaled = gradients.getFirst().div(outputs.getFirst());
      return List.of(scaled.mul(inputs.get(0)), scaled.mul(inputs.get(1)));
    }
  }

  /** {@code x + y} and {@code x − y}: two results, of which a model may use one. */
  record SumAndDifference() implements DifferentiableOp {
    @Override
    public List<TensorType> outputs(List<TensorType> inputs) {
      return inputs;
    }

    @Override
    public long flops(List<TensorType> inputs) {
      return 2 * inputs.getFirst().shape().size();
    }

    @Override
    public int results() {
      return 2;
    }

    @Override
    public Effects effects() {
      return Effects.reads("x", "y").writes("sum").writes("difference");
    }

    @Override
    public void run(List<HostOperand> inputs, List<HostOperand> outputs) {
      for (long i = 0; i < inputs.getFirst().size(); i++) {
        float x = inputs.get(0).elements().getAtIndex(JAVA_FLOAT, i);
        float y = inputs.get(1).elements().getAtIndex(JAVA_FLOAT, i);
        outputs.get(0).elements().setAtIndex(JAVA_FLOAT, i, x + y);
        outputs.get(1).elements().setAtIndex(JAVA_FLOAT, i, x - y);
      }
    }

    @Override
    public List<Tensor> gradients(
        List<Tensor> inputs, List<Tensor> outputs, List<Tensor> gradients) {
      Tensor dSum = gradients.get(0);
      Tensor dDifference = gradients.get(1);
      return List.of(dSum.add(dDifference), dSum.sub(dDifference));
    }
  }

  private static final float[] X = {0.5f, -1.2f, 2f, -0.7f, 1.1f, 0.9f};
  private static final float[] FACTORS = {1.5f, -0.5f, 0.8f, 2f, -1.1f, 0.6f};
  private static final float STEP = 1f / 64;

  record Model(Parameter factors) {
    Model(float... factors) {
      this(Parameter.of(Init.values(factors), factors.length));
    }

    Tensor power(Tensor x) {
      return x.mul(factors).apply(new SignedPower(2.5f)).sum();
    }

    Tensor distance(Tensor x) {
      return x.mul(factors).apply(new Hypotenuse(), x).sum();
    }

    Tensor square(Tensor x) { // the product of both results
      List<Tensor> results = x.mul(factors).results(new SumAndDifference(), x);
      return results.get(0).mul(results.get(1)).sum();
    }

    Tensor difference(Tensor x) {
      Tensor difference = x.results(new SumAndDifference(), x.mul(factors)).get(1);
      return difference.mul(difference).sum();
    }
  }

  /** A loss of a model, with the ops of users that run in a step with gradients. */
  record Case(String device, String ops, BiFunction<Model, Tensor, Tensor> loss) {
    float loss(float... factors) {
      Model model = new Model(factors);
      try (Session session = Session.open(device, Weights.of(model).initialize(1))) {
        HostTensor x = HostTensor.of(X, X.length);
        return session.run(in -> loss.apply(model, in.get("x")), Map.of("x", x)).toFloats()[0];
      }
    }

    Trainer trained() {
      Model model = new Model(FACTORS);
      Trainer trainer =
          Trainer.of(Weights.of(model), in -> loss.apply(model, in.get("x").reshape(X.length)))
              .device(device)
              .build();
      MemoryDataset data = MemoryDataset.of("x", HostTensor.of(X, 1, X.length));
      trainer.fit(Batches.of(data).size(1), 1);
      return trainer;
    }

    @Override
    public String toString() {
      return ops + " on " + device;
    }
  }

  static Stream<Case> cases() {
    return Backends.names().stream()
        .flatMap(device ->
            Stream.of(
                new Case(
                    device, "2 ops on the host: SignedPower, SignedPowerGradient", Model::power),
                new Case(device, "1 op on the host: Hypotenuse", Model::distance),
                new Case(device, "1 op on the host: SumAndDifference", Model::square),
                new Case(device, "1 op on the host: SumAndDifference", Model::difference)));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void itsGradientAgreesWithDifferences(Case c) {
    try (Trainer trainer = c.trained()) {
      float[] gradient = trainer.gradients().get("factors").toFloats();
      for (int i = 0; i < FACTORS.length; i++) {
        float[] above = FACTORS.clone();
        float[] below = FACTORS.clone();
        above[i] += STEP;
        below[i] -= STEP;
        float slope = (c.loss(above) - c.loss(below)) / (2 * STEP);
        assertThat(gradient[i]).as("%d", i).isCloseTo(slope, within(2e-3f));
      }
    } catch (BackendUnavailableException missing) {
      Assumptions.abort(missing.getMessage());
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aDeviceWithMemoryOfItsOwnTellsThatItRunsOnTheHost(Case c) {
    try (Trainer trainer = c.trained()) {
      String device = trainer.session().device();
      if (trainer.session().deviceWeights().isCopy()) {
        assertThat(device).endsWith(c.ops);
      } else {
        assertThat(device).doesNotContain("on the host");
      }
    } catch (BackendUnavailableException missing) {
      Assumptions.abort(missing.getMessage());
    }
  }

  @Test
  void itsShapesAreChecked() {
    Model model = new Model(FACTORS);
    Weights weights = Weights.of(model).initialize(1);
    try (Session session = Session.open("cpu", weights)) {
      assertThatThrownBy(() ->
              session.run(
                  in -> in.get("x").apply(new Hypotenuse(), model.factors()),
                  Map.of("x", HostTensor.of(X, 2, 3))))
          .isInstanceOf(ShapeException.class)
          .hasMessageContaining("x and y must have one type but are [f32[2, 3], f32[6]]")
          .hasMessageContaining("CustomOpTest.java:");
    }
  }
}
