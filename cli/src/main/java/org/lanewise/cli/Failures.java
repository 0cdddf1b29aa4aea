package org.lanewise.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.List;
import java.util.Objects;
import org.lanewise.ffi.opencl.OpenClException;
import org.lanewise.kernels.backend.BackendUnavailableException;
import org.lanewise.kernels.backend.NonFiniteException;
import org.lanewise.nn.io.Printable;
import org.lanewise.nn.train.DivergedException;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * What the user sees of a failure: one line, and exit code 2 if another command line or file mends
 * it, else 1. All text passes {@link Printable}.
 *
 * @param err where the line goes
 * @param withStackTrace whether it is followed by the stack trace
 */
record Failures(PrintWriter err, boolean withStackTrace) {
  /** The option that asks for a stack trace. */
  static final String STACK_TRACE = "--stacktrace";

  /** Handles a command line that is not understood. */
  int ofParameters(ParameterException failure) {
    CommandLine command = failure.getCommandLine();
    report(failure, failure.getMessage().lines().findFirst().orElse("") + suggestion(failure));
    err.println("Try './%s --help'.".formatted(command.getCommandSpec().qualifiedName(" ")));
    return ExitCode.USAGE;
  }

  private static String suggestion(ParameterException failure) {
    List<String> similar =
        failure instanceof UnmatchedArgumentException unmatched
            ? unmatched.getSuggestions()
            : List.of();
    return similar.isEmpty() ? "" : " (did you mean " + String.join(" or ", similar) + "?)";
  }

  /** Handles a command that failed. */
  int ofExecution(Throwable failure) {
    return switch (failure) {
      case UserException _,
          BackendUnavailableException _,
          DivergedException _,
          NonFiniteException _ ->
          report(failure, failure.getMessage());
      case UncheckedIOException unchecked -> ofExecution(unchecked.getCause());
      case FileSystemException file when file.getReason() == null ->
          report(file, file.getMessage() + ": " + reason(file));
      case IOException io -> report(io, Objects.requireNonNullElse(io.getMessage(), io.toString()));
      case OpenClException device -> reportFailure(device, device.getMessage());
      case OutOfMemoryError memory ->
          reportFailure(memory, "not enough memory: " + memory.getMessage());
      default -> reportFailure(failure, "internal error: " + cause(failure) + hint());
    };
  }

  private static String reason(FileSystemException file) {
    return switch (file) {
      case NoSuchFileException _ -> "no such file or directory";
      case AccessDeniedException _ -> "permission denied";
      case NotDirectoryException _ -> "not a directory";
      case FileAlreadyExistsException _ -> "exists and is not a directory";
      default -> "cannot be used (" + file.getClass().getSimpleName() + ")";
    };
  }

  /** What went wrong in a class's initializer, of which the JVM says nothing itself, or this. */
  private static Throwable cause(Throwable failure) {
    return failure instanceof ExceptionInInitializerError && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }

  private String hint() {
    return withStackTrace ? "" : " (" + STACK_TRACE + " shows where)";
  }

  private int reportFailure(Throwable failure, String line) {
    report(failure, line);
    return ExitCode.SOFTWARE;
  }

  private int report(Throwable failure, String line) {
    err.println("lanewise: " + Printable.line(line));
    if (withStackTrace) {
      StringWriter trace = new StringWriter();
      failure.printStackTrace(new PrintWriter(trace));
      trace.toString().lines().map(text -> text.replace("\t", "    ")).forEach(this::println);
    }
    return ExitCode.USAGE;
  }

  private void println(String text) {
    err.println(Printable.line(text));
  }
}
