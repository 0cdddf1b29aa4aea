package org.lanewise.kernels;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.lanewise.kernels.op.UpdateOp;

/** Optimizers against PyTorch's formulas in f64, as the documentation of torch.optim gives them. */
class OptimizerFormulasTest {
  private static final int SIZE = 100;
  private static final int STEPS = 8;
  private static final double LEARNING_RATE = 0.1;
  private static final double SCALE = 0.5;

  /** What one step may differ by, relative to a parameter or to 1. */
  private static final double TOLERANCE = 4e-7;

  /** A step of the kernel on all parameters. */
  @FunctionalInterface
  private interface Kernel {
    void step(long step, MemorySegment gradient, MemorySegment parameters, MemorySegment[] states);
  }

  /** The formula for one parameter, which is returned, and its states, which are updated. */
  @FunctionalInterface
  private interface Formula {
    double step(long step, double g, double theta, double[] states);
  }

  private static void agree(double weightDecay, Kernel kernel, Formula formula) {
    agree(weightDecay, 0f, kernel, formula);
  }

  /** Follows both for some steps; the weight decay is added to the gradient before the formula. */
  private static void agree(double weightDecay, float initial, Kernel kernel, Formula formula) {
    try (Arena arena = Arena.ofConfined()) {
      TestTensor parameters = TestTensor.normal(arena, SIZE, 1, 1);
      MemorySegment[] states = new MemorySegment[3];
      double[] theta = new double[SIZE];
      double[][] expectedStates = new double[SIZE][states.length];
      for (int k = 0; k < states.length; k++) {
        states[k] = TestTensor.zeros(arena, SIZE).segment();
        for (int i = 0; i < SIZE; i++) {
          states[k].setAtIndex(JAVA_FLOAT, i, initial);
          expectedStates[i][k] = initial;
          theta[i] = parameters.get(i);
        }
      }
      for (int step = 1; step <= STEPS; step++) {
        TestTensor gradient = TestTensor.normal(arena, SIZE, 1, 10 + step);
        kernel.step(step, gradient.segment(), parameters.segment(), states);
        for (int i = 0; i < SIZE; i++) {
          double g = SCALE * gradient.get(i) + weightDecay * theta[i];
          theta[i] = formula.step(step, g, theta[i], expectedStates[i]);
          assertThat((double) parameters.get(i))
              .as("parameter %d after step %d", i, step)
              .isCloseTo(theta[i], within(step * TOLERANCE * (1 + Math.abs(theta[i]))));
        }
      }
    }
  }

  static Stream<UpdateOp.Sgd> sgds() {
    return Stream.of(
        new UpdateOp.Sgd(0, false, 0.1),
        new UpdateOp.Sgd(0.9, false, 0),
        new UpdateOp.Sgd(0.9, 0.25, false, 0.1),
        new UpdateOp.Sgd(0.8, 1, false, 0),
        new UpdateOp.Sgd(0.9, true, 0.01));
  }

  @ParameterizedTest
  @MethodSource("sgds")
  void sgd(UpdateOp.Sgd op) {
    agree(
        op.weightDecay(),
        (step, gradient, parameters, states) ->
            Optimizers.sgd(op, LEARNING_RATE, SCALE, step, SIZE, gradient, parameters, states[0]),
        (step, g, theta, states) -> {
          double mu = op.momentum();
          double u = step == 1 ? g : mu * states[0] + (1 - op.dampening()) * g;
          states[0] = u;
          return theta - LEARNING_RATE * (mu == 0 ? g : op.nesterov() ? g + mu * u : u);
        });
  }

  static Stream<UpdateOp.RmsProp> rmsProps() {
    return Stream.of(
        new UpdateOp.RmsProp(0.99, 1e-8, 0.1),
        new UpdateOp.RmsProp(0.9, 1e-6, 0, 0, true),
        new UpdateOp.RmsProp(0.9, 1e-6, 0.01, 0.8, false),
        new UpdateOp.RmsProp(0.95, 1e-8, 0.01, 0.9, true));
  }

  @ParameterizedTest
  @MethodSource("rmsProps")
  void rmsProp(UpdateOp.RmsProp op) {
    agree(
        op.weightDecay(),
        (step, gradient, parameters, states) ->
            Optimizers.rmsProp(
                op,
                LEARNING_RATE,
                SCALE,
                SIZE,
                gradient,
                parameters,
                states[0],
                states[1],
                states[2]),
        (step, g, theta, states) -> {
          states[0] = op.decay() * states[0] + (1 - op.decay()) * g * g;
          states[1] = op.decay() * states[1] + (1 - op.decay()) * g;
          double variance = states[0] - (op.centered() ? states[1] * states[1] : 0);
          states[2] = op.momentum() * states[2] + g / (Math.sqrt(variance) + op.epsilon());
          return theta - LEARNING_RATE * states[2];
        });
  }

  /** Where PyTorch takes the root of a number that rounding made negative. */
  @Test
  void centeredRmsPropOfAConstantGradientIsANumber() {
    try (Arena arena = Arena.ofConfined()) {
      TestTensor gradient = TestTensor.of(arena, 0.1f, 0.3f, -0.7f, 1.1f);
      TestTensor parameters = TestTensor.zeros(arena, 4);
      TestTensor moment2 = TestTensor.zeros(arena, 4);
      TestTensor mean = TestTensor.zeros(arena, 4);
      for (int step = 0; step < 100; step++) {
        Optimizers.rmsProp(
            new UpdateOp.RmsProp(0.5, 1e-8, 0, 0, true),
            1e-10,
            1,
            4,
            gradient.segment(),
            parameters.segment(),
            moment2.segment(),
            mean.segment(),
            null);
      }
      for (float parameter : parameters.floats()) {
        assertThat(parameter).isFinite();
      }
    }
  }

  static Stream<UpdateOp.Adam> adams() {
    return Stream.of(
        new UpdateOp.Adam(0.9, 0.999, 1e-8, 0.1, false),
        new UpdateOp.Adam(0.9, 0.99, 1e-6, 0.1, true),
        new UpdateOp.Adam(0.8, 0.5, 1e-8, 0.1, false, true),
        new UpdateOp.Adam(0.9, 0.6, 1e-8, 0.1, true, true));
  }

  @ParameterizedTest
  @MethodSource("adams")
  void adam(UpdateOp.Adam op) {
    agree(
        op.decoupled() ? 0 : op.weightDecay(),
        (step, gradient, parameters, states) ->
            Optimizers.adam(
                op,
                LEARNING_RATE,
                SCALE,
                step,
                SIZE,
                gradient,
                parameters,
                states[0],
                states[1],
                states[2]),
        (step, g, theta, states) -> {
          states[0] = op.beta1() * states[0] + (1 - op.beta1()) * g;
          states[1] = op.beta2() * states[1] + (1 - op.beta2()) * g * g;
          states[2] = Math.max(states[2], states[1]);
          double m = states[0] / (1 - Math.pow(op.beta1(), step));
          double v = states[op.amsGrad() ? 2 : 1] / (1 - Math.pow(op.beta2(), step));
          double kept = theta * (1 - (op.decoupled() ? LEARNING_RATE * op.weightDecay() : 0));
          return kept - LEARNING_RATE * m / (Math.sqrt(v) + op.epsilon());
        });
  }

  @ParameterizedTest
  @CsvSource({"0, 0, 0", "0.1, 0, 0.5", "0.01, 0.1, 0.1"})
  void adagrad(double rateDecay, double weightDecay, float initial) {
    double epsilon = 1e-10;
    agree(
        weightDecay,
        initial,
        (step, gradient, parameters, states) ->
            Optimizers.adagrad(
                rateDecay,
                epsilon,
                weightDecay,
                LEARNING_RATE,
                SCALE,
                step,
                SIZE,
                gradient,
                parameters,
                states[0]),
        (step, g, theta, states) -> {
          states[0] += g * g;
          double rate = LEARNING_RATE / (1 + (step - 1) * rateDecay);
          return theta - rate * g / (Math.sqrt(states[0]) + epsilon);
        });
  }
}
