package org.lanewise.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.lanewise.kernels.op.UpdateOp;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Optimizers against ten steps of PyTorch's. */
class OptimizersTest {
  /** What ten steps may differ by, in units in the last place of a parameter or of 1. */
  private static final double MAX_ULP = 3;

  /** One step on all tensors. */
  @FunctionalInterface
  interface Optimizer {
    void step(
        long step,
        long size,
        MemorySegment gradient,
        MemorySegment parameters,
        MemorySegment state1,
        MemorySegment state2);
  }

  static Stream<Arguments> trajectories() throws IOException {
    try (InputStream json = OptimizersTest.class.getResourceAsStream("optimizers.json")) {
      return new JsonMapper()
          .readTree(json).get("optimizers").values().stream()
              .map(node -> Arguments.of(Named.of(node.get("name").asString(), node)))
              .toList()
              .stream();
    }
  }

  private static Optimizer optimizer(String name) {
    return switch (name) {
      case "sgd" -> sgd(new UpdateOp.Sgd(0, false, 0));
      case "sgd_momentum" -> sgd(new UpdateOp.Sgd(0.9, false, 0));
      case "sgd_nesterov" -> sgd(new UpdateOp.Sgd(0.9, true, 0.01));
      case "adam" -> adam(new UpdateOp.Adam(0.9, 0.999, 1e-8, 0, false));
      case "adamw" -> adam(new UpdateOp.Adam(0.9, 0.999, 1e-8, 0.1, true));
      case "rmsprop" ->
          (step, size, gradient, parameters, state1, state2) ->
              Optimizers.rmsProp(
                  new UpdateOp.RmsProp(0.99, 1e-8, 0),
                  0.01,
                  1,
                  size,
                  gradient,
                  parameters,
                  state1,
                  null,
                  null);
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static Optimizer sgd(UpdateOp.Sgd op) {
    return (step, size, gradient, parameters, state1, state2) ->
        Optimizers.sgd(
            op, 0.1, 1, step, size, gradient, parameters, op.momentum() == 0 ? null : state1);
  }

  private static Optimizer adam(UpdateOp.Adam op) {
    return (step, size, gradient, parameters, state1, state2) ->
        Optimizers.adam(op, 0.01, 1, step, size, gradient, parameters, state1, state2, null);
  }

  @ParameterizedTest
  @MethodSource("trajectories")
  void followsPyTorch(JsonNode trajectory) {
    // Three copies: whole vectors at every width, and a tail.
    int copies = 3;
    float[] initial = floats(trajectory.get("initial"), copies);
    try (Arena arena = Arena.ofConfined()) {
      TestTensor parameters = TestTensor.of(arena, initial);
      TestTensor state1 = TestTensor.zeros(arena, initial.length);
      TestTensor state2 = TestTensor.zeros(arena, initial.length);
      Optimizer optimizer = optimizer(trajectory.get("name").asString());
      JsonNode gradients = trajectory.get("grads");
      for (int step = 1; step <= gradients.size(); step++) {
        TestTensor gradient = TestTensor.of(arena, floats(gradients.get(step - 1), copies));
        optimizer.step(
            step,
            initial.length,
            gradient.segment(),
            parameters.segment(),
            state1.segment(),
            state2.segment());
        JsonNode after = trajectory.get("params_after_step").get(step - 1);
        for (int i = 0; i < initial.length; i++) {
          double expected = after.get(i % after.size()).asDouble();
          float ulp = Math.ulp((float) Math.max(1, Math.abs(expected)));
          assertThat((double) parameters.get(i))
              .as("parameter %d after step %d", i, step)
              .isCloseTo(expected, within(MAX_ULP * ulp));
        }
      }
      List.of(parameters, state1, state2).forEach(TestTensor::assertGuardsIntact);
    }
  }

  private static float[] floats(JsonNode array, int copies) {
    float[] floats = new float[copies * array.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) array.get(i % array.size()).asDouble();
    }
    return floats;
  }

  @Test
  void theFirstStepOfAdamIsTheLearningRate() {
    try (Arena arena = Arena.ofConfined()) {
      TestTensor gradient = TestTensor.of(arena, 1e-3f, -1e3f, 0f);
      TestTensor parameters = TestTensor.zeros(arena, 3);
      Optimizers.adam(
          new UpdateOp.Adam(0.9, 0.999, 1e-8, 0, false),
          0.25,
          1,
          1,
          3,
          gradient.segment(),
          parameters.segment(),
          TestTensor.zeros(arena, 3).segment(),
          TestTensor.zeros(arena, 3).segment(),
          null);
      assertThat(parameters.get(0)).isCloseTo(-0.25f, within(1e-5f));
      assertThat(parameters.get(1)).isCloseTo(0.25f, within(1e-6f));
      assertThat(parameters.get(2)).isZero();
    }
  }

  /** A gradient scaled by the kernel is one that was scaled before. */
  @Test
  void theGradientScaleIsAFactorOfTheGradient() {
    int size = 37;
    float scale = 0.3f;
    List<Optimizer> scaled =
        List.of(
            (step, n, gradient, parameters, state1, state2) ->
                Optimizers.sgd(
                    new UpdateOp.Sgd(0, false, 0.1),
                    0.1,
                    scale,
                    step,
                    n,
                    gradient,
                    parameters,
                    null),
            (step, n, gradient, parameters, state1, state2) ->
                Optimizers.sgd(
                    new UpdateOp.Sgd(0.9, true, 0.1),
                    0.1,
                    scale,
                    step,
                    n,
                    gradient,
                    parameters,
                    state1),
            (step, n, gradient, parameters, state1, state2) ->
                Optimizers.rmsProp(
                    new UpdateOp.RmsProp(0.9, 1e-8, 0.1),
                    0.1,
                    scale,
                    n,
                    gradient,
                    parameters,
                    state1,
                    null,
                    null),
            (step, n, gradient, parameters, state1, state2) ->
                Optimizers.adam(
                    new UpdateOp.Adam(0.9, 0.99, 1e-8, 0.1, true),
                    0.1,
                    scale,
                    step,
                    n,
                    gradient,
                    parameters,
                    state1,
                    state2,
                    null));
    List<Optimizer> plain =
        List.of(
            (step, n, gradient, parameters, state1, state2) ->
                Optimizers.sgd(
                    new UpdateOp.Sgd(0, false, 0.1), 0.1, 1, step, n, gradient, parameters, null),
            (step, n, gradient, parameters, state1, state2) ->
                Optimizers.sgd(
                    new UpdateOp.Sgd(0.9, true, 0.1),
                    0.1,
                    1,
                    step,
                    n,
                    gradient,
                    parameters,
                    state1),
            (step, n, gradient, parameters, state1, state2) ->
                Optimizers.rmsProp(
                    new UpdateOp.RmsProp(0.9, 1e-8, 0.1),
                    0.1,
                    1,
                    n,
                    gradient,
                    parameters,
                    state1,
                    null,
                    null),
            (step, n, gradient, parameters, state1, state2) ->
                Optimizers.adam(
                    new UpdateOp.Adam(0.9, 0.99, 1e-8, 0.1, true),
                    0.1,
                    1,
                    step,
                    n,
                    gradient,
                    parameters,
                    state1,
                    state2,
                    null));
    for (int k = 0; k < plain.size(); k++) {
      try (Arena arena = Arena.ofConfined()) {
        TestTensor gradient = TestTensor.normal(arena, size, 1, 1);
        TestTensor scaledGradient = TestTensor.zeros(arena, size);
        Blas1.scal(size, scale, gradient.segment(), scaledGradient.segment());
        assertThat(step(scaled.get(k), arena, gradient))
            .isEqualTo(step(plain.get(k), arena, scaledGradient));
      }
    }
  }

  private static float[] step(Optimizer optimizer, Arena arena, TestTensor gradient) {
    int size = 37;
    TestTensor parameters = TestTensor.normal(arena, size, 1, 2);
    TestTensor state1 = TestTensor.zeros(arena, size);
    TestTensor state2 = TestTensor.zeros(arena, size);
    optimizer.step(
        1, size, gradient.segment(), parameters.segment(), state1.segment(), state2.segment());
    return parameters.floats();
  }
}
