package org.lanewise.nn.text;

import java.util.Arrays;

/**
 * The tokens of a text or of a pair of texts. All of them are attended to: there is no padding.
 *
 * @param ids of the tokens in the vocabulary
 * @param types of each token: 0, or 1 where the template gives the second text a type of its own
 *     (token type ids, segment ids)
 * @param starts of each token in its text, in {@code char}s; 0 for special tokens of the template
 * @param ends of each token in its text, in {@code char}s, exclusive; 0 for special tokens of the
 *     template
 * @param texts of each token: 0 or 1 for the first and the second text, -1 for special tokens of
 *     the template
 */
public record Encoding(int[] ids, int[] types, int[] starts, int[] ends, int[] texts) {
  /**
   * An encoding of arrays, which are not copied.
   *
   * @throws IllegalArgumentException if they are not of one length
   */
  public Encoding {
    if (types.length != ids.length
        || starts.length != ids.length
        || ends.length != ids.length
        || texts.length != ids.length) {
      throw new IllegalArgumentException(
          "%d ids have %d types, %d starts, %d ends and %d texts"
              .formatted(ids.length, types.length, starts.length, ends.length, texts.length));
    }
  }

  /** The number of tokens. */
  public int length() {
    return ids.length;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Encoding encoding
        && Arrays.equals(ids, encoding.ids)
        && Arrays.equals(types, encoding.types)
        && Arrays.equals(starts, encoding.starts)
        && Arrays.equals(ends, encoding.ends)
        && Arrays.equals(texts, encoding.texts);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(ids) + Arrays.hashCode(starts);
  }

  @Override
  public String toString() {
    return "Encoding[ids=%s, types=%s, starts=%s, ends=%s, texts=%s]"
        .formatted(
            Arrays.toString(ids),
            Arrays.toString(types),
            Arrays.toString(starts),
            Arrays.toString(ends),
            Arrays.toString(texts));
  }
}
