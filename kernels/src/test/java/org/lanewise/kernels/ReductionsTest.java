package org.lanewise.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
}
