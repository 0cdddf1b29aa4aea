package org.lanewise.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Dropout. */
class DropoutTest {
  @ParameterizedTest
  @ValueSource(floats = {0f, 0.1f, 0.5f, 0.9f})
  void elementsAreDroppedWithTheProbabilityAndOthersScaled(float p) {
    int size = 100_000;
    try (Arena arena = Arena.ofConfined()) {
      TestTensor x = TestTensor.normal(arena, size, 1, 1);
      TestTensor y = TestTensor.zeros(arena, size);
      Dropout.dropout(42, 7, p, size, x.segment(), y.segment());
      float scale = (float) (1 / (1 - (double) p));
      int dropped = 0;
      for (int i = 0; i < size; i++) {
        if (y.get(i) == 0) {
          dropped++;
        } else {
          assertThat(y.get(i)).isEqualTo(x.get(i) * scale);
        }
      }
      double deviation = Math.sqrt(size * p * (1 - p));
      assertThat((double) dropped).isCloseTo(size * (double) p, within(4 * deviation));
    }
  }

  @Test
  void theMaskDependsOnSeedAndStreamOnlyAndSoTheGradientHasIt() {
    int size = 1001;
    try (Arena arena = Arena.ofConfined()) {
      TestTensor x = TestTensor.normal(arena, size, 1, 1);
      TestTensor dy = TestTensor.normal(arena, size, 1, 2);
      TestTensor other = dy.copy(arena);
      Dropout.dropout(42, 7, 0.5f, size, x.segment(), x.segment());
      Dropout.dropout(42, 7, 0.5f, size, dy.segment(), dy.segment());
      Dropout.dropout(42, 8, 0.5f, size, other.segment(), other.segment());
      int different = 0;
      for (int i = 0; i < size; i++) {
        assertThat(dy.get(i) == 0).isEqualTo(x.get(i) == 0);
        different += (other.get(i) == 0) == (x.get(i) == 0) ? 0 : 1;
      }
      assertThat(different).isBetween(400, 600);
    }
  }

  @Test
  void aDroppedElementIsZeroWhateverItWas() {
    int size = 1000;
    try (Arena arena = Arena.ofConfined()) {
      float[] infinite = new float[size];
      Arrays.fill(infinite, Float.NEGATIVE_INFINITY);
      TestTensor x = TestTensor.of(arena, infinite);
      Dropout.dropout(1, 2, 0.5f, size, x.segment(), x.segment());
      assertThat(x.floats()).contains(0f, Float.NEGATIVE_INFINITY).doesNotContain(-0f, Float.NaN);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 15, 17, 33})
  void shortTensorsHaveTheBeginningOfTheSameMask(int size) {
    try (Arena arena = Arena.ofConfined()) {
      TestTensor whole = TestTensor.normal(arena, 100, 1, 1);
      TestTensor part = TestTensor.normal(arena, size, 1, 1);
      Dropout.dropout(3, 4, 0.4f, 100, whole.segment(), whole.segment());
      Dropout.dropout(3, 4, 0.4f, size, part.segment(), part.segment());
      assertThat(part.floats()).isEqualTo(Arrays.copyOf(whole.floats(), size));
      part.assertGuardsIntact();
    }
  }
}
