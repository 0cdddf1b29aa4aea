package org.lanewise.kernels;

import java.util.Objects;
import org.lanewise.kernels.scalar.ScalarPhiloxKernels;

/** Permutations from the numbers of {@link Random}. */
public final class Permutations {
  private static final int FEISTEL_ROUNDS = 8;

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

  /**
   * What a permutation of {@code 0..size−1} puts at an index, without memory for the others: a
   * Feistel network of eight rounds (Luby and Rackoff, SIAM Journal on Computing 17(2), 1988) on
   * numbers of as many bits as the largest has, applied until the number is within the range (Black
   * and Rogaway, "Ciphers with Arbitrary Finite Domains", CT-RSA 2002), twice on average at most.
   * There are more permutations than seeds and streams to choose one, so not all can occur.
   *
   * @param size above 0
   * @param index in 0..size−1
   * @throws IllegalArgumentException if the size is not above 0
   * @throws IndexOutOfBoundsException if the index is out of range
   */
  public static long at(long seed, long stream, long size, long index) {
    if (size <= 0) {
      throw new IllegalArgumentException("size must be above 0 but is " + size);
    }
    long number = Objects.checkIndex(index, size);
    int bits = Long.SIZE - Long.numberOfLeadingZeros(size - 1);
    int lowBits = bits / 2;
    do {
      number = feistel(seed, stream, number, bits - lowBits, lowBits);
    } while (number >= size);
    return number;
  }

  /** A permutation of the numbers of so many bits, whose two parts are mixed in turns. */
  private static long feistel(long seed, long stream, long number, int highBits, int lowBits) {
    long high = number >>> lowBits;
    long low = number & mask(lowBits);
    for (int round = 0; round < FEISTEL_ROUNDS; round += 2) {
      high ^= roundWord(seed, stream, round, low) & mask(highBits);
      low ^= roundWord(seed, stream, round + 1, high) & mask(lowBits);
    }
    return high << lowBits | low;
  }

  private static long roundWord(long seed, long stream, int round, long half) {
    return ScalarPhiloxKernels.word(seed, stream, (long) round << Integer.SIZE | half);
  }

  private static long mask(int bits) {
    return (1L << bits) - 1;
  }
}
