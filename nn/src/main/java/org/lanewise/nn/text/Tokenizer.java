package org.lanewise.nn.text;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * Turns texts into the ids of tokens, and ids into texts. A tokenizer does not change, and any
 * number of threads may use it at the same time.
 */
public sealed interface Tokenizer permits PipelineTokenizer {
  /**
   * The tokens of a text, with the special tokens around them that the model was trained with.
   *
   * @param text any characters, also none
   */
  default Encoding encode(String text) {
    return encode(text, Integer.MAX_VALUE);
  }

  /**
   * The first tokens of a text, with special tokens. What is cut off is the end of the text, never
   * a special token.
   *
   * @param maxLength most tokens, special ones included
   * @throws IllegalArgumentException if the special tokens alone are more than {@code maxLength}
   */
  Encoding encode(String text, int maxLength);

  /**
   * The tokens of two texts, with special tokens around and between them. If they are too long, the
   * longer one is cut until it is as long as the other, then both.
   *
   * @param maxLength most tokens, special ones included
   * @throws IllegalArgumentException if the special tokens alone are more than {@code maxLength}
   */
  Encoding encode(String first, String second, int maxLength);

  /** The tokens of a text and nothing around them. */
  Encoding tokenize(String text);

  /**
   * The text of tokens, without the special ones. It is what was encoded as far as the tokenizer
   * keeps it: lower case stays lower case. Bytes that are not UTF-8 become U+FFFD.
   *
   * @throws IllegalArgumentException if an id is of no token
   */
  default String decode(int... ids) {
    return decode(ids, false);
  }

  /**
   * The text of tokens.
   *
   * @param specialTokens whether special tokens appear in the text, by their names
   * @throws IllegalArgumentException if an id is of no token
   */
  String decode(int[] ids, boolean specialTokens);

  /**
   * The number of rows that a table of embeddings needs: the largest id plus one. There may be ids
   * below it without a token.
   */
  int vocabularySize();

  /** The id of a token as the vocabulary writes it, special tokens included. */
  OptionalInt id(String token);

  /** The token of an id as the vocabulary writes it, or none if no token has this id. */
  Optional<String> token(int id);

  /** Whether an id is that of a special token, which stands for no text. */
  boolean isSpecial(int id);
}
