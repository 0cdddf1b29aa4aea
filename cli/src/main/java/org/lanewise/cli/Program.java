package org.lanewise.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Runs a command line. */
public final class Program {
  private Program() {}

  /**
   * Runs a command and ends the process: 0 done, 2 the user's mistake, 1 a bug or a lack of memory
   * or device, 130 stopped.
   */
  public static void main(Object command, String... arguments) {
    Locale.setDefault(Locale.ROOT); // the same digits and separators everywhere
    PrintWriter out = new PrintWriter(System.out, true);
    PrintWriter err = new PrintWriter(System.err, true);
    System.exit(run(command, out, err, arguments));
  }

  /**
   * Runs a command.
   *
   * @param command the outermost, annotated for picocli
   * @return the exit code
   */
  public static int run(Object command, PrintWriter out, PrintWriter err, String... arguments) {
    Failures failures = new Failures(err, Arrays.asList(arguments).contains(Failures.STACK_TRACE));
    CommandLine line = new CommandLine(command);
    line.getCommandSpec().addOption(stackTrace());
    line.setOut(out)
        .setErr(err)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpAutoWidth(true)
        .registerConverter(Path.class, Program::path)
        .setExecutionStrategy(Program::execute)
        .setParameterExceptionHandler((failure, _) -> failures.ofParameters(failure))
        .setExecutionExceptionHandler((failure, _, _) -> failures.ofExecution(failure));
    try {
      return line.execute(arguments);
    } catch (Error failure) { // picocli hands on exceptions only
      return failures.ofExecution(failure);
    }
  }

  /** The empty path would be the working folder. */
  private static Path path(String argument) {
    if (argument.isEmpty()) {
      throw new TypeConversionException("must not be empty");
    }
    return Path.of(argument);
  }

  /**
   * Beside --help, an unknown command is not a mistake to Picocli. It also lists as unmatched what
   * a command takes that has its own way with its arguments.
   */
  private static int execute(ParseResult arguments) {
    for (ParseResult part = arguments; part != null; part = part.subcommand()) {
      CommandLine command = part.commandSpec().commandLine();
      if (!part.unmatched().isEmpty() && !command.isUnmatchedArgumentsAllowed()) {
        throw new UnmatchedArgumentException(command, part.unmatched());
      }
    }
    return new RunLast().execute(arguments);
  }

  /** Each command has this option; {@link Failures} finds it even where the rest makes no sense. */
  private static OptionSpec stackTrace() {
    return OptionSpec.builder(Failures.STACK_TRACE)
        .type(boolean.class)
        .scopeType(ScopeType.INHERIT)
        .description("When something fails, also print where in the program.")
        .build();
  }
}
