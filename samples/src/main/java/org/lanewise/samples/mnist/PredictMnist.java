package org.lanewise.samples.mnist;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.lanewise.cli.HelpOption;
import org.lanewise.cli.UserException;
import org.lanewise.nn.HostTensor;
import org.lanewise.nn.Layer;
import org.lanewise.nn.io.Printable;
import org.lanewise.nn.session.Session;
import org.lanewise.nn.weights.Weights;
import org.lanewise.samples.training.Prediction;
import org.lanewise.samples.training.Predictor;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code predict mnist}: reads handwritten digits from pictures. */
@Command(
    name = "mnist",
    description = "Reads handwritten digits, one in each picture.",
    sortOptions = false)
public final class PredictMnist implements Callable<Integer> {
  private static final int LIKELY = 3;

  @Option(
      names = "--model",
      paramLabel = "FILE",
      defaultValue = "out/mnist/model.safetensors",
      description = "What 'train mnist' saved (default: ${DEFAULT-VALUE}).")
  private Path model;

  @Option(names = "--all", description = "Print the probability of every digit, not of three.")
  private boolean all;

  @Parameters(
      arity = "1..*",
      paramLabel = "IMAGE",
      description =
          "PNG, JPEG, GIF or BMP files of up to 64 megapixels, ink dark on light or light on dark.")
  private List<Path> images;

  @Mixin private HelpOption help;

  @Spec private CommandSpec command;

  @Override
  public Integer call() throws IOException {
    if (!Files.exists(model)) {
      throw new UserException(model + ": no model there; './lanewise train mnist' makes one");
    }
    PrintWriter out = command.commandLine().getOut();
    DigitModel kind = DigitModel.of(model);
    Layer classifier = kind.create();
    Weights weights = Weights.of((Record) classifier).load(model);
    try (Session session = Session.open("cpu", 1, weights)) {
      Predictor predictor = Predictor.of(session, classifier);
      for (Path image : images) {
        HostTensor picture = kind.input(HandwrittenDigit.read(image));
        Prediction reading = predictor.predict(picture).getFirst();
        out.printf(
            "%s   %d   (%s)%n",
            Printable.line(image.toString()),
            reading.label(),
            reading.describe(all ? Digits.CLASSES : LIKELY, Integer::toString));
      }
    }
    return ExitCode.OK;
  }
}
