package org.lanewise.nn.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lanewise.kernels.op.Shape;

class DatasetTest {
  private final Dataset data =
      Dataset.of(new float[30], Shape.of(3), IntStream.range(0, 10).toArray());

  @ParameterizedTest
  @CsvSource({"0, 10, 0", "0.2, 8, 2", "0.25, 7, 3", "1, 0, 10"})
  void splitsEachSampleToOneSide(double fraction, int train, int validation) {
    Dataset.Split split = data.split(fraction, 1);
    assertThat(split.train().size()).isEqualTo(train);
    assertThat(split.validation().size()).isEqualTo(validation);
    assertThat(IntStream.concat(labels(split.train()), labels(split.validation())))
        .containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
  }

  @Test
  void splitDependsOnTheSeed() {
    assertThat(labels(data.split(0.5, 1).train()).toArray())
        .isEqualTo(labels(data.split(0.5, 1).train()).toArray())
        .isNotEqualTo(labels(data.split(0.5, 2).train()).toArray());
  }

  @Test
  void slices() {
    assertThat(labels(data.slice(2, 5))).containsExactly(2, 3, 4);
    assertThatThrownBy(() -> data.slice(5, 11)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void refusesSizesThatDoNotFit() {
    assertThatThrownBy(() -> Dataset.of(new float[31], Shape.of(3), new int[10]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("124 bytes");
    assertThatThrownBy(() -> Dataset.of(new float[30], Shape.of(3), new int[9]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("10 inputs")
        .hasMessageContaining("9 targets");
    assertThatThrownBy(() -> data.split(1.5, 0)).isInstanceOf(IllegalArgumentException.class);
  }

  private static IntStream labels(Dataset data) {
    return IntStream.range(0, data.size()).map(data::label);
  }
}
