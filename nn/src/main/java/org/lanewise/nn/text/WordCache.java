package org.lanewise.nn.text;

import java.util.Arrays;

/**
 * Remembers the tokens of words, as many words of a text come again and again. It is a table with
 * two places for each word, of which the newer word takes one: its memory is bounded.
 *
 * <p>Threads share it without locks. An entry has final fields alone, so that another thread sees
 * either all of it or none, and an entry that is lost or seen late is only computed once more.
 */
final class WordCache {
  static final int SLOTS = 1 << 15;

  /** Longer words are rare. */
  static final int MAX_LENGTH = 48;

  private final Entry[] entries = new Entry[SLOTS];

  /** Finds the tokens of a word that is not remembered. */
  @FunctionalInterface
  interface Encoder {
    /**
     * The tokens of a word: for each one its id, the index of its first character counted from the
     * word's, and the index after its last one.
     */
    int[] encode(char[] chars, int from, int to);
  }

  private static final class Entry {
    private final int hash;
    private final char[] word;
    private final int[] tokens;

    Entry(int hash, char[] word, int[] tokens) {
      this.hash = hash;
      this.word = word;
      this.tokens = tokens;
    }

    boolean is(int otherHash, char[] chars, int from, int to) {
      return hash == otherHash && Arrays.equals(word, 0, word.length, chars, from, to);
    }
  }

  /** Adds the tokens of a word, remembered or not. */
  void tokenize(AlignedText text, int from, int to, Tokens tokens, Encoder encoder) {
    int[] triples = find(text.chars(), from, to, encoder);
    for (int i = 0; i < triples.length; i += 3) {
      tokens.add(
          triples[i], text.start(from + triples[i + 1]), text.end(from + triples[i + 2] - 1));
    }
  }

  private int[] find(char[] chars, int from, int to, Encoder encoder) {
    if (to - from > MAX_LENGTH) {
      return encoder.encode(chars, from, to);
    }
    int hash = Hashing.of(chars, from, to);
    int slot = Hashing.slot(hash, SLOTS);
    Entry first = entries[slot];
    if (first != null && first.is(hash, chars, from, to)) {
      return first.tokens;
    }
    Entry second = entries[slot ^ 1];
    if (second != null && second.is(hash, chars, from, to)) {
      return second.tokens;
    }
    Entry entry =
        new Entry(hash, Arrays.copyOfRange(chars, from, to), encoder.encode(chars, from, to));
    entries[slot ^ 1] = first == null ? second : first;
    entries[slot] = entry;
    return entry.tokens;
  }
}
