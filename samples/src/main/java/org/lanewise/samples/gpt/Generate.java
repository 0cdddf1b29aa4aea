package org.lanewise.samples.gpt;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.lanewise.cli.HelpOption;
import org.lanewise.cli.UserException;
import org.lanewise.nn.io.Printable;
import org.lanewise.nn.models.Generation;
import org.lanewise.nn.models.PretrainedGpt;
import org.lanewise.nn.models.Sampling;
import org.lanewise.nn.session.Session;
import org.lanewise.nn.text.Tokenizer;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code generate}: continues a text. */
@Command(
    name = "generate",
    description = "Continues a text with a model of GPT-2's kind.",
    sortOptions = false)
public final class Generate implements Callable<Integer> {
  @Option(
      names = "--model",
      paramLabel = "PATH",
      defaultValue = "out/gpt",
      description =
          "What 'train gpt' saved, or another folder with config.json, model.safetensors and a"
              + " tokenizer, or the weights in such a folder (default: ${DEFAULT-VALUE}).")
  private Path model;

  @Option(
      names = "--length",
      paramLabel = "N",
      defaultValue = "500",
      description = "Tokens to generate (default: ${DEFAULT-VALUE}).")
  private long length;

  @Option(
      names = "--temperature",
      paramLabel = "T",
      defaultValue = "0.8",
      description =
          "What logits are divided by; at 0, always the most probable token (default:"
              + " ${DEFAULT-VALUE}).")
  private double temperature;

  @Option(
      names = "--top-k",
      paramLabel = "N",
      description = "Draw from the N most probable tokens (default: from all).")
  private int topK = Integer.MAX_VALUE;

  @Option(
      names = "--top-p",
      paramLabel = "P",
      defaultValue = "1",
      description =
          "Draw from the most probable tokens that together have this probability (default:"
              + " ${DEFAULT-VALUE}).")
  private double topP;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Where all random numbers come from (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Parameters(
      arity = "0..1",
      paramLabel = "TEXT",
      defaultValue = "\n",
      description = "What to continue (default: a new line).")
  private String prompt;

  @Mixin private HelpOption help;

  @Spec private CommandSpec command;

  @Override
  public Integer call() throws IOException {
    Sampling sampling = sampling();
    if (!Files.exists(model)) {
      throw new UserException(model + ": no model there; './lanewise train gpt' makes one");
    }
    PretrainedGpt pretrained = PretrainedGpt.read(model);
    Tokenizer tokenizer = pretrained.tokenizer();
    requireKnown(tokenizer);
    PrintWriter out = command.commandLine().getOut();
    try (Session session = Session.open("cpu", pretrained.weights())) {
      out.print(printable(prompt.stripLeading()));
      out.flush();
      Generation.of(pretrained.model(), session)
          .sampling(sampling)
          .seed(seed)
          .without(TokenizerName.unknown(tokenizer).stream().toArray())
          .stream(tokenizer, prompt, length)
          .forEach(piece -> {
            out.print(printable(piece));
            out.flush();
          });
      out.println();
    }
    return ExitCode.OK;
  }

  private Sampling sampling() {
    check("--length", length, length >= 1, "at least 1");
    check(
        "--temperature",
        temperature,
        (float) temperature >= 0 && Float.isFinite((float) temperature),
        "at least 0 and finite");
    check("--top-k", topK, topK >= 1, "at least 1");
    check("--top-p", topP, topP > 0 && topP <= 1, "above 0 and at most 1");
    return new Sampling(temperature, topK, topP);
  }

  private void check(String option, Object value, boolean holds, String range) {
    if (!holds) {
      throw new ParameterException(
          command.commandLine(), "%s must be %s but is %s".formatted(option, range, value));
    }
  }

  private void requireKnown(Tokenizer tokenizer) {
    int[] ids = tokenizer.tokenize(prompt).ids();
    OptionalInt unknown = TokenizerName.unknown(tokenizer);
    if (ids.length == 0) {
      throw new UserException("the text to continue is empty");
    }
    if (unknown.isPresent() && Arrays.stream(ids).anyMatch(id -> id == unknown.getAsInt())) {
      String characters =
          prompt
              .codePoints()
              .mapToObj(Character::toString)
              .filter(c -> tokenizer.tokenize(c).ids()[0] == unknown.getAsInt())
              .distinct()
              .collect(Collectors.joining());
      throw new UserException(
          "the model does not know these characters of the text: " + characters);
    }
  }

  /** A text whose lines are kept, and nothing else that moves a cursor. */
  private static String printable(String text) {
    return Stream.of(text.split("\n", -1))
        .map(line -> Printable.line(line, Integer.MAX_VALUE))
        .collect(Collectors.joining("\n"));
  }
}
