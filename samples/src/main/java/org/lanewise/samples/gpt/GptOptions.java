package org.lanewise.samples.gpt;

import java.util.LinkedHashMap;
import java.util.Map;
import org.lanewise.nn.models.GptConfig;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The options that say what is trained, to be mixed into the command. */
final class GptOptions {
  private static final int BYTES = 256;
  private static final int MOST_PAIRS = 1 << 16;

  @Option(
      names = "--size",
      paramLabel = "NAME",
      defaultValue = "medium",
      description =
          "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}): 4 layers, 4 heads, 128 wide, context"
              + " 64, batches of 12, 2,000 steps at 0.004; or 6, 6, 384, context 256, batches of 8,"
              + " 3,200 steps at 0.001, dropout 0.2.")
  private Size size;

  @Option(names = "--layers", paramLabel = "N", description = "Layers, if not those of the size.")
  private Integer layers;

  @Option(names = "--heads", paramLabel = "N", description = "Heads of attention, likewise.")
  private Integer heads;

  @Option(
      names = "--width",
      paramLabel = "N",
      description = "Width of a token's vector, a multiple of the heads, likewise.")
  private Integer width;

  @Option(names = "--context", paramLabel = "N", description = "Tokens seen at once, likewise.")
  private Integer context;

  @Option(
      names = "--dropout",
      paramLabel = "P",
      description = "Part of the elements that training drops, likewise.")
  private Float dropout;

  @Option(
      names = "--tokenizer",
      paramLabel = "NAME",
      defaultValue = "characters",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private TokenizerName tokenizer;

  @Option(
      names = "--vocabulary",
      paramLabel = "N",
      defaultValue = "1024",
      description = "Byte pairs of bpe, 256 to 65536 (default: ${DEFAULT-VALUE}).")
  private int vocabulary;

  @Option(
      names = "--epoch-steps",
      paramLabel = "N",
      defaultValue = "200",
      description =
          "Steps of an epoch, after which the model is tested and writes something (default:"
              + " ${DEFAULT-VALUE}).")
  private int epochSteps;

  Size size() {
    return size;
  }

  TokenizerName tokenizer() {
    return tokenizer;
  }

  int vocabulary() {
    return vocabulary;
  }

  int epochSteps() {
    return epochSteps;
  }

  private static <T> T or(T given, T otherwise) {
    return given == null ? otherwise : given;
  }

  /**
   * Checks what can be checked before the text is read.
   *
   * @throws ParameterException if an option is out of its range
   */
  void check(CommandSpec command) {
    if (vocabulary < BYTES || vocabulary > MOST_PAIRS) {
      throw new ParameterException(
          command.commandLine(),
          "--vocabulary must be %d to %d but is %d".formatted(BYTES, MOST_PAIRS, vocabulary));
    }
    if (epochSteps < 1) {
      throw new ParameterException(
          command.commandLine(), "--epoch-steps must be at least 1 but is " + epochSteps);
    }
    config(command, 1);
  }

  /**
   * The sizes of the model.
   *
   * @param tokens of its vocabulary
   * @throws ParameterException if an option is out of its range
   */
  GptConfig config(CommandSpec command, int tokens) {
    try {
      return GptConfig.of(
              tokens,
              or(context, size.context()),
              or(width, size.width()),
              or(heads, size.heads()),
              or(layers, size.layers()))
          .dropout(or(dropout, size.dropout()));
    } catch (IllegalArgumentException outOfRange) {
      throw new ParameterException(
          command.commandLine(), "--" + outOfRange.getMessage(), outOfRange);
    }
  }

  /** What must be the same when a training is resumed, by the names of options. */
  Map<String, String> settings(GptConfig config) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("layers", Integer.toString(config.layers()));
    settings.put("heads", Integer.toString(config.heads()));
    settings.put("width", Integer.toString(config.width()));
    settings.put("context", Integer.toString(config.context()));
    settings.put("dropout", Float.toString(config.dropout()));
    settings.put("tokenizer", tokenizer.toString());
    if (tokenizer == TokenizerName.BPE) {
      settings.put("vocabulary", Integer.toString(vocabulary));
    }
    settings.put("epoch-steps", Integer.toString(epochSteps));
    return settings;
  }
}
