package org.lanewise.samples.gpt;

import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import org.lanewise.nn.text.BytePairTrainer;
import org.lanewise.nn.text.Tokenizer;
import org.lanewise.nn.text.Tokenizers;

/** What the command line offers as tokens. */
enum TokenizerName {
  /** The characters of the text. */
  CHARACTERS,

  /** Byte pairs, trained on the text. */
  BPE;

  private static final String UNKNOWN = "<unk>";

  /**
   * The tokenizer of a text.
   *
   * @param vocabulary the most byte pairs
   */
  Tokenizer train(String text, int vocabulary) {
    return switch (this) {
      case CHARACTERS -> Tokenizers.characters(text);
      case BPE -> new BytePairTrainer(vocabulary, List.of()).train(List.of(text));
    };
  }

  /** The token that stands for characters that a tokenizer does not know, if it has one. */
  static OptionalInt unknown(Tokenizer tokenizer) {
    return tokenizer.id(UNKNOWN);
  }

  /** The name on the command line. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
