package org.lanewise.kernels.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpeedTest {
  private static Speed measure(SlowAtFirst backend) {
    return Speed.measure(backend, backend);
  }

  @ParameterizedTest
  @CsvSource({"0, 1", "1, 1000", "100, 1000", "2000, 1000", "9000, 100"})
  void isThatOfCompiledCode(int interpretedRuns, double slowness) {
    Speed speed = measure(new SlowAtFirst(interpretedRuns, slowness));

    assertThat(speed.flops()).isCloseTo(1e11, within(1e8));
    assertThat(speed.bandwidth()).isCloseTo(1e11, within(1e8));
    assertThat(speed.settled()).isTrue();
    assertThat(speed.toString())
        .startsWith("100.0 GFLOP/s in matrix products, 100.0 GB/s in vectors, ")
        .endsWith(" µs a small op");
  }

  @Test
  void saysThatItWasNotCompiledInTime() {
    Speed speed = measure(new SlowAtFirst(Integer.MAX_VALUE, 1000));

    assertThat(speed.settled()).isFalse();
    assertThat(speed.toString())
        .endsWith(", or better: not compiled in time, or the machine was busy");
  }

  @Test
  void takesSecondsWhateverTheSpeed() {
    for (double slowness : new double[] {1, 1e3, 1e6}) {
      SlowAtFirst backend = new SlowAtFirst(Integer.MAX_VALUE, slowness);
      measure(backend);
      assertThat(backend.getAsLong()).isLessThan(30_000_000_000L);
    }
  }

  @ParameterizedTest
  @CsvSource({"0, 1", "1, 1000", "400, 1000"})
  void measuresProductsOfCompiledCode(int interpretedRuns, double slowness) {
    SlowAtFirst backend = new SlowAtFirst(interpretedRuns, slowness);

    assertThat(Speed.products(backend, backend)).isCloseTo(1e11, within(1e8));
  }

  @Test
  void measuresProductsInASecondWhateverTheSpeed() {
    for (double slowness : new double[] {1, 1e3, 1e5}) {
      SlowAtFirst backend = new SlowAtFirst(Integer.MAX_VALUE, slowness);
      Speed.products(backend, backend);
      assertThat(backend.getAsLong()).isLessThan(2_000_000_000L);
    }
  }
}
