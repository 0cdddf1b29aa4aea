package org.lanewise.samples.mnist;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.concurrent.Callable;
import org.lanewise.cli.HelpOption;
import org.lanewise.cli.Interruption;
import org.lanewise.cli.Invocation;
import org.lanewise.cli.Terminal;
import org.lanewise.cli.UserException;
import org.lanewise.nn.data.Batches;
import org.lanewise.nn.graph.Graph;
import org.lanewise.nn.graph.GraphText;
import org.lanewise.nn.io.AtomicFile;
import org.lanewise.nn.train.Callback;
import org.lanewise.nn.train.OtherSettingException;
import org.lanewise.nn.train.Rule;
import org.lanewise.nn.train.Schedule;
import org.lanewise.nn.train.Trainer;
import org.lanewise.nn.train.TrainerBuilder;
import org.lanewise.samples.training.WatchingOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code train mnist}: trains a classifier of handwritten digits and reports how well it does. */
@Command(
    name = "mnist",
    description = "Trains a perceptron 784-512-256-10 on the MNIST database of handwritten digits.",
    sortOptions = false)
public final class TrainMnist implements Callable<Integer> {
  private static final int MAX_THREADS = 1024;

  /** The options that decide the trainer's settings. */
  private static final Map<String, String> OPTIONS =
      Map.of(
          "batch", "--batch",
          "samples", "--data",
          "seed", "--seed",
          "optimizer", "--optimizer or --lr",
          "schedule", "--epochs");

  @Option(
      names = "--epochs",
      paramLabel = "N",
      defaultValue = "5",
      description = "How often each picture is seen (default: ${DEFAULT-VALUE}).")
  private int epochs;

  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = "128",
      description = "Pictures per step (default: ${DEFAULT-VALUE}).")
  private int batch;

  @Option(
      names = "--optimizer",
      paramLabel = "NAME",
      defaultValue = "adam",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private OptimizerName optimizer;

  @Option(
      names = "--lr",
      paramLabel = "RATE",
      description =
          "Learning rate at the start, which falls to 0 along a cosine (default: sgd 0.1,"
              + " momentum 0.01, the others 0.001).")
  private Double learningRate;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Where all random numbers come from (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads; the result does not depend on it (default: all processors).")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--device",
      paramLabel = "NAME",
      defaultValue = "cpu",
      completionCandidates = DeviceNames.class,
      description =
          "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}); './lanewise devices' lists what"
              + " is there.")
  private String device;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = "${sys:lanewise.home:-.}/samples/data/mnist",
      description = "Where the four MNIST files are (default: the ones that come with Lanewise).")
  private Path data;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      defaultValue = "out/mnist",
      description = "Where model, checkpoint and report go (default: ${DEFAULT-VALUE}).")
  private Path out;

  @Option(
      names = "--metrics",
      paramLabel = "FILE",
      description = "Also write a line of JSON per epoch to this file.")
  private Path metrics;

  @Option(
      names = "--profile",
      description = "Print where the time went, op by op; the training is slower.")
  private boolean profile;

  @Option(
      names = "--dump-graph",
      paramLabel = "FILE",
      description =
          "Also write the graph of a step, as it is traced and after each pass, to this file: for"
              + " Graphviz if it ends with .dot.")
  private Path graphFile;

  @Option(
      names = "--resume",
      description = "Continue from the checkpoint in --out, with the same other options.")
  private boolean resume;

  @Mixin private WatchingOptions watching;

  @Mixin private HelpOption help;

  @Spec private CommandSpec command;

  @Override
  public Integer call() throws IOException {
    check("--epochs", epochs, epochs >= 1, "at least 1");
    check("--batch", batch, batch >= 1, "at least 1");
    check("--threads", threads, threads >= 1 && threads <= MAX_THREADS, "1 to " + MAX_THREADS);
    try (OutputFolder _ =
        OutputFolder.open(out, checkpoint(), model(), report(), WatchingOptions.history(out))) {
      return train();
    }
  }

  private int train() throws IOException {
    Digits train = Digits.train(data);
    Digits test = Digits.test(data);
    check("--batch", batch, batch <= train.size(), "at most %d here".formatted(train.size()));

    DigitClassifier classifier = new DigitClassifier();
    Batches training = Batches.of(train.dataset()).size(batch).shuffle();
    Batches testing = Batches.of(test.dataset()).size(batch);
    try (MetricsFile metricsFile = metrics == null ? null : new MetricsFile(metrics);
        Trainer trainer = trainer(classifier, train.size(), metricsFile)) {
      if (resume) {
        resume(trainer, training);
      }
      PrintWriter console = console();
      String summary = trainer.summary(training.signature()).toString();
      console.println(summary);
      if (graphFile != null) {
        dump(trainer.stepGraphs(training.signature()));
      }
      String usedDevice = trainer.session().device();
      console.println(usedDevice);
      if (metricsFile != null) {
        metricsFile.open(trainer.history());
      }
      try (Interruption _ = Interruption.onSignal(trainer::stop)) {
        trainer.fit(training, testing, epochs);
        if (trainer.history().epochs().size() < epochs) {
          console.printf("Stopped and saved. To go on: %s%n", Invocation.with(command, "--resume"));
          return Interruption.EXIT_CODE;
        }
        if (!trainer.session().device().equals(usedDevice)) { // some ops ran on the host
          console.println(trainer.session().device());
        }
        trainer.weights().save(model());
        trainer.profile().ifPresent(console::print);
        DigitReader reader = new DigitReader(classifier, trainer.session());
        MnistReport.of(trainer, reader, test, summary, configuration()).write(report());
        console.printf("model   %s%nreport  %s%n", model(), report());
        return ExitCode.OK;
      }
    }
  }

  private Trainer trainer(DigitClassifier classifier, int samples, MetricsFile metricsFile) {
    long steps = (long) epochs * Math.ceilDiv(samples, batch);
    TrainerBuilder builder =
        Trainer.classifier(classifier)
            .seed(seed)
            .optimizer(createOptimizer())
            .schedule(Schedule.warmupCosine(0, steps))
            .device(device)
            .threads(threads)
            .profile(profile)
            .callbacks(Callback.checkpoint(checkpoint()), new EpochLines(console(), epochs));
    try {
      watching.apply(builder, out, hyperparameters());
    } catch (IllegalArgumentException outOfRange) {
      throw new ParameterException(command.commandLine(), outOfRange.getMessage(), outOfRange);
    }
    if (metricsFile != null) {
      builder.callbacks(metricsFile);
    }
    if (Terminal.interactive()) {
      builder.callbacks(new EpochProgressBar());
    }
    return builder.build();
  }

  private Rule createOptimizer() {
    try {
      return optimizer.create(learningRate);
    } catch (IllegalArgumentException outOfRange) {
      throw new ParameterException(
          command.commandLine(), "--lr: " + outOfRange.getMessage(), outOfRange);
    }
  }

  private void resume(Trainer trainer, Batches batches) throws IOException {
    if (!Files.exists(checkpoint())) {
      throw new UserException(checkpoint() + ": no checkpoint there, so nothing to resume");
    }
    try {
      trainer.resume(checkpoint(), batches);
    } catch (OtherSettingException other) {
      String values = "%s, now %s".formatted(other.saved(), other.given());
      throw new UserException(
          "%s was written with another %s (%s)"
              .formatted(checkpoint(), OPTIONS.get(other.setting()), values));
    }
    console()
        .printf(
            "Resumed after %d epochs, %,d steps%n",
            trainer.history().epochs().size(), trainer.steps());
  }

  private void dump(SequencedMap<String, Graph> stages) throws IOException {
    boolean drawn = graphFile.toString().endsWith(".dot");
    String text = drawn ? GraphText.dot(stages) : GraphText.of(stages);
    AtomicFile.write(graphFile, out -> out.write(text.getBytes(UTF_8)));
  }

  private Map<String, Object> hyperparameters() {
    return Map.of(
        "optimizer", optimizer.toString(),
        "learning_rate", createOptimizer().learningRate(),
        "batch", batch,
        "epochs", epochs,
        "seed", seed);
  }

  private Map<String, String> configuration() {
    Map<String, String> configuration = new LinkedHashMap<>();
    configuration.put("Model", "784-512-256-10, ReLU");
    configuration.put("Optimizer", optimizer.toString());
    configuration.put("Learning rate", createOptimizer().learningRate() + ", falling to 0");
    configuration.put("Batch", Integer.toString(batch));
    configuration.put("Epochs", Integer.toString(epochs));
    configuration.put("Seed", Long.toString(seed));
    return configuration;
  }

  private void check(String option, int value, boolean holds, String range) {
    if (!holds) {
      throw new ParameterException(
          command.commandLine(), "%s must be %s but is %d".formatted(option, range, value));
    }
  }

  private PrintWriter console() {
    return command.commandLine().getOut();
  }

  private Path checkpoint() {
    return out.resolve("checkpoint.safetensors");
  }

  private Path model() {
    return out.resolve("model.safetensors");
  }

  private Path report() {
    return out.resolve("report.html");
  }
}
