package org.lanewise.ffi.opencl;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.lanewise.kernels.backend.Backend;
import org.lanewise.kernels.cases.ClassPaths;

/**
 * A JVM of its own, for what would take the tests' JVM with it.
 *
 * @param exitCode 0 unless it crashed or threw
 * @param output all that it printed
 */
public record ChildJvm(int exitCode, String output) {
  private static final long SECONDS = 120;

  /** Runs a main class of the tests to its end. */
  public static ChildJvm run(
      Class<?> main, Map<String, String> environment, List<String> options, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(
        List.of(
            "-XX:-CreateCoredumpOnCrash",
            "-XX:+SuppressFatalErrorMessage",
            "--add-modules=jdk.incubator.vector",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            ClassPaths.of(Backend.class, Device.class, main),
            main.getName()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("still running: " + command + "\n" + output);
    }
    return new ChildJvm(process.exitValue(), output);
  }
}
