package org.lanewise.nn.data;

import java.util.Objects;
import org.lanewise.kernels.Permutations;
import org.lanewise.nn.Signature;
import org.lanewise.nn.Streams;

/**
 * Samples by index: in memory, mapped, computed, or made of those of another data set. Each sample
 * has the tensors of one signature.
 *
 * <p>A data set may be read by another thread than the one that trains, one at a time. What a
 * sample holds is a function of its index.
 */
public interface Dataset {
  /** Number of samples. */
  long size();

  /** Names and types of the tensors of one sample. */
  Signature signature();

  /**
   * Reads a sample.
   *
   * @param index in 0..size−1
   * @param into where its tensors go, all of them
   */
  void read(long index, Sample into);

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
   * @throws IllegalArgumentException if the fraction is out of range, or there are 2³¹ samples or
   *     more
   */
  default Split split(double fraction, long seed) {
    if (!(fraction >= 0 && fraction <= 1)) {
      throw new IllegalArgumentException("fraction must be in [0, 1] but is " + fraction);
    }
    int[] shuffled = Order.identity(size());
    Permutations.shuffle(seed, Streams.of("split"), shuffled);
    int first = shuffled.length - (int) Math.round(shuffled.length * fraction);
    return new Split(
        new DatasetView(this, first, index -> shuffled[(int) index]),
        new DatasetView(this, shuffled.length - first, index -> shuffled[first + (int) index]));
  }

  /**
   * The two parts of a data set.
   *
   * @param train the larger part, as a rule
   * @param validation the part that training does not see
   */
  record Split(Dataset train, Dataset validation) {}
}
