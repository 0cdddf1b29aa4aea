package org.lanewise.nn.text;

import java.util.Arrays;

/**
 * The unigram model (Kudo, arXiv 1804.10959): of all ways to cut a word into tokens, the one whose
 * scores have the largest sum (Viterbi). A character that no token stands for counts as the unknown
 * token, with a score below all others, and unknown characters in a row are one token.
 */
final class Unigram implements Model {
  /** How far the unknown token's score is below the lowest one, as in sentencepiece. */
  private static final double UNKNOWN_PENALTY = 10;

  private static final int NO_ID = -1;

  private final Vocabulary vocabulary;
  private final double[] scores;
  private final int unknown;
  private final int[] byteIds;
  private final double unknownScore;
  private final CharTrie trie;
  private final WordCache cache = new WordCache();
  private final WordCache.Encoder encoder = this::encode;

  /**
   * A model.
   *
   * @param scores by id: logarithms of probabilities
   * @param unknown id of the unknown token
   * @param byteFallback whether unknown characters are written as tokens of their bytes, named like
   *     {@code <0x0A>}, if all of them are in the vocabulary
   * @throws IllegalArgumentException if there is not a score for each id, one is not finite, or the
   *     unknown token is not in the vocabulary
   */
  Unigram(Vocabulary vocabulary, double[] scores, int unknown, boolean byteFallback) {
    this.vocabulary = vocabulary;
    this.scores = scores.clone();
    this.unknown = unknown;
    if (scores.length != vocabulary.size()) {
      throw new IllegalArgumentException(
          "%d tokens have %d scores".formatted(vocabulary.size(), scores.length));
    }
    for (int id = 0; id < scores.length; id++) {
      if (!Double.isFinite(scores[id])) {
        throw new IllegalArgumentException("token %d has score %s".formatted(id, scores[id]));
      }
    }
    if (vocabulary.token(unknown) == null) {
      throw new IllegalArgumentException(
          "the unknown token has id %d, which is not in the vocabulary".formatted(unknown));
    }
    this.unknownScore = Arrays.stream(scores).min().orElseThrow() - UNKNOWN_PENALTY;
    this.trie = vocabulary.trie();
    this.byteIds = byteFallback ? byteIds(vocabulary) : new int[0];
  }

  private static int[] byteIds(Vocabulary vocabulary) {
    int[] ids = new int[256];
    for (int b = 0; b < ids.length; b++) {
      ids[b] = vocabulary.id("<0x%02X>".formatted(b));
    }
    return ids;
  }

  @Override
  public Vocabulary vocabulary() {
    return vocabulary;
  }

  double[] scores() {
    return scores.clone();
  }

  int unknown() {
    return unknown;
  }

  boolean byteFallback() {
    return byteIds.length > 0;
  }

  @Override
  public void tokenize(AlignedText text, int from, int to, Tokens tokens) {
    cache.tokenize(text, from, to, tokens, encoder);
  }

  private int[] encode(char[] chars, int from, int to) {
    int length = to - from;
    double[] best = new double[length + 1];
    int[] begins = new int[length + 1];
    int[] ids = new int[length + 1];
    Arrays.fill(ids, NO_ID);
    int width;
    for (int at = 0; at < length; at += width) {
      width = Character.isHighSurrogate(chars[from + at]) ? 2 : 1;
      boolean known = false;
      int node = CharTrie.ROOT;
      for (int end = at + 1; end <= length; end++) {
        node = trie.child(node, chars[from + end - 1]);
        if (node == CharTrie.NONE) {
          break;
        }
        int id = trie.value(node);
        if (id != CharTrie.NONE) {
          known |= end == at + width;
          offer(best, begins, ids, at, end, id, scores[id]);
        }
      }
      if (!known) {
        offer(best, begins, ids, at, at + width, unknown, unknownScore);
      }
    }
    return triples(chars, from, begins, ids);
  }

  /** The first of equally good ways stays. */
  private static void offer(
      double[] best, int[] begins, int[] ids, int begin, int end, int id, double score) {
    double sum = score + best[begin];
    if (ids[end] == NO_ID || sum > best[end]) {
      best[end] = sum;
      begins[end] = begin;
      ids[end] = id;
    }
  }

  /** The way back from the end, turned around, with unknown characters in a row as one. */
  private int[] triples(char[] chars, int from, int[] begins, int[] ids) {
    int end = ids.length - 1;
    int[] reversed = new int[3 * end];
    int count = 0;
    while (end > 0) {
      int id = ids[end];
      int begin = begins[end];
      while (id == unknown && begin > 0 && ids[begin] == unknown) {
        begin = begins[begin];
      }
      reversed[count] = id;
      reversed[count + 1] = begin;
      reversed[count + 2] = end;
      count += 3;
      end = begin;
    }
    int[] triples = new int[count];
    for (int i = 0; i < count; i += 3) {
      System.arraycopy(reversed, count - 3 - i, triples, i, 3);
    }
    return byteIds.length == 0 ? triples : withBytes(chars, from, triples);
  }

  private int[] withBytes(char[] chars, int from, int[] triples) {
    int[] result = new int[triples.length];
    int count = 0;
    for (int i = 0; i < triples.length; i += 3) {
      Utf8 bytes =
          triples[i] == unknown
              ? Utf8.of(chars, from + triples[i + 1], from + triples[i + 2])
              : null;
      if (bytes == null || !hasBytes(bytes)) {
        result = add(result, count, triples[i], triples[i + 1], triples[i + 2]);
        count += 3;
        continue;
      }
      for (int b = 0; b < bytes.length(); b++) {
        result = add(result, count, byteIds[bytes.value(b)], triples[i + 1], triples[i + 2]);
        count += 3;
      }
    }
    return Arrays.copyOf(result, count);
  }

  private boolean hasBytes(Utf8 bytes) {
    for (int b = 0; b < bytes.length(); b++) {
      if (byteIds[bytes.value(b)] < 0) {
        return false;
      }
    }
    return true;
  }

  private static int[] add(int[] triples, int count, int id, int begin, int end) {
    int[] result = count + 3 > triples.length ? Arrays.copyOf(triples, 2 * count + 3) : triples;
    result[count] = id;
    result[count + 1] = begin;
    result[count + 2] = end;
    return result;
  }
}
