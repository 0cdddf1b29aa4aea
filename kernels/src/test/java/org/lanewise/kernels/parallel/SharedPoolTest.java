package org.lanewise.kernels.parallel;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lanewise.kernels.cases.ClassPaths;

/** The shared pool, of which each JVM has one. */
class SharedPoolTest {
  private static final long SECONDS = 120;

  @ParameterizedTest
  @ValueSource(strings = {"0", "1025", "-3", "99999999999", "many", ""})
  void aWrongSettingIsRefusedWheneverItIsUsed(String setting) throws Exception {
    String message =
        "the system property lanewise.threads must be a number in 1..1024 but is '%s'"
            .formatted(setting);
    assertThat(output(command("-Dlanewise.threads=" + setting))).containsExactly(message, message);
  }

  @Test
  void aRightSettingDecides() throws Exception {
    assertThat(output(command("-Dlanewise.threads=3"))).containsOnly("3 threads, 100 parts");
  }

  @Test
  void moreProcessorsThanItCanUseAreAsMany() throws Exception {
    List<String> command = command("-XX:ActiveProcessorCount=2000", "-Xss256k");
    assertThat(output(command)).containsOnly("1024 threads, 100 parts");
  }

  /** Each thread of Java's takes a gigabyte of addresses, of which there are not enough for all. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void makesDoWithTheThreadsThatTheSystemAllows() throws Exception {
    List<String> command = new ArrayList<>();
    command.addAll(List.of("sh", "-c", "ulimit -v 16777216 && exec \"$@\"", "sh"));
    command.addAll(command("-Dlanewise.threads=100", "-Xss1g", "-Xlog:disable"));
    assertThat(output(command)).containsOnly("100 threads, 100 parts");
  }

  private static List<String> command(String... options) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx64m", "-XX:+UseSerialGC"));
    command.addAll(List.of(options));
    command.addAll(
        List.of(
            "-cp",
            ClassPaths.of(WorkerPool.class, SharedPoolProcess.class),
            SharedPoolProcess.class.getName()));
    return command;
  }

  private static List<String> output(List<String> command)
      throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(SECONDS, TimeUnit.SECONDS)).as("ended: %s", command).isTrue();
    assertThat(process.exitValue()).as(output).isZero();
    return output.lines().toList();
  }
}
