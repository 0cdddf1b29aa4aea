package org.lanewise.ffi.opencl;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** No call of the wrapper ends the JVM, whatever its arguments are and whatever is closed. */
class MisuseTest {
  @Test
  void isRefusedAndHarmsNothing() throws Exception {
    requireRefused(3000);
  }

  static void requireRefused(int calls) throws Exception {
    ChildJvm child =
        ChildJvm.run(
            MisuseProcess.class,
            Map.of(),
            List.of(),
            TestDevice.number(),
            "1",
            Integer.toString(calls));
    assertThat(child.output()).contains("done").doesNotContain("wrong");
    assertThat(child.exitCode()).isZero();
  }
}
