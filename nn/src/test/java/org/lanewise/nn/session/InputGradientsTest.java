package org.lanewise.nn.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.lanewise.nn.layers.Layers.linear;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.lanewise.kernels.op.ShapeException;
import org.lanewise.nn.HostTensor;
import org.lanewise.nn.Tensor;
import org.lanewise.nn.Tensors;
import org.lanewise.nn.layers.Linear;
import org.lanewise.nn.weights.Weights;

class InputGradientsTest {
  record Model(Linear first, Linear second) {
    Model() {
      this(linear(3, 5), linear(5, 2));
    }

    Tensor forward(Tensor x) {
      return second.forward(first.forward(x).tanh().dropout(0.5f));
    }
  }

  private final Model model = new Model();
  private final Session session = Session.open("cpu", 1, Weights.of(model).initialize(3));
  private final Function<Tensors, Tensor> score =
      in -> model.forward(in.get("x")).mul(in.get("y")).sum();

  @AfterEach
  void close() {
    session.close();
  }

  private static Map<String, HostTensor> inputs(float[] x) {
    Map<String, HostTensor> inputs = new LinkedHashMap<>();
    inputs.put("x", HostTensor.of(x, 2, 3));
    inputs.put("y", HostTensor.of(new float[] {1, 0.5f, -2, 1}, 2, 2));
    inputs.put("unused", HostTensor.of(new float[7], 7));
    inputs.put("labels", HostTensor.of(new int[2], 2));
    return inputs;
  }

  @Test
  void areFiniteDifferences() {
    float[] x = {0.3f, -0.2f, 0.9f, -0.5f, 0.1f, 0.7f};
    float[] gradient = session.gradients(score, inputs(x), "x").get("x").toFloats();

    float step = 1e-2f;
    for (int i = 0; i < x.length; i++) {
      float[] above = x.clone();
      float[] below = x.clone();
      above[i] += step;
      below[i] -= step;
      double difference =
          session.run(score, inputs(above)).toFloats()[0]
              - session.run(score, inputs(below)).toFloats()[0];
      assertThat((double) gradient[i]).isCloseTo(difference / (2 * step), within(1e-3));
    }
  }

  @Test
  void aSampleHasItsOwn() {
    float[] x = {0.3f, -0.2f, 0.9f, -0.5f, 0.1f, 0.7f};
    float[] gradient = session.gradients(score, inputs(x), "x").get("x").toFloats();
    x[5] = 3;
    float[] other = session.gradients(score, inputs(x), "x").get("x").toFloats();

    assertThat(Arrays.copyOf(other, 3)).isEqualTo(Arrays.copyOf(gradient, 3));
    assertThat(other).isNotEqualTo(gradient);
  }

  @Test
  void comeInTheirOrderAndAreZeroWhereNothingDepends() {
    var gradients = session.gradients(score, inputs(new float[6]), "unused", "y", "x");

    assertThat(gradients.keySet()).containsExactly("unused", "y", "x");
    assertThat(gradients.get("unused").toFloats()).isEqualTo(new float[7]);
    assertThat(gradients.get("y").type()).hasToString("f32[2, 2]");
  }

  @Test
  void saysWhatHasNone() {
    Map<String, HostTensor> inputs = inputs(new float[6]);
    assertThatThrownBy(() -> session.gradients(score, inputs, "z"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no input is called 'z'");
    assertThatThrownBy(() -> session.gradients(score, inputs, "labels"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'labels' is i32[2], and only f32 inputs have gradients");
    assertThatThrownBy(() -> session.gradients(in -> model.forward(in.get("x")), inputs, "x"))
        .isInstanceOf(ShapeException.class);
  }
}
