package org.lanewise.kernels;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.lanewise.kernels.CentralDifferences.dot;
import static org.lanewise.kernels.CentralDifferences.doubles;
import static org.lanewise.kernels.CentralDifferences.gradient;

import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.function.IntPredicate;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Log-softmax, masks, other axes, and gradients against f64. */
class SoftmaxVariantsTest {
  private static final double ULP = 0x1p-24;
  private static final float INFINITY = Float.POSITIVE_INFINITY;

  /** Softmax of some elements of x, with 0 at the others. */
  private static double[] softmax(double[] x, IntPredicate included) {
    double[] y = new double[x.length];
    double max = Double.NEGATIVE_INFINITY;
    for (int j = 0; j < x.length; j++) {
      max = included.test(j) ? Math.max(max, x[j]) : max;
    }
    double sum = 0;
    for (int j = 0; j < x.length; j++) {
      y[j] = included.test(j) && x[j] > Double.NEGATIVE_INFINITY ? Math.exp(x[j] - max) : 0;
      sum += y[j];
    }
    for (int j = 0; j < x.length; j++) {
      y[j] = sum == 0 ? 0 : y[j] / sum;
    }
    return y;
  }

  private static double[] perRow(double[] x, int columns, UnaryOperator<double[]> function) {
    double[] y = new double[x.length];
    for (int from = 0; from < x.length; from += columns) {
      double[] row = function.apply(Arrays.copyOfRange(x, from, from + columns));
      System.arraycopy(row, 0, y, from, columns);
    }
    return y;
  }

  private static double[] softmax(double[] x, int columns) {
    return perRow(x, columns, row -> softmax(row, j -> true));
  }

  private static double[] logSoftmax(double[] x, int columns) {
    return perRow(
        x,
        columns,
        row -> {
          double max = Arrays.stream(row).max().orElseThrow();
          double log = Math.log(Arrays.stream(row).map(v -> Math.exp(v - max)).sum());
          return Arrays.stream(row).map(v -> v - max - log).toArray();
        });
  }

  private static void assertSoftmax(double actual, double exact, int columns) {
    // An element d below the maximum has a softmax of at most exp(−d).
    double distance = exact == 0 ? 0 : -Math.log(exact);
    assertThat(actual)
        .isCloseTo(
            exact, within((columns / 16.0 + 10 + distance) * ULP * exact + 1.1 * Float.MIN_NORMAL));
  }

  @ParameterizedTest
  @CsvSource({"3, 1", "3, 15", "2, 16", "4, 33", "2, 1000", "1, 50257"})
  void logSoftmaxIsAsAccurateAsDocumented(int rows, int columns) {
    try (Arena arena = Arena.ofConfined()) {
      TestTensor x = TestTensor.normal(arena, (long) rows * columns, 10, 1);
      TestTensor y = TestTensor.zeros(arena, (long) rows * columns);
      Softmax.logSoftmax(rows, columns, x.segment(), y.segment());
      double[] exact = logSoftmax(doubles(x), columns);
      for (int i = 0; i < exact.length; i++) {
        assertThat((double) y.get(i))
            .isCloseTo(exact[i], within((columns / 16.0 + 10 + 2 * Math.abs(exact[i])) * ULP));
      }
      y.assertGuardsIntact();
    }
  }

  @Test
  void logSoftmaxIsFiniteWhereSoftmaxIsZero() {
    try (Arena arena = Arena.ofConfined()) {
      TestTensor x = TestTensor.of(arena, 0f, -200f, 3e38f, -INFINITY);
      Softmax.logSoftmax(1, 2, x.segment(), x.segment());
      assertThat(Arrays.copyOf(x.floats(), 2)).containsExactly(0f, -200f);
      Softmax.logSoftmax(1, 4, x.segment(), x.segment());
      assertThat(x.floats()).containsExactly(-3e38f, -3e38f, 0f, -INFINITY);
    }
  }

  @Test
  void whatIsFarBelowTheMaximumIsZero() {
    try (Arena arena = Arena.ofConfined()) {
      TestTensor x = TestTensor.of(arena, 1000f, 1000f - 87f, 1000f - 88f);
      Softmax.softmax(1, 3, x.segment(), x.segment());
      assertThat(x.get(0)).isEqualTo(1f);
      assertThat((double) x.get(1)).isCloseTo(Math.exp(-87), within(1e-6 * Math.exp(-87)));
      assertThat(x.get(2)).isZero();
    }
  }

  @ParameterizedTest
  @CsvSource({"2, 5", "3, 16", "2, 37"})
  void gradientsAreThoseOfFiniteDifferences(int rows, int columns) {
    try (Arena arena = Arena.ofConfined()) {
      int size = rows * columns;
      TestTensor x = TestTensor.normal(arena, size, 2, 1);
      TestTensor y = TestTensor.zeros(arena, size);
      TestTensor dy = TestTensor.normal(arena, size, 1, 2);
      TestTensor dx = TestTensor.zeros(arena, size);
      double[] g = doubles(dy);

      Softmax.softmax(rows, columns, x.segment(), y.segment());
      for (boolean accumulate : new boolean[] {false, true}) {
        Softmax.softmaxBackward(rows, columns, accumulate, y.segment(), dy.segment(), dx.segment());
      }
      assertCloseTwice(dx, gradient(v -> dot(g, softmax(v, columns)), doubles(x)));

      Softmax.logSoftmax(rows, columns, x.segment(), y.segment());
      for (boolean accumulate : new boolean[] {false, true}) {
        Softmax.logSoftmaxBackward(
            rows, columns, accumulate, y.segment(), dy.segment(), dx.segment());
      }
      assertCloseTwice(dx, gradient(v -> dot(g, logSoftmax(v, columns)), doubles(x)));
      dx.assertGuardsIntact();
    }
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, INFINITY, -INFINITY})
  void whatIsExcludedHasNoPartInTheGradient(float value) {
    try (Arena arena = Arena.ofConfined()) {
      TestTensor x = TestTensor.normal(arena, 2 * 5 * 37, 2, 1);
      TestTensor y = TestTensor.zeros(arena, 2 * 5 * 37);
      Backward ofRows =
          (add, dy, dx) ->
              Softmax.softmaxBackward(10, 37, add, y.segment(), dy.segment(), dx.segment());
      Softmax.causalSoftmax(2, 5, 37, x.segment(), y.segment());
      assertZerosHaveNoPart(y, value, ofRows);
      TestTensor mask = TestTensor.labels(arena, 2 * 37, 2, 3);
      Softmax.maskedSoftmax(2, 5, 37, x.segment(), mask.segment(), y.segment());
      assertZerosHaveNoPart(y, value, ofRows);
      for (int i = 1; i < x.floats().length; i += 3) {
        x.segment().setAtIndex(JAVA_FLOAT, i, -INFINITY);
      }
      Softmax.softmaxOverAxis(2, 5, 37, x.segment(), y.segment());
      assertZerosHaveNoPart(
          y,
          value,
          (add, dy, dx) ->
              Softmax.softmaxOverAxisBackward(
                  2, 5, 37, add, y.segment(), dy.segment(), dx.segment()));
    }
  }

  @FunctionalInterface
  private interface Backward {
    void run(boolean accumulate, TestTensor dy, TestTensor dx);
  }

  /** Where y is 0, any dy gives the same gradients, which are 0 there, also in a row with NaN. */
  private static void assertZerosHaveNoPart(TestTensor y, float value, Backward backward) {
    try (Arena arena = Arena.ofConfined()) {
      int size = y.floats().length;
      TestTensor plain = TestTensor.normal(arena, size, 1, 2);
      plain.segment().setAtIndex(JAVA_FLOAT, 0, Float.NaN);
      TestTensor dy = plain.copy(arena);
      for (int i = 0; i < size; i++) {
        if (y.get(i) == 0) {
          dy.segment().setAtIndex(JAVA_FLOAT, i, value);
        }
      }
      for (boolean accumulate : new boolean[] {false, true}) {
        TestTensor before = TestTensor.normal(arena, size, 1, 3);
        TestTensor expected = before.copy(arena);
        TestTensor actual = before.copy(arena);
        backward.run(accumulate, plain, expected);
        backward.run(accumulate, dy, actual);
        assertThat(actual.floats()).isEqualTo(expected.floats());
        for (int i = 0; i < size; i++) {
          if (y.get(i) == 0) {
            assertThat(actual.get(i)).isEqualTo(accumulate ? before.get(i) : 0f);
          }
        }
      }
    }
  }

  private static void assertCloseTwice(TestTensor actual, double[] expected) {
    for (int i = 0; i < expected.length; i++) {
      assertThat((double) actual.get(i))
          .isCloseTo(2 * expected[i], within(1e-5 * (1 + Math.abs(expected[i]))));
    }
  }

  /** With rows for which nothing is left where there are fewer columns than rows. */
  @ParameterizedTest
  @CsvSource({"2, 5, 5", "3, 17, 17", "2, 3, 33", "1, 1, 16", "2, 33, 20", "1, 64, 64"})
  void aRowSeesNoLaterColumn(int batch, int rows, int columns) {
    try (Arena arena = Arena.ofConfined()) {
      TestTensor x = TestTensor.normal(arena, (long) batch * rows * columns, 3, 1);
      float[] values = x.floats();
      for (int i = 0; i < batch * rows; i++) { // what is excluded is not read
        for (int j = Math.max(0, i % rows + 1 + columns - rows); j < columns; j++) {
          values[i * columns + j] = Float.NaN;
        }
      }
      TestTensor y = TestTensor.of(arena, values);
      Softmax.causalSoftmax(batch, rows, columns, y.segment(), y.segment());
      for (int i = 0; i < batch * rows; i++) {
        int last = i % rows + columns - rows;
        double[] row = Arrays.copyOfRange(doubles(x), i * columns, (i + 1) * columns);
        double[] exact = softmax(row, j -> j <= last);
        for (int j = 0; j < columns; j++) {
          assertSoftmax(y.get((long) i * columns + j), exact[j], columns);
          if (j > last) {
            assertThat(y.get((long) i * columns + j)).isZero();
          }
        }
      }
      y.assertGuardsIntact();
    }
  }

  @ParameterizedTest
  @CsvSource({"2, 5, 7", "3, 1, 17", "2, 4, 33", "5, 3, 1", "1, 2, 1000"})
  void aMaskExcludesColumns(int batch, int rows, int columns) {
    try (Arena arena = Arena.ofConfined()) {
      TestTensor x = TestTensor.normal(arena, (long) batch * rows * columns, 3, 1);
      int[] mask = new int[batch * columns];
      for (int i = 0; i < mask.length; i++) { // all of the last matrix is excluded
        mask[i] = i >= (batch - 1) * columns && batch > 1 ? 0 : new int[] {-1, 0, 7, 1}[i % 4];
      }
      TestTensor masks = TestTensor.ofLabels(arena, mask);
      float[] values = x.floats();
      for (int i = 0; i < values.length; i++) { // whatever is there
        if (mask[i / (rows * columns) * columns + i % columns] == 0) {
          values[i] = i % 2 == 0 ? Float.NaN : INFINITY;
        }
      }
      TestTensor in = TestTensor.of(arena, values);
      TestTensor y = TestTensor.zeros(arena, values.length);
      Softmax.maskedSoftmax(batch, rows, columns, in.segment(), masks.segment(), y.segment());
      for (int i = 0; i < batch * rows; i++) {
        int from = i / rows * columns;
        double[] row = Arrays.copyOfRange(doubles(x), i * columns, (i + 1) * columns);
        double[] exact = softmax(row, j -> mask[from + j] != 0);
        for (int j = 0; j < columns; j++) {
          assertSoftmax(y.get((long) i * columns + j), exact[j], columns);
        }
      }
      y.assertGuardsIntact();
    }
  }

  @ParameterizedTest
  @CsvSource({"2, 5, 7", "3, 1, 17", "2, 4, 33", "1, 2, 1000"})
  void aBiasIsAdded(int batch, int rows, int columns) {
    try (Arena arena = Arena.ofConfined()) {
      TestTensor x = TestTensor.normal(arena, (long) batch * rows * columns, 3, 1);
      float[] biases = TestTensor.normal(arena, (long) rows * columns, 1, 2).floats();
      for (int j = 0; j < columns; j++) { // nothing is left of the first row
        biases[j] = -INFINITY;
      }
      TestTensor bias = TestTensor.of(arena, biases);
      TestTensor y = TestTensor.zeros(arena, (long) batch * rows * columns);
      Softmax.biasedSoftmax(batch, rows, columns, x.segment(), bias.segment(), y.segment());
      for (int i = 0; i < batch * rows; i++) {
        double[] row = new double[columns];
        for (int j = 0; j < columns; j++) {
          row[j] = x.get((long) i * columns + j) + biases[i % rows * columns + j];
        }
        double[] exact = softmax(row, j -> true);
        for (int j = 0; j < columns; j++) {
          assertSoftmax(y.get((long) i * columns + j), exact[j], columns);
        }
      }
      y.assertGuardsIntact();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1, 5, 7",
    "3, 17, 16",
    "2, 4, 33",
    "2, 1, 100",
    "2, 100, 1",
    "1, 3, 1100",
    "4, 64, 50"
  })
  void overAnAxisItIsThatOfTheTransposedRows(int outer, int axis, int inner) {
    try (Arena arena = Arena.ofConfined()) {
      int size = outer * axis * inner;
      TestTensor x = TestTensor.normal(arena, size, 3, 1);
      TestTensor y = TestTensor.zeros(arena, size);
      TestTensor dy = TestTensor.normal(arena, size, 1, 2);
      TestTensor dx = TestTensor.zeros(arena, size);
      Softmax.softmaxOverAxis(outer, axis, inner, x.segment(), y.segment());
      for (boolean accumulate : new boolean[] {false, true}) {
        Softmax.softmaxOverAxisBackward(
            outer, axis, inner, accumulate, y.segment(), dy.segment(), dx.segment());
      }
      for (int o = 0; o < outer; o++) {
        for (int i = 0; i < inner; i++) {
          double[] column = new double[axis];
          double sum = 0;
          for (int k = 0; k < axis; k++) {
            column[k] = x.get((long) (o * axis + k) * inner + i);
          }
          double[] exact = softmax(column, k -> true);
          for (int k = 0; k < axis; k++) {
            sum += exact[k] * dy.get((long) (o * axis + k) * inner + i);
          }
          for (int k = 0; k < axis; k++) {
            long at = (long) (o * axis + k) * inner + i;
            assertSoftmax(y.get(at), exact[k], 16 * axis);
            assertThat((double) dx.get(at))
                .isCloseTo(2 * exact[k] * (dy.get(at) - sum), within(1e-5));
          }
        }
      }
      y.assertGuardsIntact();
      dx.assertGuardsIntact();
    }
  }

  @Test
  void overTheLastAxisItHasTheBitsOfSoftmax() {
    try (Arena arena = Arena.ofConfined()) {
      TestTensor x = TestTensor.normal(arena, 300, 3, 1);
      TestTensor rows = TestTensor.zeros(arena, 300);
      Softmax.softmax(3, 100, x.segment(), rows.segment());
      Softmax.softmaxOverAxis(3, 100, 1, x.segment(), x.segment());
      assertThat(x.bits()).containsExactly(rows.bits());
    }
  }

  @Test
  void nanSpoilsItsColumnOnly() {
    try (Arena arena = Arena.ofConfined()) {
      float[] values = new float[3 * 20];
      values[20 + 2] = Float.NaN;
      values[20 + 18] = INFINITY;
      Arrays.fill(values, 40 + 5, 40 + 6, -INFINITY);
      TestTensor x = TestTensor.of(arena, values);
      Softmax.softmaxOverAxis(1, 3, 20, x.segment(), x.segment());
      for (int j = 0; j < 60; j++) {
        switch (j % 20) {
          case 2 -> assertThat(x.get(j)).isNaN();
          case 18 -> assertThat(Float.isNaN(x.get(j)) || x.get(j) == 0f).isTrue();
          case 5 -> assertThat(x.get(j)).isEqualTo(j == 45 ? 0f : 0.5f);
          default -> assertThat(x.get(j)).isEqualTo(1f / 3);
        }
      }
    }
  }

  @Test
  void nothingIsLeftAsItIs() {
    try (Arena arena = Arena.ofConfined()) {
      TestTensor none = TestTensor.zeros(arena, 0);
      Softmax.softmaxOverAxis(5, 0, 7, none.segment(), none.segment());
      Softmax.softmaxOverAxis(0, 5, 7, none.segment(), none.segment());
      Softmax.causalSoftmax(3, 0, 7, none.segment(), none.segment());
      Softmax.causalSoftmax(3, 7, 0, none.segment(), none.segment());
      Softmax.maskedSoftmax(3, 7, 0, none.segment(), none.segment(), none.segment());
      Softmax.logSoftmax(3, 0, none.segment(), none.segment());
      none.assertGuardsIntact();
    }
  }
}
