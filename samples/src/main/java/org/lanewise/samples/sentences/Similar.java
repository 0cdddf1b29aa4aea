package org.lanewise.samples.sentences;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.PriorityQueue;
import java.util.concurrent.Callable;
import org.lanewise.cli.HelpOption;
import org.lanewise.nn.io.Printable;
import org.lanewise.nn.models.SentenceEmbedder;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code similar}: finds the lines of a file that are nearest to a text. */
@Command(
    name = "similar",
    description = "Finds the lines of a file that say what a text says, by a pretrained encoder.",
    sortOptions = false)
public final class Similar implements Callable<Integer> {
  @Mixin private EncoderOptions encoder;

  @Option(
      names = "--file",
      paramLabel = "FILE",
      required = true,
      description = "A file with a text per line; lines of spaces alone are left out.")
  private Path file;

  @Option(
      names = "--top",
      paramLabel = "N",
      defaultValue = "10",
      description = "Most lines that are printed (default: ${DEFAULT-VALUE}).")
  private int top;

  @Parameters(arity = "1", paramLabel = "QUERY", description = "The text.")
  private String query;

  @Mixin private HelpOption help;

  @Spec private CommandSpec command;

  /**
   * A line.
   *
   * @param number from 1 on
   * @param cosine of its vector and the query's, in [−1, 1]
   */
  private record Found(long number, String line, double cosine) {
    /** The nearest first; of lines that are as near, the first one. */
    static final Comparator<Found> ORDER =
        Comparator.comparingDouble(Found::cosine).reversed().thenComparingLong(Found::number);
  }

  @Override
  public Integer call() throws IOException {
    if (top < 1) {
      throw new ParameterException(command.commandLine(), "--top must be at least 1 but is " + top);
    }
    try (SentenceEmbedder embedder = encoder.open(command)) {
      float[] wanted = embedder.embed(query);
      PriorityQueue<Found> nearest = new PriorityQueue<>(Found.ORDER.reversed());
      long[] number = {0};
      new TextLines(file)
          .read(lines -> {
            List<Found> found = new ArrayList<>();
            for (String line : lines) {
              found.add(new Found(++number[0], line, 0));
            }
            found.removeIf(line -> line.line.isBlank());
            add(embedder, wanted, found, nearest);
          });
      print(nearest);
    }
    return ExitCode.OK;
  }

  private void add(
      SentenceEmbedder embedder, float[] wanted, List<Found> lines, PriorityQueue<Found> nearest) {
    List<float[]> vectors = embedder.embed(lines.stream().map(Found::line).toList());
    for (int i = 0; i < vectors.size(); i++) {
      Found line = lines.get(i);
      nearest.add(new Found(line.number, line.line, cosine(wanted, vectors.get(i))));
      if (nearest.size() > top) {
        nearest.poll();
      }
    }
  }

  private void print(PriorityQueue<Found> nearest) {
    PrintWriter out = command.commandLine().getOut();
    nearest.stream()
        .sorted(Found.ORDER)
        .map(found ->
            String.format(
                Locale.ROOT, "%7.4f   %d: %s", found.cosine, found.number, found.line.strip()))
        .forEach(line -> out.println(Printable.line(line)));
  }

  /** The cosine of the angle between two vectors; 0 if one has no length. */
  private static double cosine(float[] x, float[] y) {
    double product = 0;
    double squaresOfX = 0;
    double squaresOfY = 0;
    for (int i = 0; i < x.length; i++) {
      product += (double) x[i] * y[i];
      squaresOfX += (double) x[i] * x[i];
      squaresOfY += (double) y[i] * y[i];
    }
    double lengths = Math.sqrt(squaresOfX * squaresOfY);
    return lengths == 0 ? 0 : product / lengths;
  }
}
