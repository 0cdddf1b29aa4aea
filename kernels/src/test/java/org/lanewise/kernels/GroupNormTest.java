package org.lanewise.kernels;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.lanewise.kernels.CentralDifferences.doubles;

import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Group norm and its gradients against their formulas in f64, with the documented bounds. */
class GroupNormTest {
  private static final double ULP = 0x1p-24;
  private static final float EPSILON = 1e-5f;

  private record Sizes(int batch, int groups, int channels, int spatial) {
    int size() {
      return batch * channels * spatial;
    }

    int rows() {
      return batch * groups;
    }

    int columns() {
      return channels / groups * spatial;
    }

    int channelOf(int element) {
      return element / spatial % channels;
    }

    int rowOf(int element) {
      return element / columns();
    }
  }

  /** Operands, and what the kernels make of them. */
  private static final class Run {
    final Sizes s;
    final TestTensor x;
    final TestTensor weight;
    final TestTensor bias;
    final TestTensor dy;
    final TestTensor y;
    final TestTensor mean;
    final TestTensor rstd;
    final TestTensor dx;
    final TestTensor dWeight;
    final TestTensor dBias;

    Run(Arena arena, Sizes s, double offset) {
      this.s = s;
      float[] values = TestTensor.normal(arena, s.size(), 1, 1).floats();
      for (int j = 0; j < values.length; j++) {
        values[j] += (float) offset;
      }
      x = TestTensor.of(arena, values);
      weight = TestTensor.normal(arena, s.channels, 1, 2);
      bias = TestTensor.normal(arena, s.channels, 1, 3);
      dy = TestTensor.normal(arena, s.size(), 1, 4);
      y = TestTensor.zeros(arena, s.size());
      mean = TestTensor.zeros(arena, s.rows());
      rstd = TestTensor.zeros(arena, s.rows());
      dx = TestTensor.normal(arena, s.size(), 1, 5);
      dWeight = TestTensor.normal(arena, s.channels, 1, 6);
      dBias = TestTensor.normal(arena, s.channels, 1, 7);
    }

    void forward() {
      GroupNorm.forward(
          s.batch,
          s.groups,
          s.channels,
          s.spatial,
          EPSILON,
          x.segment(),
          weight.segment(),
          bias.segment(),
          y.segment(),
          mean.segment(),
          rstd.segment());
    }

    void backward(boolean accumulate) {
      GroupNorm.backward(
          s.batch,
          s.groups,
          s.channels,
          s.spatial,
          accumulate,
          x.segment(),
          weight.segment(),
          mean.segment(),
          rstd.segment(),
          dy.segment(),
          dx.segment());
      GroupNorm.parameterGradients(
          s.batch,
          s.groups,
          s.channels,
          s.spatial,
          accumulate,
          x.segment(),
          mean.segment(),
          rstd.segment(),
          dy.segment(),
          dWeight.segment(),
          dBias.segment());
    }

    void assertGuardsIntact() {
      Stream.of(y, mean, rstd, dx, dWeight, dBias).forEach(TestTensor::assertGuardsIntact);
    }
  }

  /** Statistics of rows and normalized elements in f64. */
  private record Exact(double[] mean, double[] rstd, double[] z) {
    static Exact of(Sizes s, double[] x) {
      double[] mean = new double[s.rows()];
      double[] variance = new double[s.rows()];
      for (int j = 0; j < x.length; j++) {
        mean[s.rowOf(j)] += x[j] / s.columns();
      }
      for (int j = 0; j < x.length; j++) {
        double difference = x[j] - mean[s.rowOf(j)];
        variance[s.rowOf(j)] += difference * difference / s.columns();
      }
      double[] rstd = Arrays.stream(variance).map(v -> 1 / Math.sqrt(v + EPSILON)).toArray();
      double[] z =
          IntStream.range(0, x.length)
              .mapToDouble(j -> (x[j] - mean[s.rowOf(j)]) * rstd[s.rowOf(j)])
              .toArray();
      return new Exact(mean, rstd, z);
    }

    /** How many deviations a row's first element is from the mean, and 1. */
    double condition(Run run, int row) {
      double first = run.x.get((long) row * run.s.columns());
      return 1 + Math.abs(first - mean[row]) * rstd[row];
    }
  }

  static Stream<Arguments> sizes() {
    return Stream.of(
            new Sizes(2, 1, 1, 1),
            new Sizes(3, 2, 4, 1),
            new Sizes(2, 3, 6, 7),
            new Sizes(2, 2, 4, 15),
            new Sizes(1, 2, 6, 16),
            new Sizes(2, 1, 3, 17),
            new Sizes(5, 4, 4, 33),
            new Sizes(2, 2, 64, 1),
            new Sizes(1, 2, 8, 1000))
        .flatMap(s -> Stream.of(Arguments.of(s, 0.0), Arguments.of(s, 1e4)));
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void isAsAccurateAsDocumented(Sizes s, double offset) {
    try (Arena arena = Arena.ofConfined()) {
      Run run = new Run(arena, s, offset);
      run.forward();
      Exact exact = Exact.of(s, doubles(run.x));
      double n = s.columns() / 16.0 + 16;
      for (int i = 0; i < s.rows(); i++) {
        double bound = n * ULP * exact.condition(run, i);
        assertThat(run.rstd.get(i) / exact.rstd[i]).isCloseTo(1, within(bound));
        assertThat((double) run.mean.get(i))
            .isCloseTo(
                exact.mean[i], within(bound / exact.rstd[i] + ULP * Math.abs(exact.mean[i])));
      }
      for (int j = 0; j < s.size(); j++) {
        double weight = run.weight.get(s.channelOf(j));
        double bias = run.bias.get(s.channelOf(j));
        double y = exact.z[j] * weight + bias;
        double bound = n * ULP * (1 + Math.abs(exact.z[j])) * exact.condition(run, s.rowOf(j));
        assertThat((double) run.y.get(j))
            .isCloseTo(
                y, within(bound * Math.abs(weight) + 2 * ULP * (Math.abs(y) + Math.abs(bias))));
      }
      run.assertGuardsIntact();
    }
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void statisticsAreThoseOfLayerNorm(Sizes s, double offset) {
    try (Arena arena = Arena.ofConfined()) {
      Run run = new Run(arena, s, offset);
      run.forward();
      TestTensor ones = TestTensor.zeros(arena, s.columns());
      TestTensor mean = TestTensor.zeros(arena, s.rows());
      TestTensor rstd = TestTensor.zeros(arena, s.rows());
      Norms.layerNorm(
          s.rows(),
          s.columns(),
          EPSILON,
          run.x.segment(),
          ones.segment(),
          ones.segment(),
          run.y.segment(),
          mean.segment(),
          rstd.segment());
      assertThat(run.mean.bits()).isEqualTo(mean.bits());
      assertThat(run.rstd.bits()).isEqualTo(rstd.bits());
    }
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void gradientsAreAsAccurateAsDocumented(Sizes s, double offset) {
    try (Arena arena = Arena.ofConfined()) {
      Run run = new Run(arena, s, offset);
      run.forward();
      run.backward(false);
      assertGradient(run);
      assertParameterGradients(run);
      run.assertGuardsIntact();
    }
  }

  private static void assertGradient(Run run) {
    Sizes s = run.s;
    Exact exact = Exact.of(s, doubles(run.x));
    double n = s.columns() / 16.0 + (double) s.channels / s.groups + 16;
    for (int i = 0; i < s.rows(); i++) {
      double sum = 0;
      double product = 0;
      double squares = 0;
      for (int j = i * s.columns(); j < (i + 1) * s.columns(); j++) {
        double g = (double) run.dy.get(j) * run.weight.get(s.channelOf(j));
        sum += g / s.columns();
        product += g * exact.z[j] / s.columns();
        squares += g * g / s.columns();
      }
      for (int j = i * s.columns(); j < (i + 1) * s.columns(); j++) {
        double g = (double) run.dy.get(j) * run.weight.get(s.channelOf(j));
        double bound =
            n
                * ULP
                * exact.rstd[i]
                * (Math.abs(g) + (1 + Math.abs(exact.z[j])) * Math.sqrt(squares))
                * exact.condition(run, i);
        assertThat((double) run.dx.get(j))
            .isCloseTo(exact.rstd[i] * (g - sum - exact.z[j] * product), within(bound));
      }
    }
  }

  private static void assertParameterGradients(Run run) {
    Sizes s = run.s;
    double n = s.batch + s.spatial / 16.0 + 16;
    for (int c = 0; c < s.channels; c++) {
      double[] sums = new double[4];
      for (int j = 0; j < s.size(); j++) {
        if (s.channelOf(j) == c) {
          double z = ((double) run.x.get(j) - run.mean.get(s.rowOf(j))) * run.rstd.get(s.rowOf(j));
          sums[0] += run.dy.get(j);
          sums[1] += Math.abs(run.dy.get(j));
          sums[2] += run.dy.get(j) * z;
          sums[3] += Math.abs(run.dy.get(j) * z);
        }
      }
      assertThat((double) run.dBias.get(c)).isCloseTo(sums[0], within(n * ULP * sums[1]));
      assertThat((double) run.dWeight.get(c)).isCloseTo(sums[2], within(n * ULP * sums[3]));
    }
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void gradientsAreAdded(Sizes s, double offset) {
    try (Arena arena = Arena.ofConfined()) {
      Run overwritten = new Run(arena, s, offset);
      Run added = new Run(arena, s, offset);
      double[] oldX = doubles(added.dx);
      double[] oldWeight = doubles(added.dWeight);
      double[] oldBias = doubles(added.dBias);
      overwritten.forward();
      overwritten.backward(false);
      added.forward();
      added.backward(true);
      assertSums(oldX, overwritten.dx, added.dx, 1);
      assertSums(oldWeight, overwritten.dWeight, added.dWeight, s.batch);
      assertSums(oldBias, overwritten.dBias, added.dBias, s.batch);
    }
  }

  /** Within the roundings of as many additions, whose sums are near the largest operand. */
  private static void assertSums(double[] old, TestTensor more, TestTensor sum, int additions) {
    double largest = Arrays.stream(doubles(more)).map(Math::abs).max().orElse(0) + 5;
    for (int j = 0; j < old.length; j++) {
      assertThat((double) sum.get(j))
          .isCloseTo(old[j] + more.get(j), within(4 * additions * ULP * largest));
    }
  }

  @Test
  void aNanStaysInItsGroup() {
    Sizes s = new Sizes(2, 2, 4, 17);
    try (Arena arena = Arena.ofConfined()) {
      Run clean = new Run(arena, s, 0);
      clean.forward();
      clean.backward(false);
      Run run = new Run(arena, s, 0);
      run.x.segment().setAtIndex(JAVA_FLOAT, 5, Float.NaN);
      run.forward();
      run.backward(false);
      for (int j = 0; j < s.size(); j++) {
        if (s.rowOf(j) == 0) {
          assertThat(run.y.get(j)).isNaN();
          assertThat(run.dx.get(j)).isNaN();
        } else {
          assertThat(run.y.get(j)).isEqualTo(clean.y.get(j));
          assertThat(run.dx.get(j)).isEqualTo(clean.dx.get(j));
        }
      }
      assertThat(run.dBias.bits()).isEqualTo(clean.dBias.bits());
      for (int c = 0; c < s.channels; c++) {
        if (c < 2) {
          assertThat(run.dWeight.get(c)).isNaN();
        } else {
          assertThat(run.dWeight.get(c)).isEqualTo(clean.dWeight.get(c));
        }
      }
    }
  }

  @Test
  void thereMayBeNoSamples() {
    try (Arena arena = Arena.ofConfined()) {
      Run run = new Run(arena, new Sizes(0, 2, 4, 3), 0);
      run.forward();
      run.backward(false);
      assertThat(run.dWeight.floats()).containsOnly(0f);
      assertThat(run.dBias.floats()).containsOnly(0f);
      run.assertGuardsIntact();
    }
  }
}
