package org.lanewise.kernels;

import org.lanewise.kernels.scalar.ScalarPhiloxKernels;

/** Permutations from the numbers of {@link Random}. */
public final class Permutations {
  private Permutations() {}

  /**
   * Permutes an array, every permutation being equally likely: the shuffle of Fisher and Yates with
   * indices that are unbiased by rejection (Lemire, "Fast Random Integer Generation in an
   * Interval", ACM TOMACS 29(1), 2019), from the words of the stream in their order.
   */
  public static void shuffle(long seed, long stream, int[] items) {
    long index = 0;
    for (int bound = items.length; bound > 1; bound--) {
      long product;
      int threshold = Integer.remainderUnsigned(-bound, bound);
      do {
        int word = ScalarPhiloxKernels.word(seed, stream, index++);
        product = Integer.toUnsignedLong(word) * bound;
      } while (Integer.compareUnsigned((int) product, threshold) < 0);
      int chosen = (int) (product >>> 32);
      int item = items[chosen];
      items[chosen] = items[bound - 1];
      items[bound - 1] = item;
    }
  }
}
