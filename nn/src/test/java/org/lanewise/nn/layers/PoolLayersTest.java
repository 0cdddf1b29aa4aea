package org.lanewise.nn.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.params.provider.Arguments.arguments;
import static org.lanewise.nn.layers.Pools.adaptiveAveragePool1d;
import static org.lanewise.nn.layers.Pools.adaptiveAveragePool2d;
import static org.lanewise.nn.layers.Pools.adaptiveMaxPool1d;
import static org.lanewise.nn.layers.Pools.adaptiveMaxPool2d;
import static org.lanewise.nn.layers.Pools.averagePool1d;
import static org.lanewise.nn.layers.Pools.averagePool2d;
import static org.lanewise.nn.layers.Pools.globalAveragePool;
import static org.lanewise.nn.layers.Pools.globalMaxPool;
import static org.lanewise.nn.layers.Pools.maxPool1d;
import static org.lanewise.nn.layers.Pools.maxPool2d;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.lanewise.kernels.op.PoolingOp;
import org.lanewise.kernels.op.ShapeException;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.kernels.op.Window;
import org.lanewise.nn.HostTensor;
import org.lanewise.nn.Layer;
import org.lanewise.nn.Mode;
import org.lanewise.nn.graph.Graph;

/** Pooling layers against maxima and means in f64. */
class PoolLayersTest {
  private static final double TOLERANCE = 5e-7;
  private static final int PLANES = 6;

  /** A window of an axis: the elements from one on to before another one, some of them padding. */
  private record Span(int from, int to) {
    static List<Span> of(int length, int kernel, int stride, int padding) {
      List<Span> spans = new ArrayList<>();
      for (int from = -padding; from + kernel <= length + padding; from += stride) {
        spans.add(new Span(from, from + kernel));
      }
      return spans;
    }

    static List<Span> adaptive(int length, int windows) {
      List<Span> spans = new ArrayList<>();
      for (int i = 0; i < windows; i++) {
        double exact = (double) length / windows;
        spans.add(
            new Span((int) Math.floor(i * exact + 1e-9), (int) Math.ceil((i + 1) * exact - 1e-9)));
      }
      return spans;
    }
  }

  private static double[] reference(
      Pooling pooling, float[] x, int height, int width, List<Span> rows, List<Span> columns) {
    double[] y = new double[PLANES * rows.size() * columns.size()];
    int at = 0;
    for (int plane = 0; plane < PLANES; plane++) {
      for (Span row : rows) {
        for (Span column : columns) {
          double max = Double.NEGATIVE_INFINITY;
          double sum = 0;
          int inside = 0;
          for (int i = Math.max(0, row.from); i < Math.min(height, row.to); i++) {
            for (int j = Math.max(0, column.from); j < Math.min(width, column.to); j++) {
              float element = x[(plane * height + i) * width + j];
              max = Math.max(max, element);
              sum += element;
              inside++;
            }
          }
          int all = (row.to - row.from) * (column.to - column.from);
          y[at++] =
              switch (pooling) {
                case MAX -> max;
                case AVERAGE -> sum / all;
                case AVERAGE_WITHOUT_PADDING -> sum / inside;
              };
        }
      }
    }
    return y;
  }

  private static void assertClose(LayerRun run, double[] expected, long... dimensions) {
    assertThat(run.y().type()).isEqualTo(TensorType.f32(dimensions));
    float[] actual = run.output();
    assertThat(actual).hasSize(expected.length);
    for (int i = 0; i < expected.length; i++) {
      assertThat((double) actual[i]).as("y[%d]", i).isCloseTo(expected[i], within(TOLERANCE));
    }
  }

  private static final List<Span> ROW = List.of(new Span(0, 1));

  @ParameterizedTest
  @EnumSource(Pooling.class)
  void ofWindows(Pooling pooling) {
    Pool2d images = new Pool2d(pooling, Window.of(3, 2)).stride(2, 3).padding(1, 0);
    LayerRun run = LayerRun.of(images, 2, 3, 7, 9);
    List<Span> rows = Span.of(7, 3, 2, 1);
    List<Span> columns = Span.of(9, 2, 3, 0);
    assertClose(
        run,
        reference(pooling, run.input(), 7, 9, rows, columns),
        2,
        3,
        rows.size(),
        columns.size());
    Pool1d sequences = new Pool1d(pooling, Window.of(1, 4)).stride(3).padding(2);
    LayerRun row = LayerRun.of(sequences, 2, 3, 11);
    List<Span> spans = Span.of(11, 4, 3, 2);
    assertClose(row, reference(pooling, row.input(), 1, 11, ROW, spans), 2, 3, spans.size());
  }

  @Test
  void divideByDefault() {
    assertThat(maxPool2d(2)).isEqualTo(new Pool2d(Pooling.MAX, Window.of(2)).stride(2));
    assertThat(averagePool2d(3)).isEqualTo(new Pool2d(Pooling.AVERAGE, Window.of(3)).stride(3));
    assertThat(maxPool1d(2)).isEqualTo(new Pool1d(Pooling.MAX, Window.of(1, 2)).stride(2));
    assertThat(averagePool1d(3)).isEqualTo(new Pool1d(Pooling.AVERAGE, Window.of(1, 3)).stride(3));
  }

  static Stream<Arguments> sizes() {
    return Stream.of(
        arguments(7, 9, 1, 1),
        arguments(6, 9, 3, 3),
        arguments(5, 5, 4, 4), // windows of two, one apart
        arguments(7, 10, 3, 7),
        arguments(8, 7, 8, 2),
        arguments(2, 3, 3, 5), // more windows than elements
        arguments(1, 13, 1, 6));
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void ofAnyLengthToOne(int height, int width, int toHeight, int toWidth) {
    List<Span> rows = Span.adaptive(height, toHeight);
    List<Span> columns = Span.adaptive(width, toWidth);
    for (AdaptivePool2d layer :
        List.of(adaptiveMaxPool2d(toHeight, toWidth), adaptiveAveragePool2d(toHeight, toWidth))) {
      LayerRun run = LayerRun.of(layer, 2, 3, height, width);
      double[] expected = reference(layer.pooling(), run.input(), height, width, rows, columns);
      assertClose(run, expected, 2, 3, toHeight, toWidth);
    }
    for (AdaptivePool1d layer :
        List.of(adaptiveMaxPool1d(toWidth), adaptiveAveragePool1d(toWidth))) {
      LayerRun run = LayerRun.of(layer, 2, 3, width);
      double[] expected = reference(layer.pooling(), run.input(), 1, width, ROW, columns);
      assertClose(run, expected, 2, 3, toWidth);
    }
  }

  @Test
  void uniformWindowsAreOnePooling() {
    Graph graph =
        LayerRun.trace(adaptiveAveragePool2d(4, 3), Mode.TRAIN, TensorType.f32(2, 3, 5, 9));
    assertThat(graph.nodes()).hasSize(1);
    assertThat(graph.nodes().getFirst().op())
        .isEqualTo(new PoolingOp.AveragePooling(Window.of(2, 3).withStride(1, 3), true));
  }

  @Test
  void ofAllPositions() {
    for (GlobalPool layer : List.of(globalMaxPool(), globalAveragePool())) {
      LayerRun images = LayerRun.of(layer, 2, 3, 5, 7);
      List<Span> rows = List.of(new Span(0, 5));
      List<Span> columns = List.of(new Span(0, 7));
      assertClose(images, reference(layer.pooling(), images.input(), 5, 7, rows, columns), 2, 3);
      LayerRun sequences = LayerRun.of(layer, 2, 3, 7);
      assertClose(
          sequences, reference(layer.pooling(), sequences.input(), 1, 7, ROW, columns), 2, 3);
    }
  }

  @Test
  void nanAndInfinitiesStayInTheirWindows() {
    HostTensor x =
        HostTensor.of(
            new float[] {Float.NaN, 1, 2, 3, Float.NEGATIVE_INFINITY, 5, Float.POSITIVE_INFINITY},
            1,
            1,
            7);
    assertThat(LayerRun.of(adaptiveMaxPool1d(3), x).output())
        .containsExactly(Float.NaN, 3, Float.POSITIVE_INFINITY);
    assertThat(LayerRun.of(adaptiveAveragePool1d(4), x).output())
        .containsExactly(Float.NaN, 2, Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY);
    assertThat(LayerRun.of(maxPool1d(2), x).output()).containsExactly(Float.NaN, 3, 5);
  }

  @Test
  void anEmptyBatchGivesAnEmptyBatch() {
    assertThat(LayerRun.of(maxPool1d(2), 0, 2, 5).y().type()).isEqualTo(TensorType.f32(0, 2, 2));
    assertThat(LayerRun.of(adaptiveAveragePool2d(2, 3), 0, 2, 5, 5).y().type())
        .isEqualTo(TensorType.f32(0, 2, 2, 3));
    assertThat(LayerRun.of(globalAveragePool(), 0, 2, 5, 5).y().type())
        .isEqualTo(TensorType.f32(0, 2));
    assertThat(LayerRun.of(globalMaxPool(), 0, 2, 5).y().type()).isEqualTo(TensorType.f32(0, 2));
  }

  @Test
  void refuseOtherShapes() {
    assertRefused(
        maxPool1d(2),
        TensorType.f32(2, 3, 4, 5),
        "x must be [batch, channels, length] but is tensor f32[2, 3, 4, 5]");
    assertRefused(maxPool2d(2), TensorType.f32(2, 3, 4), "x must have 4 axes");
    assertRefused(
        new Pool1d(Pooling.MAX, Window.of(2)),
        TensorType.f32(2, 3, 4),
        "a window over sequences tensor f32[2, 3, 4] must have height 1");
    assertRefused(
        maxPool1d(5), TensorType.f32(2, 3, 4), "width 4 with padding 0 is less than the 5");
    assertRefused(
        adaptiveMaxPool2d(1, 1),
        TensorType.f32(2, 3, 0, 4),
        "x must be [batch, channels, height, width] with pixels but is tensor f32[2, 3, 0, 4]");
    assertRefused(
        adaptiveMaxPool1d(1),
        TensorType.f32(2, 3),
        "x must be [batch, channels, length] with elements but is tensor f32[2, 3]");
    assertRefused(
        globalMaxPool(),
        TensorType.f32(2, 3),
        "x must be [batch, channels, …] with elements but is tensor f32[2, 3]");
    assertThatThrownBy(() -> adaptiveMaxPool2d(3, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("width must be at least 1 but is 0");
    assertThatThrownBy(() -> adaptiveAveragePool1d(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("length must be at least 1 but is -1");
  }

  private static <M extends Record & Layer> void assertRefused(
      M layer, TensorType x, String message) {
    assertThatThrownBy(() -> LayerRun.trace(layer, Mode.TRAIN, x))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining(message);
  }
}
