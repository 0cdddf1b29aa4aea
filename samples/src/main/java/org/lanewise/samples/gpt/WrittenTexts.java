package org.lanewise.samples.gpt;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.lanewise.nn.io.Printable;
import org.lanewise.nn.models.Generation;
import org.lanewise.nn.models.Gpt;
import org.lanewise.nn.text.Tokenizer;
import org.lanewise.nn.train.Callback;
import org.lanewise.nn.train.EpochResult;
import org.lanewise.nn.train.Trainer;

/** Lets the model write something after each epoch, and prints it. */
final class WrittenTexts implements Callback {
  private static final double TEMPERATURE = 0.8;
  private static final int TOKENS = 200;
  private static final String INDENT = "    ";

  private final PrintWriter out;
  private final Gpt model;
  private final Tokenizer tokenizer;
  private final int[] prompt;
  private final long seed;
  private final List<String> texts = new ArrayList<>();
  private Generation generation;

  /**
   * A writer.
   *
   * @param prompt tokens that the texts follow
   */
  WrittenTexts(PrintWriter out, Gpt model, Tokenizer tokenizer, int[] prompt, long seed) {
    this.out = out;
    this.model = model;
    this.tokenizer = tokenizer;
    this.prompt = prompt.clone();
    this.seed = seed;
  }

  /** What was written, each after its epoch. */
  String all() {
    return String.join("\n", texts);
  }

  @Override
  public void onEpoch(Trainer trainer, EpochResult result) {
    if (generation == null) {
      generation =
          Generation.of(model, trainer.session())
              .temperature(TEMPERATURE)
              .without(TokenizerName.unknown(tokenizer).stream().toArray());
    }
    int[] written = generation.seed(seed + result.epoch()).stream(prompt, TOKENS).toArray();
    String text =
        Stream.of(tokenizer.decode(written).split("\n"))
            .map(line -> (INDENT + Printable.line(line)).stripTrailing() + "\n")
            .collect(Collectors.joining());
    out.print(text);
    out.flush();
    texts.add("after epoch %d%n%s".formatted(result.epoch(), text));
  }
}
