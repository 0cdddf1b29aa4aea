package org.lanewise.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.lanewise.kernels.CentralDifferences.dot;
import static org.lanewise.kernels.CentralDifferences.doubles;
import static org.lanewise.kernels.CentralDifferences.gradient;

import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Norms against f64, with the bounds that are documented, and gradients by finite differences. */
class NormsTest {
  private static final double ULP = 0x1p-24;
  private static final float EPSILON = 1e-5f;

  /** Statistics and normalized elements of groups in f64. */
  private record Exact(double[] mean, double[] rstd, double[] variance, double[] z) {
    /** Element j belongs to group {@code groupOf[j]}. */
    static Exact of(double[] x, int[] groupOf, int groups, double epsilon, boolean centred) {
      double[] mean = new double[groups];
      double[] variance = new double[groups];
      double[] count = new double[groups];
      for (int j = 0; j < x.length; j++) {
        count[groupOf[j]]++;
        mean[groupOf[j]] += centred ? x[j] : 0;
      }
      for (int g = 0; g < groups; g++) {
        mean[g] /= count[g];
      }
      for (int j = 0; j < x.length; j++) {
        double difference = x[j] - mean[groupOf[j]];
        variance[groupOf[j]] += difference * difference / count[groupOf[j]];
      }
      double[] rstd = new double[groups];
      for (int g = 0; g < groups; g++) {
        rstd[g] = 1 / Math.sqrt(variance[g] + epsilon);
      }
      double[] z = new double[x.length];
      for (int j = 0; j < x.length; j++) {
        z[j] = (x[j] - mean[groupOf[j]]) * rstd[groupOf[j]];
      }
      return new Exact(mean, rstd, variance, z);
    }

    double[] affine(int[] parameterOf, double[] weight, double[] bias) {
      double[] y = new double[z.length];
      for (int j = 0; j < y.length; j++) {
        y[j] = z[j] * weight[parameterOf[j]] + (bias == null ? 0 : bias[parameterOf[j]]);
      }
      return y;
    }
  }

  private static int[] rowOf(int rows, int columns) {
    return IntStream.range(0, rows * columns).map(j -> j / columns).toArray();
  }

  private static int[] columnOf(int rows, int columns) {
    return IntStream.range(0, rows * columns).map(j -> j % columns).toArray();
  }

  private static int[] channelOf(int batch, int channels, int spatial) {
    return IntStream.range(0, batch * channels * spatial)
        .map(j -> j / spatial % channels)
        .toArray();
  }

  private static TestTensor shifted(Arena arena, long size, double offset, long seed) {
    float[] values = TestTensor.normal(arena, size, 1, seed).floats();
    for (int i = 0; i < values.length; i++) {
      values[i] += (float) offset;
    }
    return TestTensor.of(arena, values);
  }

  static Stream<Arguments> rowsOfAnyLength() {
    return IntStream.of(1, 2, 15, 16, 17, 31, 33, 100, 768, 1000, 4097)
        .boxed()
        .flatMap(columns ->
            Stream.of(
                Arguments.of(3, columns, 0.0),
                Arguments.of(3, columns, -3.0),
                Arguments.of(2, columns, 1e4)));
  }

  @ParameterizedTest
  @MethodSource("rowsOfAnyLength")
  void layerNormIsAsAccurateAsDocumented(int rows, int columns, double offset) {
    try (Arena arena = Arena.ofConfined()) {
      int size = rows * columns;
      TestTensor x = shifted(arena, size, offset, 1);
      TestTensor weight = TestTensor.normal(arena, columns, 1, 2);
      TestTensor bias = TestTensor.normal(arena, columns, 1, 3);
      TestTensor y = TestTensor.zeros(arena, size);
      TestTensor mean = TestTensor.zeros(arena, rows);
      TestTensor rstd = TestTensor.zeros(arena, rows);
      Norms.layerNorm(
          rows,
          columns,
          EPSILON,
          x.segment(),
          weight.segment(),
          bias.segment(),
          y.segment(),
          mean.segment(),
          rstd.segment());
      int[] rowOf = rowOf(rows, columns);
      Exact exact = Exact.of(doubles(x), rowOf, rows, EPSILON, true);
      double[] exactY = exact.affine(columnOf(rows, columns), doubles(weight), doubles(bias));
      double n = columns / 16.0 + 16;
      for (int i = 0; i < rows; i++) {
        double a = Math.abs(x.get((long) i * columns) - exact.mean[i]) * exact.rstd[i];
        assertThat(rstd.get(i) / exact.rstd[i]).isCloseTo(1, within(n * ULP * (1 + a)));
        assertThat((double) mean.get(i))
            .isCloseTo(
                exact.mean[i],
                within(n * ULP * (1 + a) / exact.rstd[i] + ULP * Math.abs(exact.mean[i])));
        for (int j = i * columns; j < (i + 1) * columns; j++) {
          double bound = n * ULP * (1 + Math.abs(exact.z[j])) * (1 + a);
          assertThat((double) y.get(j))
              .isCloseTo(
                  exactY[j],
                  within(
                      bound * Math.abs(weight.get(j % columns)) + 2 * ULP * Math.abs(exactY[j])));
        }
      }
      y.assertGuardsIntact();
      mean.assertGuardsIntact();
      rstd.assertGuardsIntact();
    }
  }

  @ParameterizedTest
  @MethodSource("rowsOfAnyLength")
  void layerNormGradientIsAsAccurateAsDocumented(int rows, int columns, double offset) {
    try (Arena arena = Arena.ofConfined()) {
      int size = rows * columns;
      TestTensor x = shifted(arena, size, offset, 1);
      TestTensor weight = TestTensor.normal(arena, columns, 1, 2);
      TestTensor dy = TestTensor.normal(arena, size, 1, 3);
      TestTensor mean = TestTensor.zeros(arena, rows);
      TestTensor rstd = TestTensor.zeros(arena, rows);
      TestTensor dx = TestTensor.zeros(arena, size);
      Norms.layerNorm(
          rows,
          columns,
          EPSILON,
          x.segment(),
          weight.segment(),
          weight.segment(),
          dx.segment(),
          mean.segment(),
          rstd.segment());
      Norms.layerNormBackward(
          rows,
          columns,
          false,
          x.segment(),
          weight.segment(),
          mean.segment(),
          rstd.segment(),
          dy.segment(),
          dx.segment());
      Exact exact = Exact.of(doubles(x), rowOf(rows, columns), rows, EPSILON, true);
      double n = columns / 16.0 + 16;
      for (int i = 0; i < rows; i++) {
        double a = Math.abs(x.get((long) i * columns) - exact.mean[i]) * exact.rstd[i];
        double sum = 0;
        double product = 0;
        double squares = 0;
        for (int j = 0; j < columns; j++) {
          int at = i * columns + j;
          double g = (double) dy.get(at) * weight.get(j);
          sum += g / columns;
          product += g * exact.z[at] / columns;
          squares += g * g / columns;
        }
        for (int j = 0; j < columns; j++) {
          int at = i * columns + j;
          double g = (double) dy.get(at) * weight.get(j);
          double bound =
              n
                  * ULP
                  * exact.rstd[i]
                  * (Math.abs(g) + (1 + Math.abs(exact.z[at])) * Math.sqrt(squares))
                  * (1 + a);
          assertThat((double) dx.get(at))
              .isCloseTo(exact.rstd[i] * (g - sum - exact.z[at] * product), within(bound));
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 2", "2, 5", "3, 17", "2, 33"})
  void layerNormGradientsAreThoseOfFiniteDifferences(int rows, int columns) {
    try (Arena arena = Arena.ofConfined()) {
      int size = rows * columns;
      TestTensor x = TestTensor.normal(arena, size, 1, 1);
      TestTensor weight = TestTensor.normal(arena, columns, 1, 2);
      TestTensor bias = TestTensor.normal(arena, columns, 1, 3);
      TestTensor dy = TestTensor.normal(arena, size, 1, 4);
      TestTensor mean = TestTensor.zeros(arena, rows);
      TestTensor rstd = TestTensor.zeros(arena, rows);
      TestTensor dx = TestTensor.zeros(arena, size);
      TestTensor dWeight = TestTensor.zeros(arena, columns);
      TestTensor dBias = TestTensor.zeros(arena, columns);
      Norms.layerNorm(
          rows,
          columns,
          EPSILON,
          x.segment(),
          weight.segment(),
          bias.segment(),
          dx.segment(),
          mean.segment(),
          rstd.segment());
      dx.segment().fill((byte) 0);
      for (int time = 1; time <= 2; time++) { // twice, to see that they are added
        Norms.layerNormBackward(
            rows,
            columns,
            true,
            x.segment(),
            weight.segment(),
            mean.segment(),
            rstd.segment(),
            dy.segment(),
            dx.segment());
        Norms.layerNormParameterGradients(
            rows,
            columns,
            true,
            x.segment(),
            mean.segment(),
            rstd.segment(),
            dy.segment(),
            dWeight.segment(),
            dBias.segment());
      }
      int[] rowOf = rowOf(rows, columns);
      int[] columnOf = columnOf(rows, columns);
      double[] w = doubles(weight);
      double[] b = doubles(bias);
      double[] ones = doubles(dy);
      assertCloseTwice(
          dx,
          gradient(
              v -> dot(ones, Exact.of(v, rowOf, rows, EPSILON, true).affine(columnOf, w, b)),
              doubles(x)));
      Exact exact = Exact.of(doubles(x), rowOf, rows, EPSILON, true);
      assertCloseTwice(dWeight, gradient(v -> dot(ones, exact.affine(columnOf, v, b)), w));
      assertCloseTwice(dBias, gradient(v -> dot(ones, exact.affine(columnOf, w, v)), b));
    }
  }

  private static void assertCloseTwice(TestTensor actual, double[] expected) {
    for (int i = 0; i < expected.length; i++) {
      assertThat((double) actual.get(i))
          .isCloseTo(2 * expected[i], within(3e-5 * (1 + Math.abs(expected[i]))));
    }
    actual.assertGuardsIntact();
  }

  @ParameterizedTest
  @CsvSource({"1, 5", "127, 17", "128, 64", "129, 16", "1000, 83"})
  void parameterGradientsAreAsAccurateAsDocumented(int rows, int columns) {
    try (Arena arena = Arena.ofConfined()) {
      int size = rows * columns;
      TestTensor x = shifted(arena, size, 100, 1);
      TestTensor dy = TestTensor.normal(arena, size, 1, 2);
      TestTensor mean = shifted(arena, rows, 100, 3);
      TestTensor rstd = shifted(arena, rows, 5, 4);
      TestTensor dWeight = TestTensor.normal(arena, columns, 1, 5);
      TestTensor dBias = TestTensor.normal(arena, columns, 1, 6);
      TestTensor dRmsWeight = TestTensor.normal(arena, columns, 1, 7);
      Norms.layerNormParameterGradients(
          rows,
          columns,
          false,
          x.segment(),
          mean.segment(),
          rstd.segment(),
          dy.segment(),
          dWeight.segment(),
          dBias.segment());
      Norms.rmsNormParameterGradients(
          rows, columns, false, x.segment(), rstd.segment(), dy.segment(), dRmsWeight.segment());
      double n = rows / 128.0 + 130;
      for (int j = 0; j < columns; j++) {
        double[] sums = new double[6];
        for (int i = 0; i < rows; i++) {
          double g = dy.get((long) i * columns + j);
          double value = x.get((long) i * columns + j);
          double z = (value - mean.get(i)) * rstd.get(i);
          double scaled = value * rstd.get(i);
          sums[0] += g;
          sums[1] += Math.abs(g);
          sums[2] += g * z;
          sums[3] += Math.abs(g * z);
          sums[4] += g * scaled;
          sums[5] += Math.abs(g * scaled);
        }
        assertThat((double) dBias.get(j)).isCloseTo(sums[0], within(n * ULP * sums[1]));
        assertThat((double) dWeight.get(j)).isCloseTo(sums[2], within(n * ULP * sums[3]));
        assertThat((double) dRmsWeight.get(j)).isCloseTo(sums[4], within(n * ULP * sums[5]));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 15, 16, 17, 31, 33, 100, 768, 1000, 4097})
  void rmsNormIsAsAccurateAsDocumented(int columns) {
    int rows = 3;
    try (Arena arena = Arena.ofConfined()) {
      int size = rows * columns;
      TestTensor x = TestTensor.normal(arena, size, 3, 1);
      TestTensor weight = TestTensor.normal(arena, columns, 1, 2);
      TestTensor y = TestTensor.zeros(arena, size);
      TestTensor rstd = TestTensor.zeros(arena, rows);
      Norms.rmsNorm(
          rows, columns, EPSILON, x.segment(), weight.segment(), y.segment(), rstd.segment());
      Exact exact = Exact.of(doubles(x), rowOf(rows, columns), rows, EPSILON, false);
      double[] exactY = exact.affine(columnOf(rows, columns), doubles(weight), null);
      double n = columns / 32.0 + 6;
      for (int i = 0; i < rows; i++) {
        assertThat(rstd.get(i) / exact.rstd[i]).isCloseTo(1, within(n * ULP));
      }
      for (int j = 0; j < size; j++) {
        assertThat((double) y.get(j))
            .isCloseTo(exactY[j], within((n + 2) * ULP * Math.abs(exactY[j])));
      }
      y.assertGuardsIntact();
      rstd.assertGuardsIntact();
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 2", "2, 5", "3, 17", "2, 33"})
  void rmsNormGradientsAreThoseOfFiniteDifferences(int rows, int columns) {
    try (Arena arena = Arena.ofConfined()) {
      int size = rows * columns;
      TestTensor x = TestTensor.normal(arena, size, 1, 1);
      TestTensor weight = TestTensor.normal(arena, columns, 1, 2);
      TestTensor dy = TestTensor.normal(arena, size, 1, 4);
      TestTensor rstd = TestTensor.zeros(arena, rows);
      TestTensor dx = TestTensor.zeros(arena, size);
      TestTensor dWeight = TestTensor.zeros(arena, columns);
      Norms.rmsNorm(
          rows, columns, EPSILON, x.segment(), weight.segment(), dx.segment(), rstd.segment());
      for (int time = 0; time < 2; time++) { // first written, then added
        Norms.rmsNormBackward(
            rows,
            columns,
            time > 0,
            x.segment(),
            weight.segment(),
            rstd.segment(),
            dy.segment(),
            dx.segment());
        Norms.rmsNormParameterGradients(
            rows, columns, true, x.segment(), rstd.segment(), dy.segment(), dWeight.segment());
      }
      int[] rowOf = rowOf(rows, columns);
      int[] columnOf = columnOf(rows, columns);
      double[] w = doubles(weight);
      double[] g = doubles(dy);
      assertCloseTwice(
          dx,
          gradient(
              v -> dot(g, Exact.of(v, rowOf, rows, EPSILON, false).affine(columnOf, w, null)),
              doubles(x)));
      Exact exact = Exact.of(doubles(x), rowOf, rows, EPSILON, false);
      assertCloseTwice(dWeight, gradient(v -> dot(g, exact.affine(columnOf, v, null)), w));
    }
  }

  /** Their elements equal the mean exactly, whatever its digits. */
  @ParameterizedTest
  @ValueSource(ints = {1, 15, 16, 17, 33, 100, 1000})
  void aConstantRowBecomesTheBias(int columns) {
    for (float value : new float[] {0f, 0.1f, 10_000.1f, -3e30f, 1e-40f}) {
      try (Arena arena = Arena.ofConfined()) {
        float[] row = new float[columns];
        Arrays.fill(row, value);
        TestTensor x = TestTensor.of(arena, row);
        TestTensor weight = TestTensor.normal(arena, columns, 1, 1);
        TestTensor bias = TestTensor.normal(arena, columns, 1, 2);
        TestTensor statistics = TestTensor.zeros(arena, 2);
        Norms.layerNorm(
            1,
            columns,
            EPSILON,
            x.segment(),
            weight.segment(),
            bias.segment(),
            x.segment(),
            statistics.segment().asSlice(0, 4),
            statistics.segment().asSlice(4, 4));
        assertThat(x.floats()).containsExactly(bias.floats());
        assertThat(statistics.get(0)).isEqualTo(value);
        assertThat(statistics.get(1)).isCloseTo(316.22777f, within(1e-4f));
      }
    }
  }

  /** In the first vector, in a later one, and in the tail. */
  @ParameterizedTest
  @CsvSource({"0, NaN", "20, NaN", "40, NaN", "0, Infinity", "20, Infinity", "40, -Infinity"})
  void nanAndInfinitySpoilTheirRowOnly(int position, float value) {
    int columns = 41;
    try (Arena arena = Arena.ofConfined()) {
      TestTensor x = TestTensor.normal(arena, 2L * columns, 1, 1);
      float[] second = Arrays.copyOfRange(x.floats(), columns, 2 * columns);
      x.segment().setAtIndex(java.lang.foreign.ValueLayout.JAVA_FLOAT, position, value);
      TestTensor weight = TestTensor.normal(arena, columns, 1, 2);
      TestTensor y = TestTensor.zeros(arena, 2L * columns);
      TestTensor statistics = TestTensor.zeros(arena, 4);
      Norms.layerNorm(
          2,
          columns,
          EPSILON,
          x.segment(),
          weight.segment(),
          weight.segment(),
          y.segment(),
          statistics.segment().asSlice(0, 8),
          statistics.segment().asSlice(8, 8));
      for (int j = 0; j < columns; j++) {
        assertThat(y.get(j)).isNaN();
      }
      TestTensor alone = TestTensor.of(arena, second);
      Norms.layerNorm(
          1,
          columns,
          EPSILON,
          alone.segment(),
          weight.segment(),
          weight.segment(),
          alone.segment(),
          statistics.segment().asSlice(0, 4),
          statistics.segment().asSlice(8, 4));
      assertThat(Arrays.copyOfRange(y.floats(), columns, 2 * columns))
          .containsExactly(alone.floats());
    }
  }

  @Test
  void thereMayBeNoRowsAndNoColumns() {
    try (Arena arena = Arena.ofConfined()) {
      TestTensor none = TestTensor.zeros(arena, 0);
      TestTensor statistics = TestTensor.zeros(arena, 4);
      Norms.layerNorm(
          2,
          0,
          EPSILON,
          none.segment(),
          none.segment(),
          none.segment(),
          none.segment(),
          statistics.segment().asSlice(0, 8),
          statistics.segment().asSlice(8, 8));
      assertThat(statistics.floats()).containsOnly(Float.NaN);
      TestTensor sums = TestTensor.of(arena, 1, 2, 3, 4);
      Norms.layerNormParameterGradients(
          0,
          2,
          false,
          none.segment(),
          none.segment(),
          none.segment(),
          none.segment(),
          sums.segment().asSlice(0, 8),
          sums.segment().asSlice(8, 8));
      assertThat(sums.floats()).containsOnly(0f);
    }
  }

  static Stream<Arguments> batches() {
    return Stream.of(
            "2 1 1",
            "5 3 1",
            "16 17 1",
            "33 64 1",
            "3 83 1",
            "600 5 1",
            "300 33 1",
            "1 3 2",
            "2 3 7",
            "3 2 15",
            "4 3 16",
            "2 5 17",
            "9 2 49",
            "70 2 49",
            "2 2 1000",
            "1 2 9001",
            "3 1 4096")
        .map(s -> s.split(" "))
        .flatMap(s ->
            Stream.of(0.0, 1e4)
                .map(offset ->
                    Arguments.of(
                        Integer.parseInt(s[0]),
                        Integer.parseInt(s[1]),
                        Integer.parseInt(s[2]),
                        offset)));
  }

  @ParameterizedTest
  @MethodSource("batches")
  void batchNormIsAsAccurateAsDocumented(int batch, int channels, int spatial, double offset) {
    try (Arena arena = Arena.ofConfined()) {
      int size = batch * channels * spatial;
      double count = (double) batch * spatial;
      TestTensor x = shifted(arena, size, offset, 1);
      TestTensor weight = TestTensor.normal(arena, channels, 1, 2);
      TestTensor bias = TestTensor.normal(arena, channels, 1, 3);
      TestTensor y = TestTensor.zeros(arena, size);
      TestTensor mean = TestTensor.zeros(arena, channels);
      TestTensor rstd = TestTensor.zeros(arena, channels);
      TestTensor runningMean = TestTensor.normal(arena, channels, 1, 4);
      TestTensor runningVariance = shifted(arena, channels, 5, 5);
      double[] oldMean = doubles(runningMean);
      double[] oldVariance = doubles(runningVariance);
      Norms.batchNormTraining(
          batch,
          channels,
          spatial,
          EPSILON,
          0.1f,
          x.segment(),
          weight.segment(),
          bias.segment(),
          y.segment(),
          mean.segment(),
          rstd.segment(),
          runningMean.segment(),
          runningVariance.segment());
      int[] channelOf = channelOf(batch, channels, spatial);
      Exact exact = Exact.of(doubles(x), channelOf, channels, EPSILON, true);
      double[] exactY = exact.affine(channelOf, doubles(weight), doubles(bias));
      double n = 272 + count / (spatial == 1 ? 256 : 4096);
      double[] bound = new double[channels];
      for (int c = 0; c < channels; c++) {
        double first = x.get((long) c * spatial);
        bound[c] = n * ULP * (1 + Math.abs(first - exact.mean[c]) * exact.rstd[c]);
        double meanBound = bound[c] / exact.rstd[c] + ULP * Math.abs(exact.mean[c]);
        assertThat(rstd.get(c) / exact.rstd[c]).isCloseTo(1, within(bound[c]));
        assertThat((double) mean.get(c)).isCloseTo(exact.mean[c], within(meanBound));
        assertThat((double) runningMean.get(c))
            .isCloseTo(
                0.9 * oldMean[c] + 0.1 * exact.mean[c],
                within(meanBound + 1e-6 * Math.abs(oldMean[c])));
        double unbiased = exact.variance[c] * count / (count - 1);
        assertThat((double) runningVariance.get(c))
            .isCloseTo(
                0.9 * oldVariance[c] + 0.1 * unbiased,
                within(1e-6 * Math.abs(oldVariance[c]) + 2 * bound[c] * (unbiased + EPSILON)));
      }
      for (int j = 0; j < size; j++) {
        int c = channelOf[j];
        assertThat((double) y.get(j))
            .isCloseTo(
                exactY[j],
                within(
                    bound[c] * (1 + Math.abs(exact.z[j])) * Math.abs(weight.get(c))
                        + 2 * ULP * (Math.abs(exactY[j]) + Math.abs(bias.get(c)))));
      }
      Stream.of(y, mean, rstd, runningMean, runningVariance)
          .forEach(TestTensor::assertGuardsIntact);
    }
  }

  @ParameterizedTest
  @MethodSource("batches")
  void batchNormGradientsAreAsAccurateAsDocumented(
      int batch, int channels, int spatial, double offset) {
    try (Arena arena = Arena.ofConfined()) {
      int size = batch * channels * spatial;
      double count = (double) batch * spatial;
      TestTensor x = shifted(arena, size, offset, 1);
      TestTensor weight = TestTensor.normal(arena, channels, 1, 2);
      TestTensor dy = TestTensor.normal(arena, size, 1, 3);
      TestTensor mean = TestTensor.zeros(arena, channels);
      TestTensor rstd = TestTensor.zeros(arena, channels);
      TestTensor running = TestTensor.zeros(arena, 2L * channels);
      TestTensor dx = TestTensor.zeros(arena, size);
      TestTensor dWeight = TestTensor.normal(arena, channels, 1, 4);
      TestTensor dBias = TestTensor.normal(arena, channels, 1, 5);
      double[] oldWeight = doubles(dWeight);
      Norms.batchNormTraining(
          batch,
          channels,
          spatial,
          EPSILON,
          0.1f,
          x.segment(),
          weight.segment(),
          weight.segment(),
          dx.segment(),
          mean.segment(),
          rstd.segment(),
          running.segment().asSlice(0, channels * 4L),
          running.segment().asSlice(channels * 4L));
      double[] old = doubles(dx);
      double[] oldBias = doubles(dBias);
      Norms.batchNormBackward(
          batch,
          channels,
          spatial,
          true,
          true,
          true,
          x.segment(),
          weight.segment(),
          mean.segment(),
          rstd.segment(),
          dy.segment(),
          dx.segment(),
          dWeight.segment(),
          dBias.segment());
      int[] channelOf = channelOf(batch, channels, spatial);
      Exact exact = Exact.of(doubles(x), channelOf, channels, EPSILON, true);
      double[] sum = new double[channels];
      double[] magnitude = new double[channels];
      double[] product = new double[channels];
      double[] squares = new double[channels];
      for (int j = 0; j < size; j++) {
        int c = channelOf[j];
        sum[c] += dy.get(j);
        magnitude[c] += Math.abs(dy.get(j));
        product[c] += dy.get(j) * exact.z[j];
        squares[c] += (double) dy.get(j) * dy.get(j);
      }
      double n = 272 + count / (spatial == 1 ? 256 : 4096);
      for (int c = 0; c < channels; c++) {
        assertThat(dBias.get(c) - oldBias[c])
            .isCloseTo(sum[c], within(n * ULP * magnitude[c] + 1e-6));
        double a = Math.abs(x.get((long) c * spatial) - exact.mean[c]) * exact.rstd[c];
        assertThat(dWeight.get(c) - oldWeight[c])
            .isCloseTo(
                product[c], within(n * ULP * (1 + a) * Math.sqrt(squares[c] * count) + 1e-6));
      }
      for (int j = 0; j < size; j++) {
        int c = channelOf[j];
        double scale = weight.get(c) * exact.rstd[c];
        double gradient = dy.get(j) - (sum[c] + exact.z[j] * product[c]) / count;
        assertThat(dx.get(j) - old[j])
            .isCloseTo(
                scale * gradient,
                within(
                    2e-4 * Math.abs(scale) * (1 + Math.abs(exact.z[j]) + Math.abs(dy.get(j)))
                        + 1e-6 * (1 + Math.abs(old[j]))));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"4, 3, 1", "3, 17, 1", "2, 3, 5", "2, 2, 17"})
  void batchNormGradientsAreThoseOfFiniteDifferences(int batch, int channels, int spatial) {
    try (Arena arena = Arena.ofConfined()) {
      int size = batch * channels * spatial;
      TestTensor x = TestTensor.normal(arena, size, 1, 1);
      TestTensor weight = TestTensor.normal(arena, channels, 1, 2);
      TestTensor bias = TestTensor.normal(arena, channels, 1, 3);
      TestTensor dy = TestTensor.normal(arena, size, 1, 4);
      TestTensor mean = TestTensor.zeros(arena, channels);
      TestTensor rstd = TestTensor.zeros(arena, channels);
      TestTensor running = TestTensor.zeros(arena, 2L * channels);
      TestTensor dx = TestTensor.zeros(arena, size);
      TestTensor dWeight = TestTensor.zeros(arena, channels);
      TestTensor dBias = TestTensor.zeros(arena, channels);
      Norms.batchNormTraining(
          batch,
          channels,
          spatial,
          EPSILON,
          0.1f,
          x.segment(),
          weight.segment(),
          bias.segment(),
          dx.segment(),
          mean.segment(),
          rstd.segment(),
          running.segment().asSlice(0, channels * 4L),
          running.segment().asSlice(channels * 4L));
      for (boolean accumulate : new boolean[] {false, true}) {
        Norms.batchNormBackward(
            batch,
            channels,
            spatial,
            true,
            accumulate,
            true,
            x.segment(),
            weight.segment(),
            mean.segment(),
            rstd.segment(),
            dy.segment(),
            dx.segment(),
            dWeight.segment(),
            dBias.segment());
      }
      int[] channelOf = channelOf(batch, channels, spatial);
      double[] w = doubles(weight);
      double[] b = doubles(bias);
      double[] g = doubles(dy);
      assertCloseTwice(
          dx,
          gradient(
              v -> dot(g, Exact.of(v, channelOf, channels, EPSILON, true).affine(channelOf, w, b)),
              doubles(x)));
      Exact exact = Exact.of(doubles(x), channelOf, channels, EPSILON, true);
      assertCloseTwice(dWeight, gradient(v -> dot(g, exact.affine(channelOf, v, b)), w));
      assertCloseTwice(dBias, gradient(v -> dot(g, exact.affine(channelOf, w, v)), b));
    }
  }

  @ParameterizedTest
  @CsvSource({"4, 3, 1", "3, 37, 1", "2, 3, 5", "2, 2, 17", "3, 4, 0"})
  void batchNormInEvaluationUsesTheRunningStatistics(int batch, int channels, int spatial) {
    try (Arena arena = Arena.ofConfined()) {
      int size = batch * channels * spatial;
      TestTensor x = TestTensor.normal(arena, size, 1, 1);
      TestTensor weight = TestTensor.normal(arena, channels, 1, 2);
      TestTensor bias = TestTensor.normal(arena, channels, 1, 3);
      TestTensor mean = TestTensor.normal(arena, channels, 1, 4);
      TestTensor variance = shifted(arena, channels, 6, 5);
      TestTensor dy = TestTensor.normal(arena, size, 1, 6);
      TestTensor y = TestTensor.zeros(arena, size);
      TestTensor rstd = TestTensor.zeros(arena, channels);
      TestTensor dx = TestTensor.zeros(arena, size);
      TestTensor dWeight = TestTensor.normal(arena, channels, 1, 7);
      TestTensor dBias = TestTensor.normal(arena, channels, 1, 8);
      Norms.batchNormEvaluation(
          batch,
          channels,
          spatial,
          EPSILON,
          x.segment(),
          weight.segment(),
          bias.segment(),
          mean.segment(),
          variance.segment(),
          y.segment(),
          rstd.segment());
      Norms.batchNormBackward(
          batch,
          channels,
          spatial,
          false,
          false,
          false,
          x.segment(),
          weight.segment(),
          mean.segment(),
          rstd.segment(),
          dy.segment(),
          dx.segment(),
          dWeight.segment(),
          dBias.segment());
      int[] channelOf = channelOf(batch, channels, spatial);
      double[] exactRstd = new double[channels];
      for (int c = 0; c < channels; c++) {
        exactRstd[c] = 1 / Math.sqrt((double) variance.get(c) + EPSILON);
        assertThat(rstd.get(c) / exactRstd[c]).isCloseTo(1, within(2.5 * ULP));
      }
      double[] weightGradient = new double[channels];
      double[] biasGradient = new double[channels];
      for (int j = 0; j < size; j++) {
        int c = channelOf[j];
        double scaled = ((double) x.get(j) - mean.get(c)) * exactRstd[c] * weight.get(c);
        assertThat((double) y.get(j))
            .isCloseTo(
                scaled + bias.get(c),
                within(6.5 * ULP * Math.abs(scaled) + ULP * Math.abs(scaled + bias.get(c))));
        assertThat((double) dx.get(j))
            .isCloseTo(dy.get(j) * exactRstd[c] * weight.get(c), within(1e-6));
        weightGradient[c] += dy.get(j) * ((double) x.get(j) - mean.get(c)) * exactRstd[c];
        biasGradient[c] += dy.get(j);
      }
      for (int c = 0; c < channels; c++) {
        assertThat((double) dWeight.get(c)).isCloseTo(weightGradient[c], within(1e-5));
        assertThat((double) dBias.get(c)).isCloseTo(biasGradient[c], within(1e-5));
      }
    }
  }
}
