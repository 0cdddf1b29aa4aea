package org.lanewise.nn.data;

import java.util.Arrays;
import java.util.function.LongUnaryOperator;
import org.lanewise.nn.Streams;

/**
 * An order that brings samples of similar length into the same batch: as many samples of another
 * order as make some batches are sorted by length and cut into batches, and if the epoch is
 * shuffled, so are these. A last batch that is shorter than the others stays the last one.
 */
final class LengthOrder implements Order {
  private static final int BATCHES = 64;

  private final Order order;
  private final LongUnaryOperator length;
  private final long samples;
  private final int batch;
  private final boolean shuffles;
  private final long seed;
  private final int epoch;
  private final int window;
  private long current = -1;
  private long[] indices;

  /**
   * Another order by length.
   *
   * @param order of the samples otherwise
   * @param length of each sample, by index
   * @param samples of an epoch
   * @param batch samples in a batch, at most those of an epoch
   * @param shuffles whether batches come in a random order, which depends on seed and epoch
   */
  LengthOrder(
      Order order,
      LongUnaryOperator length,
      long samples,
      int batch,
      boolean shuffles,
      long seed,
      int epoch) {
    this.order = order;
    this.length = length;
    this.samples = samples;
    this.batch = batch;
    this.shuffles = shuffles;
    this.seed = seed;
    this.epoch = epoch;
    window = batch * Math.clamp(MOST_IN_MEMORY / batch, 1, BATCHES);
  }

  @Override
  public long at(long position) {
    if (position / window != current) {
      current = position / window;
      indices = sorted((int) Math.min(window, samples - current * window));
    }
    return indices[(int) (position % window)];
  }

  /** The indices of the current window, which has so many samples. */
  private long[] sorted(int count) {
    long[] unsorted = new long[count];
    long[] keys = new long[count]; // of equal lengths, what comes first stays first
    for (int i = 0; i < count; i++) {
      unsorted[i] = order.at(current * window + i);
      keys[i] = (long) Math.toIntExact(length.applyAsLong(unsorted[i])) << Integer.SIZE | i;
    }
    Arrays.sort(keys);
    int whole = count / batch;
    Order batches = shuffles ? Order.shuffled(whole, seed, stream()) : Order.identity();
    long[] sorted = new long[count];
    for (int i = 0; i < count; i++) {
      int from = i / batch < whole ? (int) batches.at(i / batch) * batch + i % batch : i;
      sorted[i] = unsorted[(int) keys[from]];
    }
    return sorted;
  }

  private long stream() {
    return Streams.of("batches %d of epoch %d".formatted(current, epoch));
  }
}
