package org.lanewise.samples.sentences;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.lanewise.cli.HelpOption;
import org.lanewise.nn.models.SentenceEmbedder;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** {@code embed}: prints the vectors of texts. */
@Command(
    name = "embed",
    description = "Prints a line of JSON per text, with its vector by a pretrained encoder.",
    sortOptions = false)
public final class Embed implements Callable<Integer> {
  private static final JsonMapper JSON = new JsonMapper();

  @Mixin private EncoderOptions encoder;

  @Option(
      names = "--file",
      paramLabel = "FILE",
      description = "A file with a text per line, after those that are given.")
  private Path file;

  @Parameters(arity = "0..*", paramLabel = "TEXT", description = "Texts.")
  private List<String> texts = List.of();

  @Mixin private HelpOption help;

  @Spec private CommandSpec command;

  @Override
  public Integer call() throws IOException {
    if (texts.isEmpty() && file == null) {
      throw new ParameterException(command.commandLine(), "there is no TEXT and no --file");
    }
    try (SentenceEmbedder embedder = encoder.open(command)) {
      print(embedder, texts);
      if (file != null) {
        new TextLines(file).read(lines -> print(embedder, lines));
      }
    }
    return ExitCode.OK;
  }

  private void print(SentenceEmbedder embedder, List<String> lines) {
    List<float[]> vectors = embedder.embed(lines);
    for (int i = 0; i < lines.size(); i++) {
      Map<String, Object> line = new LinkedHashMap<>();
      line.put("text", lines.get(i));
      line.put("embedding", vectors.get(i));
      command.commandLine().getOut().println(JSON.writeValueAsString(line));
    }
  }
}
