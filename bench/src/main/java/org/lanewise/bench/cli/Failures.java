package org.lanewise.bench.cli;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * What the user sees of an exception: one line and exit code 2 if that can be mended, the stack
 * trace and exit code 1 if it is a bug.
 */
public final class Failures {
  private Failures() {}

  /** Handles a command line that is not understood. */
  public static int ofParameters(ParameterException failure, String[] arguments) {
    return report(
        failure.getCommandLine(), failure.getMessage().lines().findFirst().orElse("unclear"));
  }

  /** Handles a command that failed. */
  public static int ofExecution(Exception failure, CommandLine command, ParseResult arguments) {
    Optional<String> mistake = mistake(failure);
    if (mistake.isPresent()) {
      return report(command, mistake.get());
    }
    failure.printStackTrace(command.getErr());
    return ExitCode.SOFTWARE;
  }

  private static int report(CommandLine command, String line) {
    command.getErr().println("lanewise: " + line);
    return ExitCode.USAGE;
  }

  private static Optional<String> mistake(Exception failure) {
    return switch (failure) {
      case UserException user -> Optional.of(user.getMessage());
      case NoSuchFileException file -> Optional.of(file.getFile() + ": no such file or directory");
      case AccessDeniedException file -> Optional.of(file.getFile() + ": permission denied");
      case FileSystemException file when file.getReason() == null ->
          Optional.of(file.getFile() + ": cannot be used");
      case IOException io -> Optional.of(String.valueOf(io.getMessage()));
      default -> Optional.empty();
    };
  }
}
