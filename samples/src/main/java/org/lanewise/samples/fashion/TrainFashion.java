package org.lanewise.samples.fashion;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.lanewise.cli.HelpOption;
import org.lanewise.nn.data.Batches;
import org.lanewise.nn.train.Trainer;
import org.lanewise.samples.idx.Augmentation;
import org.lanewise.samples.idx.LabelledPictures;
import org.lanewise.samples.idx.PictureReport;
import org.lanewise.samples.report.Report;
import org.lanewise.samples.training.OptimizerName;
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

/** {@code train fashion}: trains a classifier of clothes and reports how well it does. */
@Command(
    name = "fashion",
    description =
        "Trains a convolutional network of 90,482 parameters on Fashion-MNIST, pictures of ten"
            + " kinds of clothes, moved and mirrored at random.",
    sortOptions = false)
public final class TrainFashion implements Callable<Integer> {
  private static final Recipe RECIPE = new Recipe(20, 128, OptimizerName.ADAMW, 3e-3, 0.05);
  private static final Augmentation AUGMENTATION = new Augmentation(2, true);
  private static final int PREFETCHED = 2;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = Clothes.FOLDER,
      description =
          "Where the four files of Fashion-MNIST are (default: ${DEFAULT-VALUE}, where the Debian"
              + " package dataset-fashion-mnist has them).")
  private Path data;

  @Mixin private final TrainingOptions options = new TrainingOptions(RECIPE, "out/fashion");

  @Mixin private HelpOption help;

  @Spec private CommandSpec command;

  @Override
  public Integer call() throws IOException {
    Recipe recipe = options.recipe(command);
    try (TrainingRun run = TrainingRun.open(command, options, recipe)) {
      LabelledPictures train = Clothes.FASHION_MNIST.train(data);
      LabelledPictures test = Clothes.FASHION_MNIST.test(data);
      ClothesClassifier classifier = new ClothesClassifier();
      Training training =
          Training.classifier(
              "clothes",
              classifier,
              Batches.of(train.dataset().map(AUGMENTATION))
                  .size(recipe.batch())
                  .shuffle()
                  .prefetch(PREFETCHED),
              Batches.of(test.dataset()).size(recipe.batch()));
      return run.train(
          training,
          Map.of(),
          (trainer, summary) -> report(run, classifier, test, trainer, summary));
    }
  }

  private static Report report(
      TrainingRun run,
      ClothesClassifier classifier,
      LabelledPictures test,
      Trainer trainer,
      String summary) {
    Predictor predictor = Predictor.of(trainer.session(), classifier);
    Map<String, String> configuration =
        run.configuration(
            "(conv, ReLU) × 4 with 24, 48, 64, 88 filters, pool 2 twice, mean, 88-10");
    configuration.put("Augmentation", "moved by up to 2 pixels, half of them mirrored");
    return new PictureReport("Fashion-MNIST", Clothes.KINDS, test, predictor.predict(test.pixels()))
        .of(trainer, summary, configuration);
  }
}
