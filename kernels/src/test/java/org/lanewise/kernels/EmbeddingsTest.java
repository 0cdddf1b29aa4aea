package org.lanewise.kernels;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rows by index, and the gradient of that. */
class EmbeddingsTest {
  @ParameterizedTest
  @CsvSource({
    "1, 1, 1",
    "0, 5, 3",
    "5, 15, 3",
    "33, 16, 7",
    "100, 17, 5",
    "64, 100, 1000",
    "7, 0, 3"
  })
  void rowsAreLookedUpAndTheirGradientsAdded(int rows, int columns, int vocabulary) {
    try (Arena arena = Arena.ofConfined()) {
      TestTensor weight = TestTensor.normal(arena, (long) vocabulary * columns, 1, 1);
      TestTensor indices = TestTensor.labels(arena, rows, vocabulary, 2);
      TestTensor y = TestTensor.zeros(arena, (long) rows * columns);
      TestTensor dy = TestTensor.normal(arena, (long) rows * columns, 1, 3);
      TestTensor dWeight = TestTensor.normal(arena, (long) vocabulary * columns, 1, 4);
      TestTensor added = dWeight.copy(arena);
      TestTensor before = dWeight.copy(arena);
      Embeddings.gather(
          rows, columns, vocabulary, weight.segment(), indices.segment(), y.segment());
      Embeddings.gatherBackward(
          rows, columns, vocabulary, false, dy.segment(), indices.segment(), dWeight.segment());
      Embeddings.gatherBackward(
          rows, columns, vocabulary, true, dy.segment(), indices.segment(), added.segment());
      double[] sums = new double[vocabulary * columns];
      double[] magnitudes = new double[vocabulary * columns];
      for (int i = 0; i < rows; i++) {
        int index = indices.segment().getAtIndex(JAVA_INT, i);
        for (int j = 0; j < columns; j++) {
          assertThat(y.get((long) i * columns + j)).isEqualTo(weight.get(index * columns + j));
          sums[index * columns + j] += dy.get((long) i * columns + j);
          magnitudes[index * columns + j] += Math.abs(dy.get((long) i * columns + j));
        }
      }
      for (int k = 0; k < sums.length; k++) {
        double bound = (rows + 1) * 0x1p-24 * (magnitudes[k] + Math.abs(before.get(k)));
        assertThat((double) dWeight.get(k)).isCloseTo(sums[k], within(bound));
        assertThat((double) added.get(k)).isCloseTo(before.get(k) + sums[k], within(bound));
      }
      y.assertGuardsIntact();
      dWeight.assertGuardsIntact();
    }
  }

  @ParameterizedTest
  @CsvSource({"-1, 3", "3, 3", "2147483647, 3", "-2147483648, 3", "0, 0"})
  void aWrongIndexIsNamedAndNothingWritten(int index, int vocabulary) {
    try (Arena arena = Arena.ofConfined()) {
      TestTensor weight = TestTensor.zeros(arena, 6);
      TestTensor indices = TestTensor.ofLabels(arena, vocabulary == 0 ? index : 0, index);
      TestTensor out = TestTensor.of(arena, 1f, 2f, 3f, 4f, 5f, 6f);
      String message =
          "index %d at position %d is not one of the %d rows of the weight"
              .formatted(index, vocabulary == 0 ? 0 : 1, vocabulary);
      assertThatThrownBy(() ->
              Embeddings.gather(
                  2, 2, vocabulary, weight.segment(), indices.segment(), out.segment()))
          .isInstanceOf(IndexOutOfBoundsException.class)
          .hasMessage(message);
      assertThatThrownBy(() ->
              Embeddings.gatherBackward(
                  2, 2, vocabulary, false, weight.segment(), indices.segment(), out.segment()))
          .isInstanceOf(IndexOutOfBoundsException.class)
          .hasMessage(message);
      assertThat(out.floats()).containsExactly(1f, 2f, 3f, 4f, 5f, 6f);
    }
  }

  /** In f32, 2²⁴ + 1 is 2²⁴, so the order shows in the sum. */
  @Test
  void gradientsAreAddedInTheOrderOfPositions() {
    try (Arena arena = Arena.ofConfined()) {
      TestTensor indices = TestTensor.ofLabels(arena, 0, 0, 0, 0);
      TestTensor dy = TestTensor.of(arena, 0x1p24f, 1f, -0x1p24f, 1f);
      TestTensor dWeight = TestTensor.zeros(arena, 1);
      Embeddings.gatherBackward(4, 1, 1, false, dy.segment(), indices.segment(), dWeight.segment());
      assertThat(dWeight.get(0)).isEqualTo(1f);
      float[] repeated = new float[4 * 33];
      for (int i = 0; i < 4; i++) {
        Arrays.fill(repeated, i * 33, (i + 1) * 33, dy.get(i));
      }
      TestTensor wide = TestTensor.zeros(arena, 33);
      Embeddings.gatherBackward(
          4,
          33,
          1,
          false,
          TestTensor.of(arena, repeated).segment(),
          indices.segment(),
          wide.segment());
      assertThat(wide.floats()).containsOnly(1f);
    }
  }
}
