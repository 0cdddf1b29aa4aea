package org.lanewise.nn.text;

import java.util.Arrays;
import java.util.List;

/**
 * Byte pairs (Sennrich et al., arXiv 1508.07909) of the bytes of UTF-8, as GPT-2 has them: a word
 * is its bytes, and as long as there are pairs in it that the model merges, the one of the lowest
 * rank is, and of equal ones the first.
 */
final class BytePairs implements Model {
  /** Above this many bytes, pairs wait in a heap instead of being looked through. */
  private static final int SHORT_WORD = 40;

  private final Vocabulary vocabulary;
  private final List<MergeTable.Merge> merges;
  private final MergeTable table;
  private final int[] byteIds = new int[256];
  private final WordCache cache = new WordCache();
  private final WordCache.Encoder encoder = this::encode;

  /**
   * A model.
   *
   * @param merges the first one goes first
   * @throws IllegalArgumentException if the vocabulary lacks a byte, or does not fit the merges
   */
  BytePairs(Vocabulary vocabulary, List<MergeTable.Merge> merges) {
    this.vocabulary = vocabulary;
    this.merges = List.copyOf(merges);
    this.table = new MergeTable(vocabulary.ids(), merges);
    for (int b = 0; b < byteIds.length; b++) {
      byteIds[b] =
          vocabulary.require("byte %d as".formatted(b), String.valueOf(ByteSymbols.character(b)));
    }
  }

  @Override
  public Vocabulary vocabulary() {
    return vocabulary;
  }

  List<MergeTable.Merge> merges() {
    return merges;
  }

  @Override
  public void tokenize(AlignedText text, int from, int to, Tokens tokens) {
    cache.tokenize(text, from, to, tokens, encoder);
  }

  private int[] encode(char[] chars, int from, int to) {
    Utf8 bytes = Utf8.of(chars, from, to);
    int[] ids = new int[bytes.length()];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = byteIds[bytes.value(i)];
    }
    int[] nexts =
        ids.length <= SHORT_WORD ? mergeShort(ids) : new LongWordMerges(table, ids).nexts();
    int[] triples = new int[3 * ids.length];
    int count = 0;
    for (int i = 0; i < ids.length; i = nexts[i]) {
      triples[count] = ids[i];
      triples[count + 1] = bytes.firstChar(i);
      triples[count + 2] = bytes.lastChar(nexts[i] - 1) + 1;
      count += 3;
    }
    return Arrays.copyOf(triples, count);
  }

  /** Merges in place; of each token, says at which byte the next one begins. */
  private int[] mergeShort(int[] ids) {
    int[] tokens = ids.clone();
    int[] begins = new int[ids.length];
    int[] ranks = new int[ids.length];
    int count = ids.length;
    for (int i = 0; i < count; i++) {
      begins[i] = i;
      ranks[i] = i + 1 < count ? table.rank(ids[i], ids[i + 1]) : MergeTable.NONE;
    }
    while (true) {
      int best = 0;
      for (int i = 1; i < count; i++) {
        best = ranks[i] < ranks[best] ? i : best;
      }
      if (count == 0 || ranks[best] == MergeTable.NONE) {
        break;
      }
      tokens[best] = table.result(ranks[best]);
      count--;
      System.arraycopy(tokens, best + 2, tokens, best + 1, count - best - 1);
      System.arraycopy(begins, best + 2, begins, best + 1, count - best - 1);
      System.arraycopy(ranks, best + 2, ranks, best + 1, count - best - 1);
      ranks[best] = best + 1 < count ? table.rank(tokens[best], tokens[best + 1]) : MergeTable.NONE;
      if (best > 0) {
        ranks[best - 1] = table.rank(tokens[best - 1], tokens[best]);
      }
    }
    int[] nexts = new int[ids.length];
    for (int i = 0; i < count; i++) {
      ids[begins[i]] = tokens[i];
      nexts[begins[i]] = i + 1 < count ? begins[i + 1] : ids.length;
    }
    return nexts;
  }
}
