package org.lanewise.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Losses and gradients against f64, and against each other by finite differences. */
class LossesTest {
  @ParameterizedTest
  @CsvSource({"1, 2", "7, 10", "16, 16", "5, 33", "2, 1000"})
  void crossEntropyAgreesWithTheFormula(int rows, int columns) {
    try (Arena arena = Arena.ofConfined()) {
      TestTensor logits = TestTensor.normal(arena, (long) rows * columns, 3, 1);
      TestTensor labels = TestTensor.labels(arena, rows, columns, 2);
      TestTensor normalizers = TestTensor.zeros(arena, 2L * rows);
      TestTensor loss = TestTensor.zeros(arena, 1);
      TestTensor gradient = TestTensor.zeros(arena, (long) rows * columns);
      Losses.crossEntropy(
          rows, columns, logits.segment(), labels.segment(), normalizers.segment(), loss.segment());
      Losses.crossEntropyBackward(
          rows,
          columns,
          logits.segment(),
          labels.segment(),
          normalizers.segment(),
          gradient.segment());
      double exactLoss = 0;
      for (int i = 0; i < rows; i++) {
        int label = labels.segment().getAtIndex(ValueLayout.JAVA_INT, i);
        double sum = 0;
        for (int j = 0; j < columns; j++) {
          sum += StrictMath.exp(logits.get((long) i * columns + j));
        }
        exactLoss += (StrictMath.log(sum) - logits.get((long) i * columns + label)) / rows;
        for (int j = 0; j < columns; j++) {
          double softmax = StrictMath.exp(logits.get((long) i * columns + j)) / sum;
          double exact = (softmax - (j == label ? 1 : 0)) / rows;
          assertThat((double) gradient.get((long) i * columns + j))
              .isCloseTo(exact, within(1e-6 / rows));
        }
      }
      assertThat((double) loss.get(0)).isCloseTo(exactLoss, within(1e-6 * (1 + exactLoss)));
      loss.assertGuardsIntact();
    }
  }

  @ParameterizedTest
  @CsvSource({"-1, 3", "3, 3", "2147483647, 3", "-2147483648, 3"})
  void aWrongLabelIsNamed(int label, int classes) {
    try (Arena arena = Arena.ofConfined()) {
      TestTensor logits = TestTensor.zeros(arena, 2L * classes);
      TestTensor labels = TestTensor.ofLabels(arena, 0, label);
      TestTensor normalizers = TestTensor.zeros(arena, 4);
      TestTensor loss = TestTensor.zeros(arena, 1);
      String message = "label %d of row 1 is not one of the %d classes".formatted(label, classes);
      assertThatThrownBy(() ->
              Losses.crossEntropy(
                  2,
                  classes,
                  logits.segment(),
                  labels.segment(),
                  normalizers.segment(),
                  loss.segment()))
          .isInstanceOf(IndexOutOfBoundsException.class)
          .hasMessage(message);
      assertThat(normalizers.floats()).containsOnly(0f);
      assertThatThrownBy(() ->
              Losses.crossEntropyBackward(
                  2,
                  classes,
                  logits.segment(),
                  labels.segment(),
                  normalizers.segment(),
                  logits.segment()))
          .isInstanceOf(IndexOutOfBoundsException.class)
          .hasMessage(message);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 15, 16, 17, 4095, 4096, 4097, 10000})
  void meanSquaredErrorAgreesWithTheFormula(int size) {
    try (Arena arena = Arena.ofConfined()) {
      TestTensor prediction = TestTensor.normal(arena, size, 2, 1);
      TestTensor target = TestTensor.normal(arena, size, 2, 2);
      TestTensor loss = TestTensor.zeros(arena, 1);
      TestTensor gradient = TestTensor.zeros(arena, size);
      Losses.meanSquaredError(size, prediction.segment(), target.segment(), loss.segment());
      Losses.meanSquaredErrorBackward(
          size, prediction.segment(), target.segment(), gradient.segment());
      double exactLoss = 0;
      for (int i = 0; i < size; i++) {
        double error = (double) prediction.get(i) - target.get(i);
        exactLoss += error * error / size;
        assertThat((double) gradient.get(i))
            .isCloseTo(2 * error / size, within(2e-7 * 2 * Math.abs(error) / size));
      }
      assertThat((double) loss.get(0)).isCloseTo(exactLoss, within(1e-6 * exactLoss));
    }
  }

  @Test
  void theMeanOfNothingIsNotANumber() {
    try (Arena arena = Arena.ofConfined()) {
      TestTensor none = TestTensor.zeros(arena, 0);
      TestTensor loss = TestTensor.zeros(arena, 1);
      Losses.meanSquaredError(0, none.segment(), none.segment(), loss.segment());
      assertThat(loss.get(0)).isNaN();
      Losses.crossEntropy(0, 3, none.segment(), none.segment(), none.segment(), loss.segment());
      assertThat(loss.get(0)).isNaN();
    }
  }

  @Test
  void meanSquaredErrorOfTheWorkedExample() {
    try (Arena arena = Arena.ofConfined()) {
      TestTensor prediction = TestTensor.of(arena, 1.64f, 1.74f, 2.63f, 2.73f);
      TestTensor target = TestTensor.of(arena, 1f, 2f, 1.9f, 3.1f);
      TestTensor loss = TestTensor.zeros(arena, 1);
      Losses.meanSquaredError(4, prediction.segment(), target.segment(), loss.segment());
      assertThat(loss.get(0)).isCloseTo(0.28675f, within(1e-6f));
    }
  }
}
