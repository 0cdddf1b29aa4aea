package org.lanewise.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Softmax and log-sum-exp against f64, and at the values where they are easily wrong. */
class SoftmaxTest {
  private static final float INFINITY = Float.POSITIVE_INFINITY;

  @ParameterizedTest
  @CsvSource({"1, 1", "5, 10", "3, 16", "4, 33", "2, 1000", "1, 50257"})
  void agreesWithTheFormulas(int rows, int columns) {
    try (Arena arena = Arena.ofConfined()) {
      TestTensor x = TestTensor.normal(arena, (long) rows * columns, 10, 1);
      TestTensor y = TestTensor.zeros(arena, (long) rows * columns);
      TestTensor lse = TestTensor.zeros(arena, rows);
      Softmax.softmax(rows, columns, x.segment(), y.segment());
      Softmax.logSumExp(rows, columns, x.segment(), lse.segment());
      for (int i = 0; i < rows; i++) {
        double sum = 0;
        for (int j = 0; j < columns; j++) {
          sum += StrictMath.exp(x.get((long) i * columns + j));
        }
        double exactLse = StrictMath.log(sum);
        assertThat((double) lse.get(i))
            .isCloseTo(exactLse, within(2e-7 * (1 + Math.abs(exactLse))));
        for (int j = 0; j < columns; j++) {
          double exact = StrictMath.exp(x.get((long) i * columns + j)) / sum;
          // The exponent x − max is rounded, which matters most where the result is smallest.
          double bound = (columns / 16.0 + 10 - StrictMath.log(exact)) * 0x1p-24;
          assertThat((double) y.get((long) i * columns + j))
              .isCloseTo(exact, within(bound * exact + 1.1 * Float.MIN_NORMAL));
        }
      }
    }
  }

  @Test
  void doesNotOverflow() {
    assertThat(softmax(3e38f, 3e38f)).containsExactly(0.5f, 0.5f);
    assertThat(softmax(-3e38f, -3e38f, 3e38f)).containsExactly(0f, 0f, 1f);
    assertThat(logSumExp(1000f)).isEqualTo(1000f);
    assertThat(logSumExp(-1000f, -1000f)).isCloseTo(-999.3069f, within(1e-3f));
  }

  @Test
  void minusInfinityHasNoPartInTheRow() {
    assertThat(softmax(-INFINITY, 1f, 1f)).containsExactly(0f, 0.5f, 0.5f);
    assertThat(logSumExp(-INFINITY, 2f)).isEqualTo(2f);
    assertThat(logSumExp(-INFINITY, -INFINITY)).isEqualTo(-INFINITY);
    assertThat(softmax(-INFINITY, -INFINITY)).containsExactly(Float.NaN, Float.NaN);
  }

  @Test
  void aRowWithoutColumnsSumsToNothing() {
    assertThat(logSumExp()).isEqualTo(-INFINITY);
  }

  /** In the first vector, in a later one, and in the tail. */
  @ParameterizedTest
  @CsvSource({"0, NaN", "20, NaN", "40, NaN", "0, Infinity", "20, Infinity", "40, Infinity"})
  void nanAndInfinitySpoilTheirRowOnly(int position, float value) {
    int columns = 41;
    float[] x = new float[2 * columns];
    x[position] = value;
    try (Arena arena = Arena.ofConfined()) {
      TestTensor in = TestTensor.of(arena, x);
      TestTensor y = TestTensor.zeros(arena, x.length);
      TestTensor lse = TestTensor.zeros(arena, 2);
      Softmax.softmax(2, columns, in.segment(), y.segment());
      Softmax.logSumExp(2, columns, in.segment(), lse.segment());
      for (int j = 0; j < columns; j++) {
        if (Float.isNaN(value) || j == position) {
          assertThat(y.get(j)).isNaN();
        }
        assertThat(y.get(columns + j)).isCloseTo(1f / columns, within(1e-8f));
      }
      assertThat(lse.get(0)).isNaN();
      assertThat(lse.get(1)).isCloseTo((float) Math.log(columns), within(1e-6f));
    }
  }

  private static float[] softmax(float... row) {
    try (Arena arena = Arena.ofConfined()) {
      TestTensor x = TestTensor.of(arena, row);
      Softmax.softmax(1, row.length, x.segment(), x.segment());
      return x.floats();
    }
  }

  private static float logSumExp(float... row) {
    try (Arena arena = Arena.ofConfined()) {
      TestTensor lse = TestTensor.zeros(arena, 1);
      Softmax.logSumExp(1, row.length, TestTensor.of(arena, row).segment(), lse.segment());
      return lse.get(0);
    }
  }
}
