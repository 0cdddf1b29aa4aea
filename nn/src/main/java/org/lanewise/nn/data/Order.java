package org.lanewise.nn.data;

import java.util.Arrays;
import org.lanewise.kernels.Permutations;

/** The order in which samples come. */
interface Order {
  /** Above this number of samples, an order takes no memory for each. */
  int MOST_IN_MEMORY = 1 << 20;

  /** The index of the sample at a position, both from 0. */
  long at(long position);

  /** The order of the data set. */
  static Order identity() {
    return position -> position;
  }

  /**
   * A permutation for each seed and stream. Up to 2²⁰ samples every one is equally likely; that of
   * more is computed by position, and an array of indices is spared.
   */
  static Order shuffled(long size, long seed, long stream) {
    if (size > MOST_IN_MEMORY) {
      return position -> Permutations.at(seed, stream, size, position);
    }
    int[] order = new int[(int) size];
    Arrays.setAll(order, i -> i);
    Permutations.shuffle(seed, stream, order);
    return position -> order[(int) position];
  }
}
