package org.lanewise.cli;

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
import org.lanewise.ffi.opencl.OpenClException;
import org.lanewise.kernels.backend.BackendUnavailableException;
import org.lanewise.nn.io.MalformedFileException;
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
        arguments(new IOException(), "java.io.IOException"),
        arguments(
            new UncheckedIOException(new IOException("No space left on device")),
            "No space left on device"),
        arguments(
            new MalformedFileException(Path.of("f"), "'\u001b]0;x\u0007\r\n\u202eb' is missing"),
            "f: '\\u{1b}]0;x\\u{7}\\u{d}\\u{a}\\u{202e}b' is missing"));
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void aMistakeIsOneLine(Throwable failure, String line) {
    assertThat(exitCode(failure)).isEqualTo(2);
    assertThat(err.toString()).isEqualToNormalizingNewlines("lanewise: " + line + "\n");
  }

  static Stream<Arguments> failures() {
    return Stream.of(
        arguments(
            new IllegalStateException("oops"),
            "internal error: java.lang.IllegalStateException: oops (--stacktrace shows where)"),
        arguments(
            new ExceptionInInitializerError(new NumberFormatException("x")),
            "internal error: java.lang.NumberFormatException: x (--stacktrace shows where)"),
        arguments(
            new StackOverflowError(),
            "internal error: java.lang.StackOverflowError (--stacktrace shows where)"),
        arguments(new OutOfMemoryError("Java heap space"), "not enough memory: Java heap space"),
        arguments(new OpenClException("it has not finished"), "it has not finished"));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void whatTheUserCannotMendIsOneLineToo(Throwable failure, String line) {
    assertThat(exitCode(failure)).isEqualTo(1);
    assertThat(err.toString()).isEqualToNormalizingNewlines("lanewise: " + line + "\n");
  }

  @ParameterizedTest
  @MethodSource({"mistakes", "failures"})
  void showsWhereIfAskedTo(Throwable failure, String line) {
    exitCode(failure, "--stacktrace");

    assertThat(err.toString().lines().findFirst().orElseThrow())
        .startsWith("lanewise: ")
        .doesNotContain("--stacktrace");
    assertThat(err.toString())
        .contains("\n    at " + FailuresTest.class.getName())
        .doesNotContainPattern("[\\p{Cc}\\p{Cf}&&[^\r\n]]");
  }

  @Test
  void aCommandLineThatMakesNoSenseIsALineAndAHint() {
    assertThat(exitCode(new UserException(""), "--x\u001by")).isEqualTo(2);
    assertThat(err.toString())
        .isEqualToNormalizingNewlines(
            """
            lanewise: Unknown option: '--x\\u{1b}y'
            Try './failing --help'.
            """);
  }

  @Test
  void showsWhatOtherwiseOverflowsTheTerminal() {
    exitCode(new UserException("f: '" + "n".repeat(1_000_000) + "' is missing"));
    assertThat(err.toString())
        .startsWith("lanewise: f: 'nnn")
        .contains("nnn … nnn")
        .endsWith("nnn' is missing" + System.lineSeparator())
        .hasSizeLessThan(1_100);
  }

  private int exitCode(Throwable failure, String... arguments) {
    return Program.run(
        new Failing(failure),
        new PrintWriter(new StringWriter()),
        new PrintWriter(err, true),
        arguments);
  }

  @Command(name = "failing")
  private record Failing(Throwable failure) implements Callable<Integer> {
    @Override
    public Integer call() throws Exception {
      switch (failure) {
        case Error error -> throw error;
        default -> throw (Exception) failure;
      }
    }
  }
}
