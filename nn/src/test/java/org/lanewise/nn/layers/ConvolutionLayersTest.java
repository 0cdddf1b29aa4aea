package org.lanewise.nn.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.lanewise.nn.layers.Layers.conv1d;
import static org.lanewise.nn.layers.Layers.conv2d;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.lanewise.kernels.op.Shape;
import org.lanewise.kernels.op.ShapeException;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.kernels.op.Window;
import org.lanewise.nn.Components;
import org.lanewise.nn.Init;
import org.lanewise.nn.Layer;
import org.lanewise.nn.Mode;
import org.lanewise.nn.PaddingMode;
import org.lanewise.nn.weights.Weights;

/** Convolutions of images and sequences against sums in f64. */
class ConvolutionLayersTest {
  private static final double TOLERANCE = 2e-6;

  static List<Conv2d> images() {
    List<Conv2d> layers = new ArrayList<>();
    for (PaddingMode mode : PaddingMode.values()) {
      layers.add(conv2d(4, 6, 3).padding(1).paddingMode(mode));
      layers.add(conv2d(4, 5, Window.of(2, 3)).padding(2, 3).stride(2, 1).paddingMode(mode));
      layers.add(conv2d(4, 2, 3).dilation(2, 1).padding(4, 0).groups(2).paddingMode(mode));
      layers.add(conv2d(4, 4, Window.of(1, 3)).padding(0, 2).groups(4).paddingMode(mode));
    }
    return layers;
  }

  @ParameterizedTest
  @MethodSource("images")
  void equalSumsOverWindowsOfImages(Conv2d layer) {
    check(layer);
    check(layer.withoutBias());
  }

  private static void check(Conv2d layer) {
    LayerRun run = LayerRun.of(layer, 3, 4, 5, 7);
    ConvolutionReference reference =
        new ConvolutionReference(
            3,
            4,
            5,
            7,
            (int) layer.weight().shape().dimension(0),
            (int) layer.groups(),
            layer.window());
    assertThat(run.y().type())
        .isEqualTo(
            TensorType.f32(
                3, reference.filters(), reference.outputHeight(), reference.outputWidth()));
    check(run, reference, layer.paddingMode());
  }

  static List<Conv1d> sequences() {
    List<Conv1d> layers = new ArrayList<>();
    for (PaddingMode mode : PaddingMode.values()) {
      layers.add(conv1d(4, 6, 3).padding(1).paddingMode(mode));
      layers.add(conv1d(4, 2, 4).padding(8).stride(3).groups(2).paddingMode(mode));
      layers.add(conv1d(4, 4, 3).padding(2).dilation(2).groups(4).paddingMode(mode));
      layers.add(conv1d(4, 3, 1).paddingMode(mode));
    }
    return layers;
  }

  @ParameterizedTest
  @MethodSource("sequences")
  void equalSumsOverWindowsOfSequences(Conv1d layer) {
    check(layer);
    check(layer.withoutBias());
  }

  private static void check(Conv1d layer) {
    LayerRun run = LayerRun.of(layer, 2, 4, 11);
    ConvolutionReference reference =
        new ConvolutionReference(
            2,
            4,
            1,
            11,
            (int) layer.weight().shape().dimension(0),
            (int) layer.groups(),
            layer.window());
    assertThat(run.y().type())
        .isEqualTo(TensorType.f32(2, reference.filters(), reference.outputWidth()));
    check(run, reference, layer.paddingMode());
  }

  private static void check(LayerRun run, ConvolutionReference reference, PaddingMode mode) {
    double[] expected =
        reference.convolve(
            run.input(), run.weights().get("weight"), run.weights().get("bias"), mode);
    float[] actual = run.output();
    assertThat(actual).hasSize(expected.length);
    for (int i = 0; i < expected.length; i++) {
      assertThat((double) actual[i]).as("y[%d]", i).isCloseTo(expected[i], within(TOLERANCE));
    }
  }

  @Test
  void haveTheNamesAndShapesOfPyTorch() {
    assertShapes(Components.of(conv2d(6, 4, Window.of(3, 5)).groups(2)), "[4, 3, 3, 5]", "[4]");
    assertShapes(Components.of(conv1d(6, 4, 3).groups(2)), "[4, 3, 3]", "[4]");
    assertThat(Components.of(conv2d(6, 4, 3).withoutBias().groups(2)).parameters().keySet())
        .containsExactly("weight");
    assertThat(Components.of(conv1d(6, 4, 3).withoutBias().groups(2)).parameters().keySet())
        .containsExactly("weight");
  }

  private static void assertShapes(Components components, String weight, String bias) {
    assertThat(components.parameters().keySet()).containsExactly("weight", "bias");
    assertThat(components.parameters().get("weight").shape()).hasToString(weight);
    assertThat(components.parameters().get("bias").shape()).hasToString(bias);
  }

  @Test
  void startAsPyTorchDoesOrAsTold() {
    Weights weights = Weights.of(conv1d(8, 16, 9).groups(2)).initialize(3);
    float bound = 1 / 6f; // √(4 · 9)
    for (String name : List.of("weight", "bias")) {
      float largest = 0;
      for (float element : weights.toArray(name)) {
        largest = Math.max(largest, Math.abs(element));
      }
      assertThat(largest).as(name).isBetween(0.8f * bound, bound);
    }
    Weights ones = Weights.of(conv2d(2, 3, 1).weight(Init.ones())).initialize(3);
    assertThat(ones.toArray("weight")).containsOnly(1f);
    ones = Weights.of(conv1d(2, 3, 1).weight(Init.ones())).initialize(3);
    assertThat(ones.toArray("weight")).containsOnly(1f);
  }

  @ParameterizedTest
  @EnumSource(PaddingMode.class)
  void anEmptyBatchGivesAnEmptyBatch(PaddingMode mode) {
    assertThat(LayerRun.of(conv1d(2, 3, 3).padding(1).paddingMode(mode), 0, 2, 5).y().type())
        .isEqualTo(TensorType.f32(0, 3, 5));
    assertThat(LayerRun.of(conv2d(2, 3, 3).padding(1).paddingMode(mode), 0, 2, 5, 4).y().type())
        .isEqualTo(TensorType.f32(0, 3, 5, 4));
  }

  @Test
  void refuseOtherShapesWithTheirPath() {
    assertRefused(conv1d(4, 6, 3), Shape.of(2, 5, 9), "[6, 5, 1, 3]", "[6, 4, 1, 3]");
    assertRefused(conv1d(4, 6, 3).withoutBias(), Shape.of(2, 5, 9), "[6, 5, 1, 3]");
    assertRefused(
        conv1d(4, 6, 3),
        Shape.of(2, 4, 9, 1),
        "x must be [batch, channels, length] but is tensor f32[2, 4, 9, 1]");
    assertRefused(conv1d(4, 6, 3), Shape.of(2, 4, 2), "width 2 with padding 0 is less than the 3");
    assertRefused(conv2d(4, 6, 3), Shape.of(2, 5, 9, 9), "[6, 5, 3, 3]", "[6, 4, 3, 3]");
    assertRefused(conv2d(4, 6, 3), Shape.of(2, 4, 9), "x must have 4 axes but is f32[2, 4, 9]");
    assertRefused(
        conv2d(4, 6, 3).padding(2).paddingMode(PaddingMode.REFLECT),
        Shape.of(2, 4, 9, 2),
        "REFLECT margins in axis 3 of tensor f32[2, 4, 9, 2] must be from 0 to 1 but are 2 and 2");
    assertRefused(
        conv1d(4, 6, 3).padding(3).paddingMode(PaddingMode.CIRCULAR),
        Shape.of(2, 4, 2),
        "CIRCULAR margins in axis 2 of tensor f32[2, 4, 2] must be from 0 to 2 but are 3 and 3");
  }

  private static <M extends Record & Layer> void assertRefused(M layer, Shape x, String... parts) {
    assertThatThrownBy(() -> LayerRun.trace(layer, Mode.TRAIN, TensorType.f32(x)))
        .isInstanceOf(ShapeException.class)
        .hasMessageContainingAll(parts)
        .hasMessageContaining("in layer layer");
  }

  @Test
  void refuseGroupsThatDoNotDivide() {
    assertThatThrownBy(() -> conv2d(4, 6, 3).groups(4))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("groups must divide 4 and 6, the channels and filters, but is 4");
    assertThatThrownBy(() -> conv1d(4, 6, 3).groups(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("but is 0");
  }
}
