package org.lanewise.nn.text;

/** Places in open-addressed tables whose number of slots is a power of two. */
final class Hashing {
  /** 2 to the 64 divided by the golden ratio (Knuth, The art of computer programming 3, 6.4). */
  private static final long GOLDEN = 0x9e3779b97f4a7c15L;

  private Hashing() {}

  static int slot(long key, int slots) {
    return (int) (key * GOLDEN >>> Integer.numberOfLeadingZeros(slots) + 33) & slots - 1;
  }

  /** A hash of characters. */
  static int of(char[] chars, int from, int to) {
    int hash = 0;
    for (int i = from; i < to; i++) {
      hash = 31 * hash + chars[i];
    }
    return hash;
  }

  /** The table for a number of entries: at most half of it is used. */
  static int slots(int entries) {
    return Math.max(16, Integer.highestOneBit(Math.max(1, entries)) << 2);
  }
}
