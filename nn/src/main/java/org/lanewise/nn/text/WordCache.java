package org.lanewise.nn.text;

import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Remembers the tokens of words, as many words of a text come again and again. It is a table with
 * two places for each word, of which the newer word takes one: its memory is bounded.
 *
 * <p>Threads share it without locks. An entry does not change once it is in the table, and one that
 * another thread replaces is only computed once more. An entry is one array, so that a look takes
 * one line of memory: hash and length of the word, its characters two by two, and its tokens.
 */
final class WordCache {
  static final int SLOTS = 1 << 15;

  /** Longer words are rare. */
  static final int MAX_LENGTH = 48;

  private static final int HEADER = 2;

  private final AtomicReferenceArray<int[]> entries = new AtomicReferenceArray<>(SLOTS);

  /** Finds the tokens of a word that is not remembered. */
  @FunctionalInterface
  interface Encoder {
    /**
     * The tokens of a word: for each one its id, the index of its first character counted from the
     * word's, and the index after its last one.
     */
    int[] encode(char[] chars, int from, int to);
  }

  /** Adds the tokens of a word, remembered or not. */
  void tokenize(AlignedText text, int from, int to, Tokens tokens, Encoder encoder) {
    char[] chars = text.chars();
    if (to - from > MAX_LENGTH) {
      add(encoder.encode(chars, from, to), 0, text, from, tokens);
      return;
    }
    int hash = Hashing.of(chars, from, to);
    int slot = Hashing.slot(hash, SLOTS);
    int[] entry = entries.getAcquire(slot);
    if (entry == null || !isOf(entry, hash, chars, from, to)) {
      int[] second = entries.getAcquire(slot ^ 1);
      if (second != null && isOf(second, hash, chars, from, to)) {
        entry = second;
      } else {
        if (entry != null) {
          entries.setRelease(slot ^ 1, entry);
        }
        entry = entry(hash, chars, from, to, encoder.encode(chars, from, to));
        entries.setRelease(slot, entry);
      }
    }
    add(entry, tokensFrom(to - from), text, from, tokens);
  }

  private static void add(int[] triples, int first, AlignedText text, int from, Tokens tokens) {
    for (int i = first; i < triples.length; i += 3) {
      tokens.add(
          triples[i], text.start(from + triples[i + 1]), text.end(from + triples[i + 2] - 1));
    }
  }

  private static int tokensFrom(int length) {
    return HEADER + (length + 1) / 2;
  }

  private static int[] entry(int hash, char[] chars, int from, int to, int[] triples) {
    int first = tokensFrom(to - from);
    int[] entry = new int[first + triples.length];
    entry[0] = hash;
    entry[1] = to - from;
    for (int i = from, at = HEADER; i < to; i += 2, at++) {
      entry[at] = pair(chars, i, to);
    }
    System.arraycopy(triples, 0, entry, first, triples.length);
    return entry;
  }

  private static boolean isOf(int[] entry, int hash, char[] chars, int from, int to) {
    if (entry[0] != hash || entry[1] != to - from) {
      return false;
    }
    for (int i = from, at = HEADER; i < to; i += 2, at++) {
      if (entry[at] != pair(chars, i, to)) {
        return false;
      }
    }
    return true;
  }

  private static int pair(char[] chars, int at, int to) {
    return at + 1 < to ? chars[at] | chars[at + 1] << Character.SIZE : chars[at];
  }
}
