package org.lanewise.ffi.opencl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A driver that sets signal handlers leaves the JVM's in place. */
class SignalHandlersTest {
  @Test
  void aNullReferenceIsAnExceptionAfterADeviceWasUsed() throws Exception {
    assumeTrue(Files.exists(Path.of("/proc/self/status")), "no /proc/self/status");
    String device = TestDevice.find().name();
    ChildJvm child = ChildJvm.run(SignalProcess.class, Map.of(), List.of("-Xbatch"), device);

    List<String> handled =
        child.output().lines().filter(line -> line.startsWith("handled ")).toList();
    assertThat(handled).as(child.output()).hasSize(2);
    assertThat(handled.getLast()).as("signals with a handler").isEqualTo(handled.getFirst());
    assertThat(child.output()).contains("caught");
    assertThat(child.exitCode()).isZero();
  }
}
