package org.lanewise.samples.training;

import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The options that every training has, to be mixed into its command. */
public final class TrainingOptions {
  private static final int MAX_THREADS = 1024;

  /** What the names of the samples' own settings begin with. */
  private static final String OWN = "setting.";

  private static final Map<String, String> OF_SETTINGS =
      Map.of(
          "batch", "--batch",
          "samples", "--data",
          "seed", "--seed",
          "optimizer", "--optimizer or --lr",
          "schedule", "--epochs");

  @Option(
      names = "--epochs",
      paramLabel = "N",
      description = "How often each sample is seen (default: ${DEFAULT-VALUE}).")
  private int epochs;

  @Option(
      names = "--batch",
      paramLabel = "N",
      description = "Samples per step (default: ${DEFAULT-VALUE}).")
  private int batch;

  @Option(
      names = "--optimizer",
      paramLabel = "NAME",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private OptimizerName optimizer;

  @Option(
      names = "--lr",
      paramLabel = "RATE",
      description =
          "Highest learning rate, which falls to 0 along a cosine (default: that of the model, or"
              + " with another optimizer sgd 0.1, momentum 0.01, the others 0.001).")
  private Double learningRate;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Where all random numbers come from (default: ${DEFAULT-VALUE}).")
  long seed;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads; the result does not depend on it (default: all processors).")
  int threads = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--device",
      paramLabel = "NAME",
      defaultValue = "cpu",
      completionCandidates = DeviceNames.class,
      description =
          "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}); './lanewise devices' lists what"
              + " is there.")
  String device;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Where model, checkpoint and report go (default: ${DEFAULT-VALUE}).")
  Path out;

  @Option(
      names = "--metrics",
      paramLabel = "FILE",
      description = "Also write a line of JSON per epoch to this file.")
  Path metrics;

  @Option(
      names = "--live",
      description =
          "Show the metrics, while it trains, on a page that only this computer can open; its"
              + " address is printed.")
  boolean live;

  @Option(
      names = "--profile",
      description = "Print where the time went, op by op; the training is slower.")
  boolean profile;

  @Option(
      names = "--dump-graph",
      paramLabel = "FILE",
      description =
          "Also write the graph of a step, as it is traced and after each pass, to this file: for"
              + " Graphviz if it ends with .dot.")
  Path graphFile;

  @Mixin WatchingOptions watching;

  @Option(
      names = "--resume",
      description = "Continue from the checkpoint in --out, with the same other options.")
  boolean resume;

  private final Recipe usual;

  /**
   * Options with defaults.
   *
   * @param usual how the sample's usual model is trained
   * @param out the folder for the results
   */
  public TrainingOptions(Recipe usual, String out) {
    this.usual = usual;
    epochs = usual.epochs();
    batch = usual.batch();
    optimizer = usual.optimizer();
    this.out = Path.of(out);
  }

  /** How the usual model is trained, with what the command line changes. */
  public Recipe recipe(CommandSpec command) {
    return recipe(command, usual);
  }

  /**
   * How a model is trained.
   *
   * @param command that the options are mixed into
   * @param ofModel what holds where the command line says nothing
   * @throws ParameterException if an option is out of its range
   */
  public Recipe recipe(CommandSpec command, Recipe ofModel) {
    check(command, "--epochs", epochs, epochs >= 1, "at least 1");
    check(command, "--batch", batch, batch >= 1, "at least 1");
    String most = "1 to " + MAX_THREADS;
    check(command, "--threads", threads, threads >= 1 && threads <= MAX_THREADS, most);
    OptimizerName name = isGiven(command, "--optimizer") ? optimizer : ofModel.optimizer();
    double usualRate =
        name == ofModel.optimizer() ? ofModel.learningRate() : name.usualLearningRate();
    Recipe recipe =
        new Recipe(
            isGiven(command, "--epochs") ? epochs : ofModel.epochs(),
            isGiven(command, "--batch") ? batch : ofModel.batch(),
            name,
            learningRate == null ? usualRate : learningRate,
            ofModel.warmup());
    try {
      recipe.createOptimizer();
    } catch (IllegalArgumentException outOfRange) {
      throw new ParameterException(
          command.commandLine(), "--lr: " + outOfRange.getMessage(), outOfRange);
    }
    return recipe;
  }

  /** The option that decides a setting of the trainer; one of a sample's own has its name. */
  static String ofSetting(String setting) {
    return setting.startsWith(OWN)
        ? "--" + setting.substring(OWN.length())
        : OF_SETTINGS.getOrDefault(setting, setting);
  }

  private static boolean isGiven(CommandSpec command, String option) {
    return command.commandLine().getParseResult().hasMatchedOption(option);
  }

  static void check(CommandSpec command, String option, int value, boolean holds, String range) {
    if (!holds) {
      throw new ParameterException(
          command.commandLine(), "%s must be %s but is %d".formatted(option, range, value));
    }
  }
}
