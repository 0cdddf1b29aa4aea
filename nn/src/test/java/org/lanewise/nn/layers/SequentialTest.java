package org.lanewise.nn.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.lanewise.nn.layers.Layers.activation;
import static org.lanewise.nn.layers.Layers.batchNorm;
import static org.lanewise.nn.layers.Layers.conv1d;
import static org.lanewise.nn.layers.Layers.conv2d;
import static org.lanewise.nn.layers.Layers.dropout;
import static org.lanewise.nn.layers.Layers.flatten;
import static org.lanewise.nn.layers.Layers.linear;
import static org.lanewise.nn.layers.Layers.residual;
import static org.lanewise.nn.layers.Layers.sequential;
import static org.lanewise.nn.layers.Pools.maxPool1d;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lanewise.kernels.op.Activation;
import org.lanewise.kernels.op.ActivationOp;
import org.lanewise.kernels.op.DropoutOp;
import org.lanewise.kernels.op.ShapeException;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.nn.Components;
import org.lanewise.nn.Mode;
import org.lanewise.nn.Tensor;
import org.lanewise.nn.graph.Graph;
import org.lanewise.nn.graph.Node;

/** Layers made of layers, and those without parameters. */
class SequentialTest {
  private static Sequential motifs() {
    return sequential(
        conv1d(4, 8, 5).padding(2),
        Tensor::relu,
        maxPool1d(2),
        flatten(),
        dropout(0.25f),
        linear(8 * 6, 3).withoutBias());
  }

  record Network(Sequential features, Linear head) {}

  @Test
  void namesAreNumbersOfLayers() {
    assertThat(Components.of(motifs()).parameters().keySet())
        .containsExactly("0.weight", "0.bias", "5.weight");
    assertThat(Components.of(new Network(motifs(), linear(3, 2))).parameters().keySet())
        .containsExactly(
            "features.0.weight",
            "features.0.bias",
            "features.5.weight",
            "head.weight",
            "head.bias");
  }

  @Test
  void computesOneLayerAfterTheOther() {
    LayerRun run = LayerRun.of(sequential(linear(3, 4), Tensor::square, linear(4, 2)), 5, 3);
    Map<String, float[]> weights = run.weights();
    double[] h = product(run.input(), 3, weights.get("0.weight"), weights.get("0.bias"));
    float[] squares = new float[h.length];
    for (int i = 0; i < h.length; i++) {
      squares[i] = (float) (h[i] * h[i]);
    }
    double[] expected = product(squares, 4, weights.get("2.weight"), weights.get("2.bias"));
    for (int i = 0; i < expected.length; i++) {
      assertThat((double) run.output()[i]).isCloseTo(expected[i], within(1e-6));
    }
  }

  private static double[] product(float[] x, int inputs, float[] weight, float[] bias) {
    double[] y = new double[x.length / inputs * bias.length];
    for (int i = 0; i < y.length; i++) {
      int output = i % bias.length;
      y[i] = bias[output];
      for (int j = 0; j < inputs; j++) {
        y[i] += (double) weight[output * inputs + j] * x[i / bias.length * inputs + j];
      }
    }
    return y;
  }

  @Test
  void aSharedLayerHasTheNameOfItsFirstPlace() {
    Linear layer = linear(3, 3);
    Sequential twice = sequential(layer, Tensor::tanh, layer);
    assertThat(Components.of(twice).parameters().keySet()).containsExactly("0.weight", "0.bias");
    assertThat(LayerRun.of(twice, 2, 3).output()).hasSize(6);
  }

  @Test
  void withoutLayersIsTheIdentity() {
    LayerRun run = LayerRun.of(sequential(), 2, 3);
    assertThat(run.output()).isEqualTo(run.input());
  }

  @Test
  void aMismatchNamesTheNumberOfTheLayer() {
    for (boolean bias : new boolean[] {true, false}) {
      Conv1d second = bias ? conv1d(9, 2, 3) : conv1d(9, 2, 3).withoutBias();
      assertThatThrownBy(() ->
              LayerRun.trace(
                  sequential(conv1d(4, 8, 5), Tensor::relu, second),
                  Mode.TRAIN,
                  TensorType.f32(2, 4, 12)))
          .isInstanceOf(ShapeException.class)
          .hasMessageContaining("in layer layer.2")
          .hasMessageContainingAll("[2, 8, 1, 8]", "[2, 9, 1, 3]");
    }
    assertThatThrownBy(() ->
            LayerRun.trace(
                sequential(linear(4, 8), linear(9, 2).withoutBias()),
                Mode.TRAIN,
                TensorType.f32(2, 4)))
        .isInstanceOf(ShapeException.class)
        .hasMessageContainingAll("in layer layer.1", "[2, 8]", "[2, 9]");
  }

  @Test
  void aResidualHasTheNamesOfWhatIsInIt() {
    Residual identity = residual(sequential(conv2d(4, 4, 3).padding(1), batchNorm(4)));
    assertThat(Components.of(identity).parameters().keySet())
        .containsExactly("0.weight", "0.bias", "1.weight", "1.bias");
    Residual projected = residual(linear(3, 2), sequential(linear(3, 2).withoutBias()));
    assertThat(Components.of(projected).parameters().keySet())
        .containsExactly("weight", "bias", "downsample.0.weight");
    LayerRun run = LayerRun.of(projected, 5, 3);
    Map<String, float[]> weights = run.weights();
    double[] inner = product(run.input(), 3, weights.get("weight"), weights.get("bias"));
    double[] shortcut = product(run.input(), 3, weights.get("downsample.0.weight"), new float[2]);
    for (int i = 0; i < inner.length; i++) {
      assertThat((double) run.output()[i]).isCloseTo(inner[i] + shortcut[i], within(1e-6));
    }
  }

  @Test
  void aResidualRefusesAnotherShape() {
    assertThatThrownBy(
            () -> LayerRun.trace(residual(linear(4, 8)), Mode.TRAIN, TensorType.f32(2, 4)))
        .isInstanceOf(ShapeException.class)
        .hasMessageContainingAll("f32[2, 4]", "f32[2, 8]", "in layer layer");
  }

  @ParameterizedTest
  @EnumSource(Activation.class)
  void anActivationIsOneOp(Activation function) {
    Graph graph = LayerRun.trace(activation(function), Mode.TRAIN, TensorType.f32(3, 5));
    assertThat(graph.nodes().stream().map(Node::op))
        .containsExactly(new ActivationOp.Activate(function));
  }

  @Test
  void dropoutDropsInTrainingAlone() {
    Dropout layer = dropout(0.25f);
    assertThat(LayerRun.trace(layer, Mode.EVALUATE, TensorType.f32(3)).nodes()).isEmpty();
    Graph training = LayerRun.trace(layer, Mode.TRAIN, TensorType.f32(3));
    assertThat(training.nodes()).hasSize(1);
    assertThat(training.nodes().getFirst().op()).isInstanceOf(DropoutOp.Dropout.class);
    assertThat(LayerRun.trace(dropout(0f), Mode.TRAIN, TensorType.f32(3)).nodes()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(floats = {-0.1f, 1f, Float.NaN})
  void dropoutRefusesWhatIsNoProbability(float p) {
    assertThatThrownBy(() -> dropout(p))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("p must be in [0, 1) but is " + p);
  }

  @Test
  void flattensSomeAxes() {
    TensorType x = TensorType.f32(2, 3, 4, 5);
    for (var expected :
        List.of(
            Map.entry(flatten(), TensorType.f32(2, 60)),
            Map.entry(new Flatten(0, -1), TensorType.f32(120)),
            Map.entry(new Flatten(2, 3), TensorType.f32(2, 3, 20)),
            Map.entry(new Flatten(-3, -2), TensorType.f32(2, 12, 5)),
            Map.entry(new Flatten(1, 1), x))) {
      Graph graph = LayerRun.trace(expected.getKey(), Mode.TRAIN, x);
      assertThat(graph.output("y").type()).isEqualTo(expected.getValue());
    }
    assertThatThrownBy(() -> LayerRun.trace(new Flatten(2, 1), Mode.TRAIN, x))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining("axis 2 of tensor f32[2, 3, 4, 5] is after axis 1");
    assertThatThrownBy(() -> LayerRun.trace(flatten(), Mode.TRAIN, TensorType.f32(3)))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining("axis 1 is none of tensor f32[3]");
  }
}
