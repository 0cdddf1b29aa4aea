package org.lanewise.samples.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.lanewise.kernels.backend.BackendUnavailableException;
import org.lanewise.nn.io.MalformedFileException;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class FailuresTest {
  private final StringWriter err = new StringWriter();

  static Stream<Arguments> mistakes() {
    return Stream.of(
        arguments(new UserException("no cat"), "no cat"),
        arguments(new BackendUnavailableException("no device 'x'"), "no device 'x'"),
        arguments(new MalformedFileException(Path.of("f"), "is damaged"), "f: is damaged"),
        arguments(new NoSuchFileException("f"), "f: no such file or directory"),
        arguments(new NoSuchFileException("f", null, "no such file"), "f: no such file"),
        arguments(new AccessDeniedException("f"), "f: permission denied"),
        arguments(new FileAlreadyExistsException("f"), "f: exists and is not a directory"),
        arguments(
            new UncheckedIOException(new IOException("No space left on device")),
            "No space left on device"));
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void aMistakeIsOneLine(Exception failure, String line) {
    assertThat(exitCode(failure)).isEqualTo(2);
    assertThat(err.toString()).isEqualToNormalizingNewlines("lanewise: " + line + "\n");
  }

  @Test
  void aBugIsAStackTrace() {
    assertThat(exitCode(new IllegalStateException("oops"))).isEqualTo(1);
    assertThat(err.toString())
        .contains("java.lang.IllegalStateException: oops", "at " + FailuresTest.class.getName());
  }

  private int exitCode(Exception failure) {
    return new CommandLine(new Failing(failure))
        .setErr(new PrintWriter(err, true))
        .setExecutionExceptionHandler(Failures::ofExecution)
        .execute();
  }

  @Command(name = "failing")
  private record Failing(Exception failure) implements Callable<Integer> {
    @Override
    public Integer call() throws Exception {
      throw failure;
    }
  }
}
