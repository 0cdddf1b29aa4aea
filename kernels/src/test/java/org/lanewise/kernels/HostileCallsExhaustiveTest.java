package org.lanewise.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/**
 * The calls of {@link HostileCallsTest} and many more. It runs when asked for by {@code ./lanewise
 * test --exhaustive}.
 */
class HostileCallsExhaustiveTest {
  @Test
  void doesWhatIsDocumented() throws InterruptedException {
    assertThat(new HostileCalls().run(0, 240_000)).isPositive();
  }
}
