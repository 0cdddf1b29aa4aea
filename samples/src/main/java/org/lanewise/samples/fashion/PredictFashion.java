package org.lanewise.samples.fashion;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.lanewise.cli.HelpOption;
import org.lanewise.cli.UserException;
import org.lanewise.nn.HostTensor;
import org.lanewise.nn.io.Printable;
import org.lanewise.nn.session.Session;
import org.lanewise.nn.weights.Weights;
import org.lanewise.samples.idx.LabelledPictures;
import org.lanewise.samples.picture.Grayscale;
import org.lanewise.samples.picture.PictureFile;
import org.lanewise.samples.training.Prediction;
import org.lanewise.samples.training.Predictor;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code predict fashion}: says what kind of clothes pictures show. */
@Command(
    name = "fashion",
    description = "Says what kind of clothes each picture shows.",
    sortOptions = false)
public final class PredictFashion implements Callable<Integer> {
  private static final int LIKELY = 3;

  @Option(
      names = "--model",
      paramLabel = "FILE",
      defaultValue = "out/fashion/model.safetensors",
      description = "What 'train fashion' saved (default: ${DEFAULT-VALUE}).")
  private Path model;

  @Parameters(
      arity = "1..*",
      paramLabel = "IMAGE",
      description =
          "PNG, JPEG, GIF or BMP files of up to 64 megapixels: one piece that fills the picture,"
              + " before a plain background.")
  private List<Path> images;

  @Mixin private HelpOption help;

  @Spec private CommandSpec command;

  @Override
  public Integer call() throws IOException {
    if (!Files.exists(model)) {
      throw new UserException(model + ": no model there; './lanewise train fashion' makes one");
    }
    PrintWriter out = command.commandLine().getOut();
    ClothesClassifier classifier = new ClothesClassifier();
    Weights weights = Weights.of(classifier).load(model);
    try (Session session = Session.open("cpu", 1, weights)) {
      Predictor predictor = Predictor.of(session, classifier);
      for (Path image : images) {
        Prediction prediction = predictor.predict(read(image)).getFirst();
        out.printf(
            "%s   %s%n",
            Printable.line(image.toString()), prediction.describe(LIKELY, Clothes.KINDS::get));
      }
    }
    return ExitCode.OK;
  }

  /** A picture as the database has them: small, and light on black. */
  private static HostTensor read(Path file) throws IOException {
    Grayscale picture = PictureFile.read(file);
    boolean onWhite = picture.medianOfBorder() > 0.5f;
    float[] pixels = picture.scale(LabelledPictures.SIDE, LabelledPictures.SIDE).pixels();
    if (onWhite) {
      for (int i = 0; i < pixels.length; i++) {
        pixels[i] = 1 - pixels[i];
      }
    }
    return LabelledPictures.pixels(pixels);
  }
}
