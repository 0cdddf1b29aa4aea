package org.lanewise.samples.mnist;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.lanewise.cli.HelpOption;
import org.lanewise.nn.Layer;
import org.lanewise.nn.data.Batches;
import org.lanewise.nn.train.Trainer;
import org.lanewise.samples.idx.PictureReport;
import org.lanewise.samples.report.Report;
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

/** {@code train mnist}: trains a classifier of handwritten digits and reports how well it does. */
@Command(
    name = "mnist",
    description =
        "Trains a perceptron 784-512-256-10, or a convolutional network, on the MNIST database of"
            + " handwritten digits.",
    sortOptions = false)
public final class TrainMnist implements Callable<Integer> {
  private static final int PREFETCHED = 2;

  @Option(
      names = "--model",
      paramLabel = "NAME",
      defaultValue = "mlp",
      description =
          "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}); unless options say otherwise, cnn"
              + " is trained for 3 epochs in batches of 64 by adam, small-cnn for 15 by adamw at"
              + " 0.002.")
  private DigitModel model;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = "${sys:lanewise.home:-.}/samples/data/mnist",
      description = "Where the four MNIST files are (default: the ones that come with Lanewise).")
  private Path data;

  @Mixin
  private final TrainingOptions options = new TrainingOptions(DigitModel.MLP.recipe(), "out/mnist");

  @Mixin private HelpOption help;

  @Spec private CommandSpec command;

  @Override
  public Integer call() throws IOException {
    Recipe recipe = options.recipe(command, model.recipe());
    try (TrainingRun run = TrainingRun.open(command, options, recipe)) {
      Digits train = Digits.train(data);
      Digits test = Digits.test(data);
      Layer classifier = model.create();
      Training training = training(classifier, recipe, train, test);
      return run.train(
          training,
          model.metadata(),
          (trainer, summary) -> report(run, classifier, test, trainer, summary));
    }
  }

  private Training training(Layer classifier, Recipe recipe, Digits train, Digits test) {
    Batches training = Batches.of(model.training(train)).size(recipe.batch()).shuffle();
    return Training.classifier(
        model.toString(),
        classifier,
        model == DigitModel.MLP ? training : training.prefetch(PREFETCHED),
        Batches.of(model.testing(test)).size(recipe.batch()));
  }

  private Report report(
      TrainingRun run, Layer classifier, Digits test, Trainer trainer, String summary) {
    Predictor predictor = Predictor.of(trainer.session(), classifier);
    return new PictureReport(
            "MNIST digits",
            IntStream.range(0, Digits.CLASSES).mapToObj(Integer::toString).toList(),
            test.pictures(),
            predictor.predict(model.input(test)))
        .of(trainer, summary, run.configuration(model.description()));
  }
}
