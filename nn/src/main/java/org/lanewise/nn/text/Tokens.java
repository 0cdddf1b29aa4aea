package org.lanewise.nn.text;

import java.util.Arrays;

/** The tokens of one text as they are found: ids and ranges of the input. Not for two threads. */
final class Tokens {
  private final int limit;
  private int[] ids;
  private int[] starts;
  private int[] ends;
  private int count;

  /**
   * No tokens yet.
   *
   * @param limit number of tokens after which the rest of the text is of no interest
   * @param length of the text: in most languages, a token is three or more characters
   */
  Tokens(int limit, int length) {
    this.limit = limit;
    int capacity = Math.min(limit, length / 3) + 16;
    ids = new int[capacity];
    starts = new int[capacity];
    ends = new int[capacity];
  }

  void add(int id, int start, int end) {
    if (count == ids.length) {
      int capacity = Math.addExact(count, count >> 1);
      ids = Arrays.copyOf(ids, capacity);
      starts = Arrays.copyOf(starts, capacity);
      ends = Arrays.copyOf(ends, capacity);
    }
    ids[count] = id;
    starts[count] = start;
    ends[count++] = end;
  }

  /** Whether further tokens would be cut off. */
  boolean isFull() {
    return count >= limit;
  }

  int count() {
    return count;
  }

  int id(int index) {
    return ids[index];
  }

  int start(int index) {
    return starts[index];
  }

  int end(int index) {
    return ends[index];
  }

  /** Leaves blanks at the ends of all ranges out. */
  void trim(String input) {
    for (int i = 0; i < count; i++) {
      while (starts[i] < ends[i] && Characters.isWhitespace(input.charAt(starts[i]))) {
        starts[i]++;
      }
      while (starts[i] < ends[i] && Characters.isWhitespace(input.charAt(ends[i] - 1))) {
        ends[i]--;
      }
    }
  }

  /** Copies the first tokens into arrays. */
  void copy(int tokens, int[] toIds, int[] toStarts, int[] toEnds, int at) {
    System.arraycopy(ids, 0, toIds, at, tokens);
    System.arraycopy(starts, 0, toStarts, at, tokens);
    System.arraycopy(ends, 0, toEnds, at, tokens);
  }
}
