package org.lanewise.samples.training;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.Closeable;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import org.lanewise.cli.Interruption;
import org.lanewise.cli.Invocation;
import org.lanewise.cli.Terminal;
import org.lanewise.cli.UserException;
import org.lanewise.nn.graph.Graph;
import org.lanewise.nn.graph.GraphText;
import org.lanewise.nn.io.AtomicFile;
import org.lanewise.nn.train.Callback;
import org.lanewise.nn.train.OtherSettingException;
import org.lanewise.nn.train.Trainer;
import org.lanewise.nn.train.TrainerBuilder;
import org.lanewise.samples.report.Report;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/**
 * The run of a command that trains: of one model or, for a cross-validation, of several one after
 * the other. It has the output folder to itself until it is closed.
 */
public final class TrainingRun implements Closeable {
  private static final String MODEL = "model.safetensors";
  private static final String REPORT = "report.html";

  private final CommandSpec command;
  private final TrainingOptions options;
  private final Recipe recipe;
  private final OutputFolder folder;
  private final MetricsFile metrics;
  private final LivePage live;

  private TrainingRun(
      CommandSpec command,
      TrainingOptions options,
      Recipe recipe,
      OutputFolder folder,
      MetricsFile metrics,
      LivePage live) {
    this.command = command;
    this.options = options;
    this.recipe = recipe;
    this.folder = folder;
    this.metrics = metrics;
    this.live = live;
  }

  /**
   * Takes the output folder.
   *
   * @param command that runs
   * @param recipe how the model is trained, see {@link TrainingOptions#recipe(CommandSpec)}
   * @throws UserException if another process has the folder, or it cannot be written to
   */
  public static TrainingRun open(CommandSpec command, TrainingOptions options, Recipe recipe)
      throws IOException {
    Path out = options.out;
    OutputFolder folder =
        OutputFolder.open(
            out,
            checkpoint(out),
            out.resolve(MODEL),
            out.resolve(REPORT),
            WatchingOptions.history(out));
    try {
      MetricsFile metrics = options.metrics == null ? null : new MetricsFile(options.metrics);
      LivePage live = options.live ? LivePage.open(command.name(), recipe.epochs()) : null;
      return new TrainingRun(command, options, recipe, folder, metrics, live);
    } catch (Throwable failure) {
      folder.close();
      throw failure;
    }
  }

  private static Path checkpoint(Path folder) {
    return folder.resolve("checkpoint.safetensors");
  }

  /** Makes the report on what was trained. */
  @FunctionalInterface
  public interface Reporter {
    /**
     * Makes the report.
     *
     * @param trainer all epochs done
     * @param summary the model as a table
     */
    Report report(Trainer trainer, String summary) throws IOException;
  }

  // ---- One model ------------------------------------------------------------------------------

  /**
   * Trains a model, or goes on with it, and writes model and report.
   *
   * @param metadata what the model's file says besides
   * @return the exit code
   */
  public int train(Training training, Map<String, String> metadata, Reporter reporter)
      throws IOException {
    checkBatch(training.train().samples());
    PrintWriter console = console();
    Callback[] callbacks = {
      Callback.checkpoint(checkpoint(options.out)),
      new EpochLines(console, recipe.epochs(), training.measure())
    };
    try (Trainer trainer = trainer(training, callbacks)) {
      if (options.resume) {
        resume(trainer, training, checkpoint(options.out));
        console.printf(
            "Resumed after %d epochs, %,d steps%n",
            trainer.history().epochs().size(), trainer.steps());
      }
      String summary = introduce(trainer, training);
      String usedDevice = trainer.session().device();
      try (Interruption _ = Interruption.onSignal()) { // waits for model and report
        if (!fit(trainer, training)) {
          return Interruption.EXIT_CODE;
        }
        if (!trainer.session().device().equals(usedDevice)) { // some ops ran on the host
          console.println(trainer.session().device());
        }
        trainer.weights().save(model(), metadata);
        trainer.profile().ifPresent(console::print);
        return finish(reporter.report(trainer, summary));
      }
    }
  }

  // ---- Several, one after the other -----------------------------------------------------------

  /**
   * Prints what a training will cost, and the device.
   *
   * @return the model as a table
   */
  public String introduce(Trainer trainer, Training training) throws IOException {
    String summary = trainer.summary(training.train().signature()).toString();
    console().println(summary);
    if (options.graphFile != null) {
      dump(trainer.stepGraphs(training.train().signature()));
    }
    console().println(trainer.session().device());
    if (live != null) {
      console().println("live    " + live.address());
    }
    return summary;
  }

  /** The trainer of one of several models, with a checkpoint of its own. */
  public Trainer trainer(Training training, Callback... callbacks) {
    TrainerBuilder builder =
        Trainer.of(training.weights(), training.loss())
            .setting("model", training.kind())
            .seed(options.seed)
            .optimizer(recipe.createOptimizer())
            .schedule(recipe.schedule(training.train().samples()))
            .device(options.device)
            .threads(options.threads)
            .profile(options.profile)
            .callbacks(callbacks);
    training.measure().metrics().forEach(builder::metric);
    training.settings().accept(builder);
    try {
      options.watching.apply(builder, training.name(), options.out, hyperparameters());
    } catch (IllegalArgumentException outOfRange) {
      throw new ParameterException(command.commandLine(), outOfRange.getMessage(), outOfRange);
    }
    if (metrics != null) {
      builder.callbacks(metrics);
    }
    if (live != null) {
      builder.callbacks(live);
    }
    if (Terminal.interactive()) {
      builder.callbacks(new EpochProgressBar());
    }
    return builder.build();
  }

  /**
   * Goes on from a checkpoint.
   *
   * @throws UserException if there is none, or it was written with other options
   */
  public void resume(Trainer trainer, Training training, Path checkpoint) throws IOException {
    if (!Files.exists(checkpoint)) {
      throw new UserException(checkpoint + ": no checkpoint there, so nothing to resume");
    }
    try {
      trainer.resume(checkpoint, training.train());
    } catch (OtherSettingException other) {
      String values = "%s, now %s".formatted(other.saved(), other.given());
      throw new UserException(
          "%s was written with another %s (%s)"
              .formatted(checkpoint, TrainingOptions.ofSetting(other.setting()), values));
    }
  }

  /**
   * Trains until all epochs are done, or a signal ends the process.
   *
   * @return whether all are done; if not, it was said how to go on
   */
  public boolean fit(Trainer trainer, Training training) throws IOException {
    if (metrics != null) {
      metrics.begin(training, trainer.history());
    }
    if (live != null) {
      live.begin(training.labels(), trainer.history());
    }
    try (Interruption _ = Interruption.onSignal(trainer::stop)) {
      trainer.fit(training.train(), training.test(), recipe.epochs());
      if (trainer.history().epochs().size() < recipe.epochs()) {
        console().printf("Stopped and saved. To go on: %s%n", Invocation.with(command, "--resume"));
        return false;
      }
      return true;
    }
  }

  /** Writes the report, and prints where the results are. */
  public int finish(Report report) throws IOException {
    report.write(report());
    console().printf("model   %s%nreport  %s%n", model(), report());
    return ExitCode.OK;
  }

  // ---- What samples ask -----------------------------------------------------------------------

  /**
   * Checks that a batch has no more samples than there are.
   *
   * @throws ParameterException if it has
   */
  public void checkBatch(long most) {
    TrainingOptions.check(
        command,
        "--batch",
        recipe.batch(),
        recipe.batch() <= most,
        "at most %d here".formatted(most));
  }

  /** Whether to go on with what was begun. */
  public boolean resumes() {
    return options.resume;
  }

  /** Where all random numbers come from. */
  public long seed() {
    return options.seed;
  }

  /** How the model is trained. */
  public Recipe recipe() {
    return recipe;
  }

  /** Where what the user reads is printed. */
  public PrintWriter console() {
    return command.commandLine().getOut();
  }

  /** The folder for the results. */
  public Path folder() {
    return options.out;
  }

  /** The file for the trained model. */
  public Path model() {
    return options.out.resolve(MODEL);
  }

  private Path report() {
    return options.out.resolve(REPORT);
  }

  /**
   * The settings for the report, by name.
   *
   * @param model in words
   */
  public Map<String, String> configuration(String model) {
    Map<String, String> configuration = new LinkedHashMap<>();
    configuration.put("Model", model);
    configuration.put("Optimizer", recipe.optimizer().toString());
    configuration.put("Learning rate", recipe.learningRate() + ", falling to 0");
    configuration.put("Batch", Integer.toString(recipe.batch()));
    configuration.put("Epochs", Integer.toString(recipe.epochs()));
    configuration.put("Seed", Long.toString(options.seed));
    return configuration;
  }

  private Map<String, Object> hyperparameters() {
    return Map.of(
        "optimizer", recipe.optimizer().toString(),
        "learning_rate", recipe.learningRate(),
        "batch", recipe.batch(),
        "epochs", recipe.epochs(),
        "seed", options.seed);
  }

  private void dump(SequencedMap<String, Graph> stages) throws IOException {
    boolean drawn = options.graphFile.toString().endsWith(".dot");
    String text = drawn ? GraphText.dot(stages) : GraphText.of(stages);
    AtomicFile.write(options.graphFile, out -> out.write(text.getBytes(UTF_8)));
  }

  @Override
  public void close() throws IOException {
    try (folder;
        metrics;
        live) {
      // closed in the reverse order, those that are there
    }
  }
}
