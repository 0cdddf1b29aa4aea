package org.lanewise.samples.dna;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.concurrent.Callable;
import org.lanewise.cli.HelpOption;
import org.lanewise.cli.Interruption;
import org.lanewise.nn.data.Batches;
import org.lanewise.nn.io.SafeTensors;
import org.lanewise.nn.train.Callback;
import org.lanewise.nn.train.EpochResult;
import org.lanewise.nn.train.Trainer;
import org.lanewise.nn.weights.Weights;
import org.lanewise.samples.training.OptimizerName;
import org.lanewise.samples.training.Prediction;
import org.lanewise.samples.training.Predictor;
import org.lanewise.samples.training.Recipe;
import org.lanewise.samples.training.Training;
import org.lanewise.samples.training.TrainingOptions;
import org.lanewise.samples.training.TrainingRun;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code train dna}: trains networks that find splice sites, by cross-validation. */
@Command(
    name = "dna",
    description =
        "Trains networks that find splice sites in DNA, by cross-validation, and compares their"
            + " errors with those of KBANN.",
    sortOptions = false)
public final class TrainDna implements Callable<Integer> {
  private static final Recipe RECIPE = new Recipe(40, 32, OptimizerName.ADAMW, 1e-3, 0);

  @Option(
      names = "--data",
      paramLabel = "FILE",
      defaultValue = "${sys:lanewise.home:-.}/samples/data/dna/splice-junction.tsv.gz",
      description = "The splice junctions (default: those that come with Lanewise).")
  private Path data;

  @Mixin private final TrainingOptions options = new TrainingOptions(RECIPE, "out/dna");

  @Mixin private HelpOption help;

  @Spec private CommandSpec command;

  /** What is the same for all models of the run. */
  private String summary;

  private String device;

  @Override
  public Integer call() throws IOException {
    Recipe recipe = options.recipe(command);
    try (TrainingRun run = TrainingRun.open(command, options, recipe)) {
      SpliceJunctions junctions = SpliceJunctions.read(data);
      Outcome thousand = new Outcome(Protocol.ofThousand(junctions.size()));
      Outcome all = new Outcome(Protocol.ofAll(junctions.size()));
      run.checkBatch(thousand.protocol().examples() - thousand.protocol().examples() / 10);
      if (!validate(run, junctions, thousand) || !validate(run, junctions, all)) {
        return Interruption.EXIT_CODE;
      }
      SafeTensors.of(Map.of(), all.tensors()).write(run.model());
      DnaReport report = new DnaReport(thousand, all);
      run.console().print(report.table());
      Map<String, String> configuration =
          run.configuration(
              "mean of %d networks: conv 16 of 3 bases, 960-32-3, ReLU, dropout 0.5"
                  .formatted(SpliceClassifier.TOGETHER));
      return run.finish(report.of(configuration, device, summary));
    }
  }

  /** Trains and tests on each fold; whether none was stopped. */
  private boolean validate(TrainingRun run, SpliceJunctions junctions, Outcome outcome)
      throws IOException {
    Protocol protocol = outcome.protocol();
    List<Protocol.Fold> folds = protocol.divide(junctions, run.seed());
    Files.createDirectories(run.folder().resolve("folds"));
    for (int i = 0; i < folds.size(); i++) {
      Path checkpoint =
          run.folder().resolve("folds/%s-%d.safetensors".formatted(protocol.file(), i + 1));
      if (!validate(run, folds.get(i), checkpoint, outcome, i + 1)) {
        return false;
      }
    }
    return true;
  }

  private boolean validate(
      TrainingRun run, Protocol.Fold fold, Path checkpoint, Outcome outcome, int number)
      throws IOException {
    SpliceClassifier classifier = new SpliceClassifier(SpliceClassifier.TOGETHER);
    Training training = training(run, classifier, fold, outcome.protocol(), number);
    try (Trainer trainer = run.trainer(training, new CheckpointAtEnd(checkpoint))) {
      boolean isFirst = summary == null;
      if (run.resumes() && (isFirst || Files.exists(checkpoint))) {
        run.resume(trainer, training, checkpoint);
      } else {
        Files.deleteIfExists(checkpoint);
      }
      if (isFirst) {
        summary = run.introduce(trainer, training);
        device = trainer.session().device();
      }
      if (!run.fit(trainer, training)) {
        return false;
      }
      Predictor predictor =
          new Predictor(trainer.session(), in -> classifier.probabilities(in.get("x")));
      List<Prediction> predictions = predictor.predict(fold.test().inputs());
      double seconds = trainer.history().epochs().stream().mapToDouble(EpochResult::seconds).sum();
      outcome.add(fold.test(), predictions, seconds);
      outcome.add(trainer.weights().tensors());
      outcome.attribution().add(classifier, trainer.session(), fold.test());
      run.console()
          .printf(
              "%s   fold %d/%d   %d of %d wrong   %.2f s%n",
              outcome.protocol().name(),
              number,
              outcome.protocol().folds(),
              outcome.lastWrong(),
              fold.test().size(),
              seconds);
      run.console().flush();
      return true;
    }
  }

  private static Training training(
      TrainingRun run, SpliceClassifier classifier, Protocol.Fold fold, Protocol protocol, int i) {
    SequencedMap<String, Object> labels = new LinkedHashMap<>();
    labels.put("examples", protocol.examples());
    labels.put("fold", i);
    return new Training(
        "splice sites",
        Weights.of(classifier),
        classifier::loss,
        Batches.of(fold.train().dataset()).size(run.recipe().batch()).shuffle(),
        Batches.of(fold.test().dataset()).size(run.recipe().batch()),
        labels);
  }

  /** A checkpoint once the fold is done or stopped: an epoch is too short for one of its own. */
  private record CheckpointAtEnd(Path file) implements Callback {
    @Override
    public void onEnd(Trainer trainer) throws IOException {
      trainer.saveCheckpoint(file);
    }
  }
}
