package org.lanewise.samples.dna;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.lanewise.cli.HelpOption;
import org.lanewise.cli.UserException;
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

/** {@code predict dna}: says whether there is a splice site in the middle of sequences. */
@Command(
    name = "dna",
    description = "Says whether there is a splice site in the middle of each sequence of 60 bases.",
    sortOptions = false)
public final class PredictDna implements Callable<Integer> {
  @Option(
      names = "--model",
      paramLabel = "FILE",
      defaultValue = "out/dna/model.safetensors",
      description = "What 'train dna' saved (default: ${DEFAULT-VALUE}).")
  private Path model;

  @Parameters(
      arity = "1..*",
      paramLabel = "SEQUENCE",
      description = "60 letters A, C, G and T; the site, if there is one, is after the 30th.")
  private List<String> sequences;

  @Mixin private HelpOption help;

  @Spec private CommandSpec command;

  @Override
  public Integer call() throws IOException {
    for (int i = 0; i < sequences.size(); i++) {
      String fault = Bases.fault(sequences.get(i));
      if (fault != null) {
        throw new UserException("sequence %d: %s".formatted(i + 1, fault));
      }
    }
    if (!Files.exists(model)) {
      throw new UserException(model + ": no model there; './lanewise train dna' makes one");
    }
    PrintWriter out = command.commandLine().getOut();
    int networks = Protocol.ofAll(0).folds() * SpliceClassifier.TOGETHER;
    SpliceClassifier classifier = new SpliceClassifier(networks);
    Weights weights = Weights.of(classifier).load(model);
    try (Session session = Session.open("cpu", 1, weights)) {
      Predictor predictor = new Predictor(session, in -> classifier.probabilities(in.get("x")));
      List<Prediction> predictions = predictor.predict(Bases.oneHot(sequences));
      for (int i = 0; i < predictions.size(); i++) {
        out.printf(
            "%s   %s%n",
            sequences.get(i),
            predictions
                .get(i)
                .describe(Site.values().length, site -> Site.values()[site].description()));
      }
    }
    return ExitCode.OK;
  }
}
