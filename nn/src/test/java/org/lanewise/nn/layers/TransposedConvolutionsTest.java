package org.lanewise.nn.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.lanewise.nn.layers.Layers.convTranspose1d;
import static org.lanewise.nn.layers.Layers.convTranspose2d;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.lanewise.kernels.op.ShapeException;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.kernels.op.Window;
import org.lanewise.nn.Components;
import org.lanewise.nn.Init;
import org.lanewise.nn.Layer;
import org.lanewise.nn.Mode;
import org.lanewise.nn.weights.Weights;

/** Transposed convolutions against products that are spread in f64. */
class TransposedConvolutionsTest {
  private static final double TOLERANCE = 2e-6;

  static Stream<ConvTranspose2d> images() {
    return Stream.of(
            convTranspose2d(4, 6, 3),
            convTranspose2d(4, 6, 3).padding(1).stride(2),
            convTranspose2d(4, 6, 3).padding(1).stride(2).outputPadding(1),
            convTranspose2d(4, 6, Window.of(2, 5))
                .stride(3, 2)
                .padding(0, 2)
                .outputPadding(2, 1)
                .groups(2),
            convTranspose2d(4, 4, 3).groups(4).stride(2),
            convTranspose2d(4, 6, 3).dilation(2).padding(1).outputPadding(1), // a stride of it
            convTranspose2d(4, 6, 2).dilation(5, 3).stride(2, 1).outputPadding(3, 2).padding(2, 1),
            convTranspose2d(4, 2, 1),
            convTranspose2d(4, 2, 2).stride(4)) // what no filter reaches
        .flatMap(layer -> Stream.of(layer, layer.withoutBias()));
  }

  @ParameterizedTest
  @MethodSource("images")
  void spreadProductsOverImages(ConvTranspose2d layer) {
    int groups = (int) layer.groups();
    LayerRun run = LayerRun.of(layer, 3, 4, 5, 7);
    Window w = layer.window();
    int height =
        (5 - 1) * w.strideHeight()
            - 2 * w.paddingHeight()
            + w.dilationHeight() * (w.kernelHeight() - 1)
            + layer.outputPaddingHeight()
            + 1;
    int width =
        (7 - 1) * w.strideWidth()
            - 2 * w.paddingWidth()
            + w.dilationWidth() * (w.kernelWidth() - 1)
            + layer.outputPaddingWidth()
            + 1;
    check(run, w, groups, 5, 7, height, width);
    int filters = (int) layer.weight().shape().dimension(1) * groups;
    assertThat(run.y().type()).isEqualTo(TensorType.f32(3, filters, height, width));
  }

  static Stream<ConvTranspose1d> sequences() {
    return Stream.of(
            convTranspose1d(4, 6, 3),
            convTranspose1d(4, 6, 4).padding(1).stride(2).groups(2),
            convTranspose1d(4, 6, 3).padding(2).stride(3).outputPadding(2),
            convTranspose1d(4, 4, 3).dilation(3).padding(1).outputPadding(2).groups(4))
        .flatMap(layer -> Stream.of(layer, layer.withoutBias()));
  }

  @ParameterizedTest
  @MethodSource("sequences")
  void spreadProductsOverSequences(ConvTranspose1d layer) {
    int groups = (int) layer.groups();
    LayerRun run = LayerRun.of(layer, 3, 4, 9);
    Window w = layer.window();
    int length =
        (9 - 1) * w.strideWidth()
            - 2 * w.paddingWidth()
            + w.dilationWidth() * (w.kernelWidth() - 1)
            + layer.outputPadding()
            + 1;
    check(run, w, groups, 1, 9, 1, length);
    int filters = (int) layer.weight().shape().dimension(1) * groups;
    assertThat(run.y().type()).isEqualTo(TensorType.f32(3, filters, length));
  }

  private static void check(
      LayerRun run, Window w, int groups, int height, int width, int toHeight, int toWidth) {
    float[] x = run.input();
    float[] weight = run.weights().get("weight");
    float[] bias = run.weights().get("bias");
    int groupFilters = weight.length / 4 / w.kernelHeight() / w.kernelWidth();
    int filters = groupFilters * groups;
    double[] expected = new double[3 * filters * toHeight * toWidth];
    for (int image = 0; image < 3; image++) {
      for (int channel = 0; channel < 4; channel++) {
        for (int filter = 0; filter < groupFilters; filter++) {
          int plane = image * filters + channel / (4 / groups) * groupFilters + filter;
          int kernel = channel * groupFilters + filter;
          for (int i = 0; i < height; i++) {
            for (int j = 0; j < width; j++) {
              double element = x[((image * 4 + channel) * height + i) * width + j];
              for (int k = 0; k < w.kernelHeight(); k++) {
                for (int l = 0; l < w.kernelWidth(); l++) {
                  int row = i * w.strideHeight() + k * w.dilationHeight() - w.paddingHeight();
                  int column = j * w.strideWidth() + l * w.dilationWidth() - w.paddingWidth();
                  if (row >= 0 && row < toHeight && column >= 0 && column < toWidth) {
                    expected[(plane * toHeight + row) * toWidth + column] +=
                        element * weight[(kernel * w.kernelHeight() + k) * w.kernelWidth() + l];
                  }
                }
              }
            }
          }
        }
      }
    }
    float[] actual = run.output();
    assertThat(actual).hasSize(expected.length);
    for (int i = 0; i < expected.length; i++) {
      double of = bias == null ? 0 : bias[i / (toHeight * toWidth) % filters];
      assertThat((double) actual[i]).as("y[%d]", i).isCloseTo(expected[i] + of, within(TOLERANCE));
    }
  }

  @Test
  void haveTheNamesAndShapesOfPyTorch() {
    assertShapes(convTranspose2d(6, 4, Window.of(3, 5)).groups(2), "[6, 2, 3, 5]", "[4]");
    assertShapes(convTranspose1d(6, 4, 3).groups(2), "[6, 2, 3]", "[4]");
    assertThat(Components.of(convTranspose2d(6, 4, 3).withoutBias().groups(2)).parameters())
        .containsOnlyKeys("weight");
    assertThat(Components.of(convTranspose1d(6, 4, 3).withoutBias().groups(2)).parameters())
        .containsOnlyKeys("weight");
  }

  private static void assertShapes(Record layer, String weight, String bias) {
    Components components = Components.of(layer);
    assertThat(components.parameters().keySet()).containsExactly("weight", "bias");
    assertThat(components.parameters().get("weight").shape()).hasToString(weight);
    assertThat(components.parameters().get("bias").shape()).hasToString(bias);
  }

  @Test
  void startAsPyTorchDoesOrAsTold() {
    Weights weights = Weights.of(convTranspose1d(64, 8, 9).groups(2)).initialize(3);
    float bound = 1 / 6f; // √(4 · 9)
    float largest = 0;
    for (float element : weights.toArray("weight")) {
      largest = Math.max(largest, Math.abs(element));
    }
    assertThat(largest).isBetween(0.98f * bound, bound);
    for (Record layer :
        List.of(
            convTranspose2d(2, 3, 1).weight(Init.ones()),
            convTranspose1d(2, 3, 1).weight(Init.ones()))) {
      assertThat(Weights.of(layer).initialize(3).toArray("weight")).containsOnly(1f);
    }
  }

  @Test
  void anEmptyBatchGivesAnEmptyBatch() {
    assertThat(LayerRun.of(convTranspose2d(2, 3, 2).stride(2), 0, 2, 5, 4).y().type())
        .isEqualTo(TensorType.f32(0, 3, 10, 8));
    assertThat(LayerRun.of(convTranspose1d(2, 3, 2).withoutBias(), 0, 2, 5).y().type())
        .isEqualTo(TensorType.f32(0, 3, 6));
  }

  @Test
  void refuseOtherShapesWithTheirPath() {
    assertRefused(
        convTranspose2d(4, 6, 3), TensorType.f32(2, 5, 9, 9), "[5, 6, 3, 3]", "[4, 6, 3, 3]");
    assertRefused(
        convTranspose1d(4, 6, 3).withoutBias(),
        TensorType.f32(2, 5, 9),
        "[5, 6, 1, 3]",
        "[4, 6, 1, 3]");
    assertRefused(
        convTranspose2d(4, 6, 3),
        TensorType.f32(2, 4, 9),
        "x must be [batch, channels, height, width] but is tensor f32[2, 4, 9]");
    assertRefused(
        convTranspose1d(4, 6, 3),
        TensorType.f32(2, 4, 9, 1),
        "x must be [batch, channels, length] but is tensor f32[2, 4, 9, 1]");
    assertRefused(
        convTranspose2d(4, 6, 3).stride(2).outputPadding(2),
        TensorType.f32(2, 4, 9, 9),
        "less than the stride 2 or the dilation 1 but is 2");
    assertRefused(
        convTranspose1d(4, 6, 3).outputPadding(-1),
        TensorType.f32(2, 4, 9),
        "must be at least 0 and less than the stride 1 or the dilation 1 but is -1");
    assertRefused(
        convTranspose2d(4, 6, 3).padding(3), TensorType.f32(2, 4, 3, 9), "has -1 × 5 pixels");
  }

  private static <M extends Record & Layer> void assertRefused(
      M layer, TensorType x, String... parts) {
    assertThatThrownBy(() -> LayerRun.trace(layer, Mode.TRAIN, x))
        .isInstanceOf(ShapeException.class)
        .hasMessageContainingAll(parts)
        .hasMessageContaining("in layer layer");
  }
}
