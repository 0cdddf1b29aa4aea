package org.lanewise.kernels;

import java.util.random.RandomGenerator;
import org.lanewise.kernels.scalar.ScalarPhiloxKernels;

/**
 * The numbers of a stream of {@link Random}, one after the other: {@link #nextInt} is the next word
 * of 32 bits, {@link #nextLong} the next two, and {@link #nextFloat} gives what {@link
 * Random#uniform(long, long, float, float, long, java.lang.foreign.MemorySegment)} writes for [0,
 * 1). All else is made of these as {@link RandomGenerator} says.
 */
public final class RandomStream implements RandomGenerator {
  private final long seed;
  private final long stream;
  private long index;

  /** A stream from its first number. */
  public RandomStream(long seed, long stream) {
    this.seed = seed;
    this.stream = stream;
  }

  /**
   * One of 2⁶³ streams, each of which has a number of its own that this one decides, however many
   * of its numbers were drawn: words {@code 2 · number} and {@code 2 · number + 1}. Two of n such
   * streams are the same with a probability of n² / 2⁶⁵.
   */
  public RandomStream substream(long number) {
    return new RandomStream(seed, twoWords(2 * number));
  }

  private int word(long at) {
    return ScalarPhiloxKernels.word(seed, stream, at);
  }

  private long twoWords(long at) {
    return (long) word(at) << Integer.SIZE | Integer.toUnsignedLong(word(at + 1));
  }

  @Override
  public int nextInt() {
    return word(index++);
  }

  @Override
  public long nextLong() {
    long number = twoWords(index);
    index += 2;
    return number;
  }
}
