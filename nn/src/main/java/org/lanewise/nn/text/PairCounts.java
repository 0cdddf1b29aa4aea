package org.lanewise.nn.text;

import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/** How often each pair of tokens is inside words, kept up to date while pairs are merged. */
final class PairCounts {
  /** The tokens of each word; merges shorten it. */
  private final int[][] words;

  private final int[] lengths;
  private final long[] wordCounts;

  /** The last pair that was merged in each word, so that none is looked through twice. */
  private final int[] visits;

  private final Map<Long, Places> places = new HashMap<>();
  private final PriorityQueue<Pair> queue =
      new PriorityQueue<>(
          Comparator.comparingLong(Pair::count)
              .reversed()
              .thenComparingInt(Pair::left)
              .thenComparingInt(Pair::right));
  private int merges;

  /** A pair and how often it was there when it was counted. */
  record Pair(int left, int right, long count) {}

  /** How often a pair is there, and the words that it is or was in, some of them twice. */
  private static final class Places {
    private long count;
    private int[] words = new int[2];
    private int size;

    void add(int word) {
      if (size > 0 && words[size - 1] == word) {
        return;
      }
      if (size == words.length) {
        words = Arrays.copyOf(words, 2 * size);
      }
      words[size++] = word;
    }
  }

  /**
   * The pairs of bytes in words.
   *
   * @param firstId the id of byte 0, which those of the others follow
   */
  PairCounts(List<WordCounts.Word> counts, int firstId) {
    words = new int[counts.size()][];
    lengths = new int[counts.size()];
    wordCounts = new long[counts.size()];
    visits = new int[counts.size()];
    for (int w = 0; w < words.length; w++) {
      String text = counts.get(w).text();
      Utf8 bytes = Utf8.of(text.toCharArray(), 0, text.length());
      wordCounts[w] = counts.get(w).count();
      lengths[w] = bytes.length();
      words[w] = new int[lengths[w]];
      for (int i = 0; i < lengths[w]; i++) {
        words[w][i] = firstId + bytes.value(i);
      }
      for (int i = 0; i + 1 < lengths[w]; i++) {
        change(words[w][i], words[w][i + 1], wordCounts[w], w);
      }
    }
    places.forEach((key, value) -> queue.add(pair(key, value.count)));
  }

  private static Pair pair(long key, long count) {
    return new Pair((int) (key >> Integer.SIZE), (int) key, count);
  }

  /** The pair that is there most often and at least twice, or null. */
  Pair mostFrequent() {
    while (true) {
      Pair top = queue.poll();
      if (top == null) {
        return null;
      }
      Places now = places.get(key(top.left, top.right));
      if (now == null || now.count < 2) {
        continue;
      }
      if (now.count == top.count) {
        return top;
      }
      if (now.count < top.count) {
        queue.add(new Pair(top.left, top.right, now.count));
      }
    }
  }

  /** Puts a token in the place of a pair, wherever it is. */
  void merge(Pair pair, int token) {
    Places merged = places.remove(key(pair.left, pair.right));
    merges++;
    for (int i = 0; i < merged.size; i++) {
      int word = merged.words[i];
      if (visits[word] != merges) {
        visits[word] = merges;
        mergeIn(word, pair, token);
      }
    }
  }

  private void mergeIn(int word, Pair pair, int token) {
    int[] tokens = words[word];
    long count = wordCounts[word];
    int to = 0;
    for (int i = 0; i < lengths[word]; i++) {
      boolean found =
          tokens[i] == pair.left && i + 1 < lengths[word] && tokens[i + 1] == pair.right;
      if (!found) {
        tokens[to++] = tokens[i];
        continue;
      }
      if (to > 0) {
        change(tokens[to - 1], pair.left, -count, word);
        change(tokens[to - 1], token, count, word);
      }
      if (i + 2 < lengths[word]) {
        change(pair.right, tokens[i + 2], -count, word);
        change(token, tokens[i + 2], count, word);
      }
      tokens[to++] = token;
      i++;
    }
    lengths[word] = to;
  }

  /** Counts a pair that came into a word or, with a negative count, left it. */
  private void change(int left, int right, long count, int word) {
    long key = key(left, right);
    if (count < 0) {
      Places less = places.get(key);
      if (less != null) {
        less.count += count;
      }
      return;
    }
    Places more = places.computeIfAbsent(key, _ -> new Places());
    more.count += count;
    more.add(word);
    if (merges > 0) {
      queue.add(new Pair(left, right, more.count));
    }
  }

  private static long key(int left, int right) {
    return (long) left << Integer.SIZE | right;
  }
}
