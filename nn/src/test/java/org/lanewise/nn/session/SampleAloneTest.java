package org.lanewise.nn.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.lanewise.kernels.backend.BackendUnavailableException;
import org.lanewise.nn.HostTensor;
import org.lanewise.nn.Layer;
import org.lanewise.nn.Tensor;
import org.lanewise.nn.Tensors;
import org.lanewise.nn.layers.Layers;
import org.lanewise.nn.layers.Linear;
import org.lanewise.nn.weights.Weights;

/** What is computed of a sample has the same bits in a batch of others as alone. */
class SampleAloneTest {
  private static final int SAMPLES = 3;

  private static final Map<String, Layer> FUNCTIONS =
      Map.of(
          "sum", x -> x.sum(-1),
          "sum of last axes", x -> x.sum(1, 2),
          "mean", x -> x.mean(-1),
          "mean of last axes", x -> x.mean(1, 2),
          "length", x -> x.square().sum(-1).sqrt(),
          "softmax", x -> x.softmax(-1),
          "norm", x -> x.mul(x.mean(1, 2).reshape(x.shape().dimension(0), 1, 1)));

  private static Stream<Arguments> cases() {
    return Stream.of("scalar", "cpu", "opencl")
        .flatMap(device ->
            FUNCTIONS.keySet().stream()
                .sorted()
                .flatMap(function ->
                    Stream.of(List.of(1, 5), List.of(1, 384), List.of(7, 1), List.of(2, 5003))
                        .map(shape -> Arguments.of(device, function, shape.get(0), shape.get(1)))));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void hasTheSameBits(String device, String name, int rows, int columns) {
    float[] elements = new float[SAMPLES * rows * columns];
    Random random = new Random(1);
    for (int i = 0; i < elements.length; i++) {
      elements[i] = (float) random.nextGaussian();
    }
    Layer layer = FUNCTIONS.get(name);
    Function<Tensors, Tensor> function = in -> layer.forward(in.get("x"));
    try (Session session = open(device)) {
      float[] all = run(session, function, elements, rows, columns);
      int outputs = all.length / SAMPLES;
      int inputs = rows * columns;
      for (int i = 0; i < SAMPLES; i++) {
        float[] sample = Arrays.copyOfRange(elements, i * inputs, (i + 1) * inputs);
        assertThat(run(session, function, sample, rows, columns))
            .as("sample %d", i)
            .containsExactly(Arrays.copyOfRange(all, i * outputs, (i + 1) * outputs));
      }
    }
  }

  private static Session open(String device) {
    record Model(Linear linear) {}
    try {
      return Session.open(device, 2, Weights.of(new Model(Layers.linear(1, 1))).initialize(1));
    } catch (BackendUnavailableException missing) {
      return abort(missing.getMessage());
    }
  }

  private static float[] run(
      Session session, Function<Tensors, Tensor> function, float[] x, int rows, int columns) {
    HostTensor tensor = HostTensor.of(x, x.length / (rows * columns), rows, columns);
    return session.run(function, Map.of("x", tensor)).toFloats();
  }
}
