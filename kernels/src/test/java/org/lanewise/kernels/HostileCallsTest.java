package org.lanewise.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** No call of a kernel, however wrong, does what is not documented: a few thousand calls. */
class HostileCallsTest {
  @Test
  void doesWhatIsDocumented() throws InterruptedException {
    int calls = 4000;
    int accepted = new HostileCalls().run(0, calls);
    assertThat(accepted).as("calls that were accepted").isBetween(calls / 20, calls - calls / 20);
  }

  @Test
  void findsTheKernels() {
    Set<String> names =
        HostileCalls.kernels().stream()
            .map(Method::getDeclaringClass)
            .map(Class::getName)
            .collect(Collectors.toSet());
    assertThat(names)
        .contains("org.lanewise.kernels.Gemm", "org.lanewise.kernels.arrays.Softmax")
        .hasSizeGreaterThan(30);
  }
}
