package org.lanewise.samples;

import java.io.PrintWriter;
import org.lanewise.cli.Program;
import org.lanewise.samples.compare.Compare;
import org.lanewise.samples.dna.PredictDna;
import org.lanewise.samples.dna.TrainDna;
import org.lanewise.samples.fashion.PredictFashion;
import org.lanewise.samples.fashion.TrainFashion;
import org.lanewise.samples.gpt.Generate;
import org.lanewise.samples.gpt.TrainGpt;
import org.lanewise.samples.mnist.PredictMnist;
import org.lanewise.samples.mnist.TrainMnist;
import org.lanewise.samples.sentences.Embed;
import org.lanewise.samples.sentences.Similar;
import org.lanewise.samples.worked.TrainWorkedExample;
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
      Embed.class,
      Similar.class,
      Generate.class,
      Compare.class,
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

  /** Runs a command and ends the process with the exit codes of {@link Program#main}. */
  public static void main(String[] arguments) {
    System.setProperty("java.awt.headless", "true"); // images are read and written, never shown
    Program.main(new Main(), arguments);
  }

  /**
   * Runs a command.
   *
   * @return the exit code
   */
  static int run(PrintWriter out, PrintWriter err, String... arguments) {
    return Program.run(new Main(), out, err, arguments);
  }

  @Command(
      name = "train",
      description = "Trains a sample model.",
      synopsisSubcommandLabel = "MODEL",
      subcommands = {
        TrainMnist.class,
        TrainFashion.class,
        TrainDna.class,
        TrainGpt.class,
        TrainWorkedExample.class
      })
  static final class Train extends CommandGroup {}

  @Command(
      name = "predict",
      description = "Uses a trained model.",
      synopsisSubcommandLabel = "MODEL",
      subcommands = {PredictMnist.class, PredictFashion.class, PredictDna.class})
  static final class Predict extends CommandGroup {}
}
