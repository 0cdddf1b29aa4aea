package org.lanewise.samples;

import java.io.PrintWriter;
import java.util.Locale;
import org.lanewise.samples.cli.Failures;
import org.lanewise.samples.mnist.PredictMnist;
import org.lanewise.samples.mnist.TrainMnist;
import org.lanewise.samples.worked.TrainWorkedExample;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Option;

/** The command line {@code lanewise}. */
@Command(
    name = "lanewise",
    description = "Numerics and neural networks on the JVM's vector units.",
    version = "Lanewise 0.1.0-SNAPSHOT",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      Main.Train.class,
      Main.Predict.class,
      Devices.class,
      Tune.class,
      LauncherCommands.Bench.class,
      LauncherCommands.Test.class,
      LauncherCommands.Format.class,
      HelpCommand.class
    })
public final class Main extends CommandGroup {
  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Print the version.")
  private boolean version;

  private Main() {}

  /** Runs a command and ends the process: 0 done, 2 the user's mistake, 1 a bug, 130 stopped. */
  public static void main(String[] arguments) {
    Locale.setDefault(Locale.ROOT); // the same digits and separators everywhere
    System.setProperty("java.awt.headless", "true"); // images are read and written, never shown
    PrintWriter out = new PrintWriter(System.out, true);
    PrintWriter err = new PrintWriter(System.err, true);
    System.exit(run(out, err, arguments));
  }

  /**
   * Runs a command.
   *
   * @return the exit code
   */
  static int run(PrintWriter out, PrintWriter err, String... arguments) {
    return new CommandLine(new Main())
        .setOut(out)
        .setErr(err)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpAutoWidth(true)
        .setParameterExceptionHandler(Failures::ofParameters)
        .setExecutionExceptionHandler(Failures::ofExecution)
        .execute(arguments);
  }

  @Command(
      name = "train",
      description = "Trains a sample model.",
      synopsisSubcommandLabel = "MODEL",
      subcommands = {TrainMnist.class, TrainWorkedExample.class})
  static final class Train extends CommandGroup {}

  @Command(
      name = "predict",
      description = "Uses a trained model.",
      synopsisSubcommandLabel = "MODEL",
      subcommands = PredictMnist.class)
  static final class Predict extends CommandGroup {}
}
