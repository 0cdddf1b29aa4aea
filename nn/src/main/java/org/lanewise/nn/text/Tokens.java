package org.lanewise.nn.text;

import java.util.Arrays;

/** The tokens of one text as they are found: ids and ranges of the input. Not for two threads. */
final class Tokens {
  private final int limit;
  private int[] ids = new int[32];
  private int[] starts = new int[32];
  private int[] ends = new int[32];
  private int count;

  /**
   * No tokens yet.
   *
   * @param limit number of tokens after which the rest of the text is of no interest
   */
  Tokens(int limit) {
    this.limit = limit;
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

  /** Takes back what was added last. */
  void removeFrom(int index) {
    count = index;
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
