package org.lanewise.nn.data;

import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.LongUnaryOperator;
import java.util.random.RandomGenerator;
import org.lanewise.nn.Signature;
import org.lanewise.nn.Streams;

/**
 * Samples by index: in memory, mapped, computed, or made of those of another data set. Each sample
 * has the tensors of one signature.
 *
 * <p>A data set may be read by another thread than the one that trains, one at a time. What a
 * sample holds is a function of its index, and of {@link Sample#random} where it is augmented.
 */
public interface Dataset {
  /** Number of samples. */
  long size();

  /** Names and types of the tensors of one sample. */
  Signature signature();

  /**
   * How long samples are that differ in it: for the name of each tensor whose axis 0 varies, its
   * length by the sample's index. The signature has the longest. None varies unless this says so.
   */
  default Map<String, LongUnaryOperator> lengths() {
    return Map.of();
  }

  /**
   * Reads a sample.
   *
   * @param index in 0..size−1
   * @param into where its tensors go, all of them
   */
  void read(long index, Sample into);

  /**
   * These samples, each changed after it is read: {@code images.map((sample, random) -> …)} flips
   * some of them. A function that draws its random numbers from those that it is given makes the
   * same samples when a training is resumed.
   *
   * @param change keeps the types
   */
  default Dataset map(BiConsumer<Sample, RandomGenerator> change) {
    return new MappedDataset(this, change);
  }

  /**
   * A view of the samples {@code from ≤ i < to}.
   *
   * @throws IndexOutOfBoundsException if there are not that many
   */
  default Dataset slice(long from, long to) {
    Objects.checkFromToIndex(from, to, size());
    return new DatasetView(this, to - from, index -> from + index);
  }

  /**
   * Splits off a random part, say for validation.
   *
   * @param fraction the share of the second part, in [0, 1]
   * @throws IllegalArgumentException if the fraction is out of range
   */
  default Split split(double fraction, long seed) {
    if (!(fraction >= 0 && fraction <= 1)) {
      throw new IllegalArgumentException("fraction must be in [0, 1] but is " + fraction);
    }
    Order order = Order.shuffled(size(), seed, Streams.of("split"));
    long first = size() - Math.round(size() * fraction);
    return new Split(
        new DatasetView(this, first, order::at),
        new DatasetView(this, size() - first, index -> order.at(first + index)));
  }

  /**
   * The two parts of a data set.
   *
   * @param train the larger part, as a rule
   * @param validation the part that training does not see
   */
  record Split(Dataset train, Dataset validation) {}
}
