package org.lanewise.ffi.opencl;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every fault is caught, in a JVM that lives to say so. */
class FaultsTest {
  @ParameterizedTest
  @EnumSource
  void isCaught(Fault fault) throws Exception {
    String device = TestDevice.number();
    ChildJvm child = ChildJvm.run(Fault.class, Map.of(), List.of(), fault.name(), device);

    assertThat(child.output()).contains("caught");
    assertThat(child.exitCode()).isZero();
  }
}
