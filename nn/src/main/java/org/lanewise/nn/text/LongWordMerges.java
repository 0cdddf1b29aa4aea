package org.lanewise.nn.text;

import java.util.Arrays;

/**
 * The merges of a word of any length: pairs wait in a heap by rank, then by place, so that n bytes
 * take n log n time.
 */
final class LongWordMerges {
  private static final int REMOVED = -1;

  private final MergeTable table;
  private final int[] ids;
  private final int[] nexts;
  private final int[] previous;
  private final int[] ranks;
  private long[] heap;
  private int heapSize;

  /**
   * Merges in place.
   *
   * @param ids of the bytes; afterwards, at the place of each token's first byte, of the tokens
   */
  LongWordMerges(MergeTable table, int[] ids) {
    this.table = table;
    this.ids = ids;
    nexts = new int[ids.length];
    previous = new int[ids.length];
    ranks = new int[ids.length];
    heap = new long[ids.length];
    for (int i = 0; i < ids.length; i++) {
      nexts[i] = i + 1;
      previous[i] = i - 1;
      rank(i);
    }
    while (heapSize > 0) {
      long entry = pop();
      int at = (int) entry;
      int rank = (int) (entry >>> Integer.SIZE);
      if (ranks[at] == rank) {
        merge(at, rank);
      }
    }
  }

  /** Of each token, by the place of its first byte: the place after its last one. */
  int[] nexts() {
    return nexts;
  }

  private void merge(int at, int rank) {
    int removed = nexts[at];
    int next = nexts[removed];
    ids[at] = table.result(rank);
    nexts[at] = next;
    ranks[removed] = REMOVED;
    if (next < ids.length) {
      previous[next] = at;
    }
    rank(at);
    if (previous[at] >= 0) {
      rank(previous[at]);
    }
  }

  /** Looks up the pair that begins at a place. */
  private void rank(int at) {
    int next = nexts[at];
    ranks[at] = next < ids.length ? table.rank(ids[at], ids[next]) : MergeTable.NONE;
    if (ranks[at] != MergeTable.NONE) {
      push((long) ranks[at] << Integer.SIZE | at);
    }
  }

  private void push(long entry) {
    if (heapSize == heap.length) {
      heap = Arrays.copyOf(heap, 2 * heapSize);
    }
    int at = heapSize++;
    while (at > 0 && heap[at - 1 >> 1] > entry) {
      heap[at] = heap[at - 1 >> 1];
      at = at - 1 >> 1;
    }
    heap[at] = entry;
  }

  private long pop() {
    long top = heap[0];
    long last = heap[--heapSize];
    int at = 0;
    while (2 * at + 1 < heapSize) {
      int child = 2 * at + 1;
      if (child + 1 < heapSize && heap[child + 1] < heap[child]) {
        child++;
      }
      if (heap[child] >= last) {
        break;
      }
      heap[at] = heap[child];
      at = child;
    }
    heap[at] = last;
    return top;
  }
}
