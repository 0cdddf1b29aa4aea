package org.lanewise.nn.data;

import java.util.Arrays;
import org.lanewise.kernels.Permutations;
import org.lanewise.nn.Streams;

/** The order in which the samples of an epoch come. */
final class Order {
  private static final long SHUFFLE = Streams.of("shuffle");

  private Order() {}

  /**
   * Indices from 0.
   *
   * @throws IllegalArgumentException if there are 2³¹ or more
   */
  static int[] identity(long size) {
    if (size > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("%d samples are too many to shuffle".formatted(size));
    }
    int[] order = new int[(int) size];
    Arrays.setAll(order, i -> i);
    return order;
  }

  /** A permutation for each seed and epoch. */
  static int[] shuffled(long size, long seed, int epoch) {
    int[] order = identity(size);
    Permutations.shuffle(seed, SHUFFLE + epoch, order);
    return order;
  }
}
