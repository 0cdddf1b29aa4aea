package org.lanewise.nn.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScheduleTest {
  @ParameterizedTest
  @CsvSource({
    "1, 0.1",
    "5, 0.5",
    "10, 1",
    "11, 1",
    "36, 0.75",
    "61, 0.5",
    "86, 0.25",
    "111, 0",
    "999, 0"
  })
  void risesAndFalls(long step, double factor) {
    double expected =
        step <= 10 ? factor : (1 + Math.cos(Math.PI * (1 - factor))) / 2; // linear to cosine
    assertThat(Schedule.warmupCosine(10, 110).factor(step)).isCloseTo(expected, within(1e-12));
  }

  @Test
  void needsNoWarmup() {
    assertThat(Schedule.warmupCosine(0, 100).factor(1)).isEqualTo(1);
    assertThat(Schedule.warmupCosine(0, 100).factor(100)).isGreaterThan(0);
    assertThat(Schedule.warmupCosine(0, 1).factor(1)).isEqualTo(1);
  }

  @Test
  void staysConstant() {
    assertThat(Schedule.constant().factor(1_000_000)).isEqualTo(1);
  }

  @Test
  void refusesImpossibleSteps() {
    assertThatThrownBy(() -> Schedule.warmupCosine(-1, 5)).hasMessageContaining("-1");
    assertThatThrownBy(() -> Schedule.warmupCosine(5, 5)).hasMessageContaining("totalSteps is 5");
  }
}
