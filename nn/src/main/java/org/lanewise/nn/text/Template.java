package org.lanewise.nn.text;

import java.util.Arrays;
import java.util.List;

/**
 * Which special tokens stand around a text and around a pair.
 *
 * @param single for one text
 * @param pair for two texts
 * @param trimmed whether the ranges of tokens leave blanks at their ends out
 */
record Template(List<Piece> single, List<Piece> pair, boolean trimmed) {
  /** Nothing around texts; the second text of a pair is of type 1. */
  static final Template NONE =
      new Template(List.of(new Text(0, 0)), List.of(new Text(0, 0), new Text(1, 1)), false);

  /** What stands at a place. */
  sealed interface Piece {}

  /** A text: 0 or 1 for the first and the second one. */
  record Text(int index, int type) implements Piece {}

  /** A special token. */
  record Special(String token, int id, int type) implements Piece {}

  /**
   * A template.
   *
   * @throws IllegalArgumentException if the first text is not once in both, or the second one not
   *     once in that for pairs
   */
  Template {
    single = List.copyOf(single);
    pair = List.copyOf(pair);
    if (count(single, 0) != 1
        || count(single, 1) != 0
        || count(pair, 0) != 1
        || count(pair, 1) != 1) {
      throw new IllegalArgumentException(
          "the template has not each text once: " + single + " and " + pair);
    }
  }

  private static long count(List<Piece> pieces, int index) {
    return pieces.stream()
        .filter(piece -> piece instanceof Text(int text, int _) && text == index)
        .count();
  }

  /** The same with other ranges. */
  Template trimmed(boolean trimmed) {
    return new Template(single, pair, trimmed);
  }

  /** The same without special tokens, for one text. */
  Template bare() {
    return new Template(NONE.single, NONE.pair, trimmed);
  }

  /** The number of special tokens. */
  static int specials(List<Piece> pieces) {
    return Math.toIntExact(pieces.stream().filter(Special.class::isInstance).count());
  }

  /** Puts it together, with the first tokens of each text. */
  static Encoding fill(List<Piece> pieces, Tokens[] texts, int[] counts) {
    int length = specials(pieces);
    for (int count : counts) {
      length = Math.addExact(length, count);
    }
    int[] ids = new int[length];
    int[] types = new int[length];
    int[] starts = new int[length];
    int[] ends = new int[length];
    int[] sources = new int[length];
    int at = 0;
    for (Piece piece : pieces) {
      switch (piece) {
        case Special special -> {
          ids[at] = special.id();
          types[at] = special.type();
          sources[at++] = -1;
        }
        case Text text -> {
          int count = counts[text.index()];
          texts[text.index()].copy(count, ids, starts, ends, at);
          Arrays.fill(types, at, at + count, text.type());
          Arrays.fill(sources, at, at + count, text.index());
          at += count;
        }
      }
    }
    return new Encoding(ids, types, starts, ends, sources);
  }
}
