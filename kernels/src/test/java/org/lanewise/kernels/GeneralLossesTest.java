package org.lanewise.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.lanewise.kernels.CentralDifferences.doubles;
import static org.lanewise.kernels.CentralDifferences.gradient;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.lanewise.kernels.op.Reduction;

/** Losses with reductions, ignored labels and smoothing against f64. */
class GeneralLossesTest {
  private static final double ULP = 0x1p-24;
  private static final int IGNORED = -100;

  private static double[] rowLosses(double[] logits, int[] labels, int columns, double smoothing) {
    double[] losses = new double[labels.length];
    for (int i = 0; i < labels.length; i++) {
      if (labels[i] != IGNORED) {
        double[] row = Arrays.copyOfRange(logits, i * columns, (i + 1) * columns);
        double max = Arrays.stream(row).max().orElseThrow();
        double lse = max + Math.log(Arrays.stream(row).map(x -> Math.exp(x - max)).sum());
        double mean = Arrays.stream(row).map(x -> lse - x).sum() / columns;
        losses[i] = (1 - smoothing) * (lse - row[labels[i]]) + smoothing * mean;
      }
    }
    return losses;
  }

  private static double reduce(Reduction reduction, double[] losses, int[] labels) {
    long count = Arrays.stream(labels).filter(label -> label != IGNORED).count();
    return Arrays.stream(losses).sum() / (reduction == Reduction.MEAN ? count : 1);
  }

  static Stream<Arguments> crossEntropies() {
    return Stream.of(Reduction.values())
        .flatMap(reduction ->
            Stream.of(0f, 0.1f)
                .flatMap(smoothing ->
                    Stream.of(
                            new int[] {1, 2},
                            new int[] {7, 10},
                            new int[] {5, 33},
                            new int[] {16, 16},
                            new int[] {3, 1000})
                        .map(s -> Arguments.of(reduction, smoothing, s[0], s[1]))));
  }

  @ParameterizedTest
  @MethodSource("crossEntropies")
  void crossEntropyAgreesWithTheFormula(
      Reduction reduction, float smoothing, int rows, int columns) {
    try (Arena arena = Arena.ofConfined()) {
      TestTensor logits = TestTensor.normal(arena, (long) rows * columns, 3, 1);
      int[] label =
          TestTensor.labels(arena, rows, columns, 2).segment().toArray(ValueLayout.JAVA_INT);
      for (int i = 1; i < rows; i += 3) {
        label[i] = IGNORED;
      }
      TestTensor labels = TestTensor.ofLabels(arena, label);
      TestTensor normalizers = TestTensor.zeros(arena, 2L * rows);
      TestTensor losses = TestTensor.normal(arena, rows, 1, 3);
      TestTensor loss = TestTensor.zeros(arena, 1);
      TestTensor dLogits = TestTensor.normal(arena, (long) rows * columns, 1, 4);
      Losses.softmaxCrossEntropy(
          reduction,
          rows,
          columns,
          IGNORED,
          smoothing,
          logits.segment(),
          labels.segment(),
          normalizers.segment(),
          losses.segment(),
          loss.segment());
      Losses.softmaxCrossEntropyBackward(
          reduction,
          rows,
          columns,
          IGNORED,
          smoothing,
          logits.segment(),
          labels.segment(),
          normalizers.segment(),
          dLogits.segment());
      double[] x = doubles(logits);
      double[] exact = rowLosses(x, label, columns, smoothing);
      double bounds = 0;
      for (int i = 0; i < rows; i++) {
        double[] row = Arrays.copyOfRange(x, i * columns, (i + 1) * columns);
        double max = Arrays.stream(row).max().orElseThrow();
        double n = columns / 16.0 + 10;
        double bound = n * ULP;
        if (label[i] != IGNORED) {
          bound += 0x1p-22 * (max - row[label[i]]);
        }
        double mean = Arrays.stream(row).map(v -> max - v).sum() / columns;
        bound += smoothing * n * ULP * mean;
        bounds += bound;
        assertThat((double) losses.get(i)).isCloseTo(exact[i], within(bound));
        if (label[i] == IGNORED) {
          assertThat(losses.get(i)).isZero();
        }
      }
      double exactLoss = reduce(reduction, exact, label);
      assertThat((double) loss.get(0))
          .isCloseTo(exactLoss, within(bounds + ULP * Math.abs(exactLoss)));
      if (columns <= 33) {
        double[] expected =
            gradient(v -> reduce(reduction, rowLosses(v, label, columns, smoothing), label), x);
        for (int i = 0; i < expected.length; i++) {
          assertThat((double) dLogits.get(i)).isCloseTo(expected[i], within(2e-6));
        }
      }
      Stream.of(normalizers, losses, loss, dLogits).forEach(TestTensor::assertGuardsIntact);
    }
  }

  @Test
  void withoutItsOptionsItHasTheGradientBitsOfCrossEntropy() {
    try (Arena arena = Arena.ofConfined()) {
      TestTensor logits = TestTensor.normal(arena, 7 * 33, 3, 1);
      TestTensor labels = TestTensor.labels(arena, 7, 33, 2);
      TestTensor normalizers = TestTensor.zeros(arena, 14);
      TestTensor generalNormalizers = TestTensor.zeros(arena, 14);
      TestTensor losses = TestTensor.zeros(arena, 7);
      TestTensor loss = TestTensor.zeros(arena, 1);
      TestTensor general = TestTensor.zeros(arena, 7 * 33);
      Losses.crossEntropy(
          7, 33, logits.segment(), labels.segment(), normalizers.segment(), loss.segment());
      float expected = loss.get(0);
      Losses.softmaxCrossEntropy(
          Reduction.MEAN,
          7,
          33,
          IGNORED,
          0f,
          logits.segment(),
          labels.segment(),
          generalNormalizers.segment(),
          losses.segment(),
          loss.segment());
      assertThat(loss.get(0)).isCloseTo(expected, within(1e-6f));
      assertThat(generalNormalizers.bits()).containsExactly(normalizers.bits());
      Losses.softmaxCrossEntropyBackward(
          Reduction.MEAN,
          7,
          33,
          IGNORED,
          0f,
          logits.segment(),
          labels.segment(),
          normalizers.segment(),
          general.segment());
      Losses.crossEntropyBackward(
          7, 33, logits.segment(), labels.segment(), normalizers.segment(), logits.segment());
      assertThat(general.bits()).containsExactly(logits.bits());
    }
  }

  @Test
  void aMeanOfIgnoredRowsIsNotANumberAndTheirSumIsZero() {
    try (Arena arena = Arena.ofConfined()) {
      TestTensor logits = TestTensor.of(arena, Float.NaN, 1, 2, 3);
      TestTensor labels = TestTensor.ofLabels(arena, 1, 1);
      TestTensor rows = TestTensor.zeros(arena, 6);
      TestTensor loss = TestTensor.zeros(arena, 1);
      for (Reduction reduction : Reduction.values()) {
        Losses.softmaxCrossEntropy(
            reduction,
            2,
            2,
            1,
            0.1f,
            logits.segment(),
            labels.segment(),
            rows.segment().asSlice(0, 16),
            rows.segment().asSlice(16, 8),
            loss.segment());
        Float expected = reduction == Reduction.MEAN ? Float.NaN : 0f;
        assertThat(loss.get(0)).isEqualTo(expected);
        TestTensor dLogits = TestTensor.normal(arena, 4, 1, 1);
        Losses.softmaxCrossEntropyBackward(
            reduction,
            2,
            2,
            1,
            0.1f,
            logits.segment(),
            labels.segment(),
            rows.segment(),
            dLogits.segment());
        assertThat(dLogits.floats()).containsOnly(0f);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"-1, 3", "3, 3", "-100, 3"})
  void aWrongLabelIsNamed(int label, int classes) {
    try (Arena arena = Arena.ofConfined()) {
      TestTensor logits = TestTensor.zeros(arena, 3L * classes);
      TestTensor labels = TestTensor.ofLabels(arena, 7, 0, label);
      TestTensor rows = TestTensor.zeros(arena, 9);
      TestTensor loss = TestTensor.zeros(arena, 1);
      String message = "label %d of row 2 is not one of the %d classes".formatted(label, classes);
      assertThatThrownBy(() ->
              Losses.softmaxCrossEntropy(
                  Reduction.SUM,
                  3,
                  classes,
                  7,
                  0f,
                  logits.segment(),
                  labels.segment(),
                  rows.segment().asSlice(0, 24),
                  rows.segment().asSlice(24, 12),
                  loss.segment()))
          .isInstanceOf(IndexOutOfBoundsException.class)
          .hasMessage(message);
      assertThat(rows.floats()).containsOnly(0f);
      assertThatThrownBy(() ->
              Losses.softmaxCrossEntropyBackward(
                  Reduction.SUM,
                  3,
                  classes,
                  7,
                  0f,
                  logits.segment(),
                  labels.segment(),
                  rows.segment(),
                  logits.segment()))
          .isInstanceOf(IndexOutOfBoundsException.class)
          .hasMessage(message);
    }
  }

  static Stream<Arguments> sizes() {
    return IntStream.of(1, 15, 16, 17, 31, 33, 100, 1000, 1023, 1024, 1025, 5000)
        .boxed()
        .flatMap(size -> Stream.of(Reduction.values()).map(r -> Arguments.of(r, size)));
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void binaryCrossEntropyIsAsAccurateAsDocumented(Reduction reduction, int size) {
    try (Arena arena = Arena.ofConfined()) {
      TestTensor logits = TestTensor.normal(arena, size, 8, 1);
      float[] target = TestTensor.normal(arena, size, 1, 2).floats();
      for (int i = 0; i < size; i++) {
        target[i] = i % 3 == 2 ? Math.min(1, Math.abs(target[i])) : i % 3;
      }
      TestTensor targets = TestTensor.of(arena, target);
      TestTensor loss = TestTensor.zeros(arena, 1);
      TestTensor dLogits = TestTensor.zeros(arena, size);
      Losses.binaryCrossEntropy(
          reduction, size, logits.segment(), targets.segment(), loss.segment());
      Losses.binaryCrossEntropyBackward(
          reduction, size, logits.segment(), targets.segment(), dLogits.segment());
      int divisor = reduction == Reduction.MEAN ? size : 1;
      double exact = 0;
      for (int i = 0; i < size; i++) {
        double x = logits.get(i);
        double t = target[i];
        exact += (Math.max(x, 0) - x * t + Math.log1p(Math.exp(-Math.abs(x)))) / divisor;
        double sigmoid = 1 / (1 + Math.exp(-x));
        assertThat((double) dLogits.get(i))
            .isCloseTo((sigmoid - t) / divisor, within(3e-7 / divisor));
      }
      assertThat((double) loss.get(0)).isCloseTo(exact, within(70 * ULP * exact));
      loss.assertGuardsIntact();
      dLogits.assertGuardsIntact();
    }
  }

  @ParameterizedTest
  @CsvSource({"100, 1", "-100, 0", "30, 1", "-17, 0", "0, 0.5", "1e-30, 1", "-1e4, 1"})
  void binaryCrossEntropyIsAccurateAtItsEnds(float logit, float target) {
    try (Arena arena = Arena.ofConfined()) {
      TestTensor x = TestTensor.of(arena, logit);
      TestTensor t = TestTensor.of(arena, target);
      TestTensor loss = TestTensor.zeros(arena, 1);
      Losses.binaryCrossEntropy(Reduction.SUM, 1, x.segment(), t.segment(), loss.segment());
      double exact =
          Math.max(logit, 0) - (double) logit * target + Math.log1p(Math.exp(-Math.abs(logit)));
      assertThat((double) loss.get(0)).isCloseTo(exact, within(6 * ULP * exact + Float.MIN_VALUE));
    }
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void huberIsAsAccurateAsDocumented(Reduction reduction, int size) {
    try (Arena arena = Arena.ofConfined()) {
      TestTensor prediction = TestTensor.normal(arena, size, 2, 1);
      TestTensor target = TestTensor.normal(arena, size, 2, 2);
      TestTensor loss = TestTensor.zeros(arena, 1);
      TestTensor squared = TestTensor.zeros(arena, 1);
      TestTensor dPrediction = TestTensor.zeros(arena, size);
      TestTensor dSquared = TestTensor.zeros(arena, size);
      float delta = 1.5f;
      Losses.huber(reduction, size, delta, prediction.segment(), target.segment(), loss.segment());
      Losses.huberBackward(
          reduction, size, delta, prediction.segment(), target.segment(), dPrediction.segment());
      Losses.squaredError(
          reduction, size, prediction.segment(), target.segment(), squared.segment());
      Losses.squaredErrorBackward(
          reduction, size, prediction.segment(), target.segment(), dSquared.segment());
      int divisor = reduction == Reduction.MEAN ? size : 1;
      double exact = 0;
      double exactSquared = 0;
      for (int i = 0; i < size; i++) {
        double e = (double) prediction.get(i) - target.get(i);
        double a = Math.abs(e);
        exact += (a <= delta ? e * e / 2 : delta * (a - delta / 2)) / divisor;
        exactSquared += e * e / divisor;
        assertThat((double) dPrediction.get(i))
            .isCloseTo(Math.clamp(e, -delta, delta) / divisor, within(4 * ULP * a / divisor));
        assertThat((double) dSquared.get(i))
            .isCloseTo(2 * e / divisor, within(6 * ULP * a / divisor));
      }
      assertThat((double) loss.get(0)).isCloseTo(exact, within(70 * ULP * exact));
      assertThat((double) squared.get(0)).isCloseTo(exactSquared, within(1e-6 * exactSquared));
      dPrediction.assertGuardsIntact();
      loss.assertGuardsIntact();
    }
  }

  @Test
  void theMeanOfSquaresHasTheBitsOfMeanSquaredError() {
    try (Arena arena = Arena.ofConfined()) {
      TestTensor prediction = TestTensor.normal(arena, 5003, 2, 1);
      TestTensor target = TestTensor.normal(arena, 5003, 2, 2);
      TestTensor loss = TestTensor.zeros(arena, 2);
      TestTensor gradient = TestTensor.zeros(arena, 5003);
      Losses.meanSquaredError(
          5003, prediction.segment(), target.segment(), loss.segment().asSlice(0, 4));
      Losses.squaredError(
          Reduction.MEAN,
          5003,
          prediction.segment(),
          target.segment(),
          loss.segment().asSlice(4, 4));
      assertThat(loss.get(1)).isEqualTo(loss.get(0));
      Losses.squaredErrorBackward(
          Reduction.MEAN, 5003, prediction.segment(), target.segment(), gradient.segment());
      Losses.meanSquaredErrorBackward(
          5003, prediction.segment(), target.segment(), target.segment());
      assertThat(gradient.bits()).containsExactly(target.bits());
    }
  }

  @ParameterizedTest
  @EnumSource(Reduction.class)
  void ofNothingTheMeanIsNotANumberAndTheSumIsZero(Reduction reduction) {
    try (Arena arena = Arena.ofConfined()) {
      var none = TestTensor.zeros(arena, 0).segment();
      TestTensor loss = TestTensor.zeros(arena, 1);
      Float expected = reduction == Reduction.MEAN ? Float.NaN : 0f;
      Losses.binaryCrossEntropy(reduction, 0, none, none, loss.segment());
      assertThat(loss.get(0)).isEqualTo(expected);
      Losses.huber(reduction, 0, 1f, none, none, loss.segment());
      assertThat(loss.get(0)).isEqualTo(expected);
      Losses.squaredError(reduction, 0, none, none, loss.segment());
      assertThat(loss.get(0)).isEqualTo(expected);
      Losses.softmaxCrossEntropy(
          reduction, 0, 3, IGNORED, 0f, none, none, none, none, loss.segment());
      assertThat(loss.get(0)).isEqualTo(expected);
    }
  }

  @Test
  void nanReachesTheLoss() {
    try (Arena arena = Arena.ofConfined()) {
      float[] values = new float[50];
      for (int position : new int[] {0, 20, 49}) {
        Arrays.fill(values, 1f);
        values[position] = Float.NaN;
        TestTensor x = TestTensor.of(arena, values);
        TestTensor t = TestTensor.zeros(arena, 50);
        TestTensor loss = TestTensor.zeros(arena, 1);
        Losses.binaryCrossEntropy(Reduction.SUM, 50, x.segment(), t.segment(), loss.segment());
        assertThat(loss.get(0)).isNaN();
        Losses.huber(Reduction.SUM, 50, 1f, x.segment(), t.segment(), loss.segment());
        assertThat(loss.get(0)).isNaN();
        Losses.huberBackward(Reduction.SUM, 50, 1f, x.segment(), t.segment(), t.segment());
        assertThat(t.get(position)).isNaN();
        Losses.binaryCrossEntropyBackward(Reduction.SUM, 50, x.segment(), x.segment(), t.segment());
        assertThat(t.get(position)).isNaN();
      }
    }
  }
}
