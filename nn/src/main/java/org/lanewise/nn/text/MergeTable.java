package org.lanewise.nn.text;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Which pairs of tokens are merged, in which order, and into what. */
final class MergeTable {
  /** The rank of a pair that is not merged. */
  static final int NONE = Integer.MAX_VALUE;

  private final long[] keys;
  private final int[] ranks;
  private final int[] results;

  /** Two tokens that are merged, as the vocabulary writes them. */
  record Merge(String left, String right) {}

  /**
   * The merges of a vocabulary.
   *
   * @param merges the first one goes first
   * @throws IllegalArgumentException if a part or a result of a merge is not in the vocabulary, or
   *     a merge is there twice
   */
  MergeTable(Map<String, Integer> vocabulary, List<Merge> merges) {
    keys = new long[Hashing.slots(merges.size())];
    ranks = new int[keys.length];
    results = new int[merges.size()];
    Arrays.fill(keys, -1);
    for (int rank = 0; rank < merges.size(); rank++) {
      Merge merge = merges.get(rank);
      int left = id(vocabulary, rank, merge.left);
      int right = id(vocabulary, rank, merge.right);
      results[rank] = id(vocabulary, rank, merge.left + merge.right);
      int slot = slot(left, right);
      if (keys[slot] >= 0) {
        throw new IllegalArgumentException(
            "merges %d and %d are both '%s' and '%s'"
                .formatted(ranks[slot], rank, merge.left, merge.right));
      }
      keys[slot] = key(left, right);
      ranks[slot] = rank;
    }
  }

  private static int id(Map<String, Integer> vocabulary, int rank, String token) {
    Integer id = vocabulary.get(token);
    if (id == null) {
      throw new IllegalArgumentException(
          "token '%s' of merge %d is not in the vocabulary".formatted(token, rank));
    }
    return id;
  }

  /** The rank of a pair, lower ones first, or {@link #NONE}. */
  int rank(int left, int right) {
    int slot = slot(left, right);
    return keys[slot] >= 0 ? ranks[slot] : NONE;
  }

  /** What the merge of a rank makes. */
  int result(int rank) {
    return results[rank];
  }

  /** The slot of a pair, or the empty one where it belongs. */
  private int slot(int left, int right) {
    long key = key(left, right);
    int slot = Hashing.slot(key, keys.length);
    while (keys[slot] >= 0 && keys[slot] != key) {
      slot = slot + 1 & keys.length - 1;
    }
    return slot;
  }

  private static long key(int left, int right) {
    return (long) left << Integer.SIZE | right;
  }
}
