package org.lanewise.kernels;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Reductions against f64. */
class ReductionsTest {
  @ParameterizedTest
  @CsvSource({
    "0, 5, false",
    "0, 5, true",
    "1, 1, false",
    "128, 10, true",
    "7, 64, false",
    "300, 77, true"
  })
  void columnSumsAgreesWithTheFormula(int rows, int columns, boolean accumulate) {
    try (Arena arena = Arena.ofConfined()) {
      TestTensor x = TestTensor.normal(arena, (long) rows * columns, 1, 1);
      TestTensor sums = TestTensor.normal(arena, columns, 1, 2);
      TestTensor before = sums.copy(arena);
      Reductions.columnSums(rows, columns, accumulate, x.segment(), sums.segment());
      for (int j = 0; j < columns; j++) {
        double exact = accumulate ? before.get(j) : 0;
        double magnitude = Math.abs(exact);
        for (int i = 0; i < rows; i++) {
          exact += x.get((long) i * columns + j);
          magnitude += Math.abs(x.get((long) i * columns + j));
        }
        assertThat((double) sums.get(j)).isCloseTo(exact, within((rows + 1) * 0x1p-24 * magnitude));
      }
    }
  }

  @Test
  void infinityAndNanStayInTheirColumn() {
    try (Arena arena = Arena.ofConfined()) {
      float infinity = Float.POSITIVE_INFINITY;
      TestTensor x = TestTensor.of(arena, 1f, infinity, infinity, Float.NaN, 2f, 2f, -infinity, 2f);
      TestTensor sums = TestTensor.zeros(arena, 4);
      Reductions.columnSums(2, 4, false, x.segment(), sums.segment());
      assertThat(sums.floats()).containsExactly(3f, infinity, Float.NaN, Float.NaN);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "5, 0, false",
    "5, 0, true",
    "1, 1, false",
    "3, 15, true",
    "3, 16, false",
    "7, 17, true",
    "31, 33, false",
    "4, 100, true",
    "2, 5000, false"
  })
  void rowSumsAgreesWithTheFormula(int rows, int columns, boolean accumulate) {
    try (Arena arena = Arena.ofConfined()) {
      TestTensor x = TestTensor.normal(arena, (long) rows * columns, 1, 1);
      TestTensor sums = TestTensor.normal(arena, rows, 1, 2);
      TestTensor before = sums.copy(arena);
      Reductions.rowSums(rows, columns, accumulate, x.segment(), sums.segment());
      double roundings = Math.min(columns / 16.0 + 6, 261) + 1;
      for (int i = 0; i < rows; i++) {
        double exact = accumulate ? before.get(i) : 0;
        double magnitude = Math.abs(exact);
        for (int j = 0; j < columns; j++) {
          exact += x.get((long) i * columns + j);
          magnitude += Math.abs(x.get((long) i * columns + j));
        }
        assertThat((double) sums.get(i)).isCloseTo(exact, within(roundings * 0x1p-24 * magnitude));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 15, 16, 17, 31, 32, 33, 47, 64, 100, 1000})
  void extremaAreFoundWhereverTheyAre(int columns) {
    try (Arena arena = Arena.ofConfined()) {
      // Row i has its extrema in column i, and where there is room, again in a later one
      TestTensor x = TestTensor.normal(arena, (long) columns * columns, 1, 1);
      for (int i = 0; i < columns; i++) {
        long row = (long) i * columns;
        x.segment().setAtIndex(JAVA_FLOAT, row + i, 9f);
        if (i + 18 < columns) {
          x.segment().setAtIndex(JAVA_FLOAT, row + i + 18, 9f);
        }
      }
      TestTensor negative = TestTensor.zeros(arena, (long) columns * columns);
      Blas1.scal((long) columns * columns, -1f, x.segment(), negative.segment());
      TestTensor values = TestTensor.zeros(arena, columns);
      TestTensor indices = TestTensor.zeros(arena, columns);
      Reductions.rowMaxima(columns, columns, x.segment(), values.segment());
      Reductions.rowArgmax(columns, columns, x.segment(), indices.segment());
      assertThat(values.floats()).containsOnly(9f);
      assertThat(indices.segment().toArray(JAVA_INT)).isEqualTo(range(columns));
      Reductions.rowMinima(columns, columns, negative.segment(), values.segment());
      Reductions.rowArgmin(columns, columns, negative.segment(), indices.segment());
      assertThat(values.floats()).containsOnly(-9f);
      assertThat(indices.segment().toArray(JAVA_INT)).isEqualTo(range(columns));
    }
  }

  private static int[] range(int end) {
    return IntStream.range(0, end).toArray();
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 16, 40, 100})
  void extremaOfSpecialValues(int columns) {
    float inf = Float.POSITIVE_INFINITY;
    try (Arena arena = Arena.ofConfined()) {
      TestTensor x = TestTensor.zeros(arena, 4L * columns);
      x.segment().asSlice(0, (long) columns * Float.BYTES).copyFrom(row(columns, -inf));
      x.segment()
          .asSlice((long) columns * Float.BYTES, (long) columns * Float.BYTES)
          .copyFrom(row(columns, inf));
      x.segment().setAtIndex(JAVA_FLOAT, 2L * columns - 2, Float.NaN);
      x.segment().setAtIndex(JAVA_FLOAT, 2L * columns - 1, Float.NaN);
      x.segment().setAtIndex(JAVA_FLOAT, 2L * columns, -0f);
      x.segment().setAtIndex(JAVA_FLOAT, 4L * columns - 1, -0f);
      TestTensor maxima = TestTensor.zeros(arena, 4);
      TestTensor minima = TestTensor.zeros(arena, 4);
      TestTensor indices = TestTensor.zeros(arena, 4);
      Reductions.rowMaxima(4, columns, x.segment(), maxima.segment());
      Reductions.rowMinima(4, columns, x.segment(), minima.segment());
      Reductions.rowArgmax(4, columns, x.segment(), indices.segment());
      // All −∞; +∞ and NaN; zeros of which the first is negative; zeros of which the last is
      assertThat(maxima.floats()).containsExactly(-inf, Float.NaN, -0f, 0f);
      assertThat(minima.floats()).containsExactly(-inf, Float.NaN, -0f, 0f);
      assertThat(indices.segment().toArray(JAVA_INT)).containsExactly(0, columns - 2, 0, 0);
    }
  }

  private static MemorySegment row(int columns, float value) {
    float[] values = new float[columns];
    Arrays.fill(values, value);
    return MemorySegment.ofArray(values);
  }
}
