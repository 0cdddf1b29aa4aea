package org.lanewise.samples.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.List;
import java.util.Optional;
import org.lanewise.kernels.backend.BackendUnavailableException;
import org.lanewise.nn.train.DivergedException;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * What the user sees of an exception: one line and exit code 2 if that can be mended, the stack
 * trace and exit code 1 if it is a bug.
 */
public final class Failures {
  private Failures() {}

  /** Handles a command line that is not understood. */
  public static int ofParameters(ParameterException failure, String[] arguments) {
    CommandLine command = failure.getCommandLine();
    report(command, failure.getMessage().lines().findFirst().orElse("") + suggestion(failure));
    command
        .getErr()
        .println("Try './%s --help'.".formatted(command.getCommandSpec().qualifiedName(" ")));
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
  public static int ofExecution(Exception failure, CommandLine command, ParseResult arguments) {
    Optional<String> mistake = mistake(failure);
    if (mistake.isPresent()) {
      report(command, mistake.get());
      return ExitCode.USAGE;
    }
    PrintWriter err = command.getErr();
    failure.printStackTrace(err);
    return ExitCode.SOFTWARE;
  }

  private static void report(CommandLine command, String line) {
    command.getErr().println("lanewise: " + line);
  }

  private static Optional<String> mistake(Throwable failure) {
    return switch (failure) {
      case UserException _, BackendUnavailableException _, DivergedException _ ->
          Optional.of(failure.getMessage());
      case UncheckedIOException unchecked -> mistake(unchecked.getCause());
      case FileSystemException file when file.getReason() == null ->
          Optional.of(file.getMessage() + ": " + reason(file));
      case IOException io -> Optional.of(String.valueOf(io.getMessage()));
      default -> Optional.empty();
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
}
