package org.lanewise.ffi.opencl.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.lanewise.ffi.opencl.ChildJvm;
import org.lanewise.ffi.opencl.TestDevice;

/** Thousands of runs leave nothing behind, and what is left open says where it was made. */
class LeakTest {
  /** The JVM's own memory comes and goes too; a leak of 2 KiB a run would be as much. */
  private static final long NOISE_KIB = 20_000;

  @Test
  void runsLeakNothing() throws Exception {
    assumeTrue(Files.exists(Path.of("/proc/self/status")), "no /proc/self/status");
    String device = TestDevice.number();
    // A heap that has its size from the start, lest it be what grows
    List<String> heap = List.of("-Xms64m", "-Xmx64m", "-XX:+AlwaysPreTouch");
    String output = ChildJvm.run(LeakProcess.class, Map.of(), heap, device).output();

    List<long[]> counted =
        output
            .lines()
            .filter(line -> line.startsWith("counted "))
            .map(line -> Stream.of(line.split(" ")).skip(1).mapToLong(Long::parseLong).toArray())
            .toList();
    assertThat(counted).as(output).hasSize(2);
    long[] before = counted.getFirst();
    long[] after = counted.getLast();
    assertThat(after[0]).as("open objects").isEqualTo(before[0]);
    assertThat(after[1]).as("threads").isLessThanOrEqualTo(before[1] + 2); // the JVM's come and go
    assertThat(after[2]).as("KiB").isLessThan(before[2] + NOISE_KIB);
  }

  @Test
  void openObjectsNameTheLineThatMadeThem() {
    OpenClBackend opencl = TestDevice.open();
    opencl.allocate(100);
    assertThat(opencl.context().open())
        .anyMatch(line -> line.contains("memory of 100 bytes made at"));
    opencl.close();
    assertThat(opencl.context().open()).isEmpty();
  }
}
