package org.lanewise.nn.data;

import java.util.Objects;
import java.util.OptionalLong;
import org.lanewise.nn.Signature;

/**
 * How the samples of a data set are put together, epoch after epoch. Each method changes one
 * setting and returns other batches.
 *
 * @param size samples in a batch, at least 1; the last one of an epoch may be shorter
 * @param shuffled whether each epoch has an order of its own
 * @param shuffleSeed what the order depends on, or nothing for the seed of the training
 * @param dropsLast whether a shorter last batch is left out
 * @param prefetched batches that another thread reads ahead; 0 for none
 */
public record Batches(
    Dataset dataset,
    int size,
    boolean shuffled,
    OptionalLong shuffleSeed,
    boolean dropsLast,
    int prefetched) {
  private static final int USUAL_SIZE = 32;
  private static final int MOST_PREFETCHED = 1 << 10;

  /**
   * Checks the settings.
   *
   * @throws IllegalArgumentException if one is out of range
   */
  public Batches {
    Objects.requireNonNull(dataset, "dataset");
    if (size < 1) {
      throw new IllegalArgumentException("size must be at least 1 but is " + size);
    }
    if (prefetched < 0 || prefetched > MOST_PREFETCHED) {
      throw new IllegalArgumentException(
          "prefetched must be in [0, %d] but is %d".formatted(MOST_PREFETCHED, prefetched));
    }
  }

  /** Batches of 32 samples in the order of the data set. */
  public static Batches of(Dataset dataset) {
    return new Batches(dataset, USUAL_SIZE, false, OptionalLong.empty(), false, 0);
  }

  /** Batches of another size. */
  public Batches size(int samples) {
    return new Batches(dataset, samples, shuffled, shuffleSeed, dropsLast, prefetched);
  }

  /** Batches in an order that depends on the training's seed and the epoch. */
  public Batches shuffle() {
    return new Batches(dataset, size, true, OptionalLong.empty(), dropsLast, prefetched);
  }

  /** Batches in an order that depends on this seed and the epoch. */
  public Batches shuffle(long seed) {
    return new Batches(dataset, size, true, OptionalLong.of(seed), dropsLast, prefetched);
  }

  /** Batches without the last one, if it is shorter. */
  public Batches dropLast(boolean drops) {
    return new Batches(dataset, size, shuffled, shuffleSeed, drops, prefetched);
  }

  /** Batches of which another thread reads some ahead. */
  public Batches prefetch(int count) {
    return new Batches(dataset, size, shuffled, shuffleSeed, dropsLast, count);
  }

  /** Samples of an epoch. */
  public long samples() {
    return dropsLast ? dataset.size() / size * size : dataset.size();
  }

  /** Names and types of the tensors of a whole batch. */
  public Signature signature() {
    return Batch.signature(dataset.signature().types(), size);
  }

  /**
   * Starts an epoch.
   *
   * @param seed of the training
   * @param epoch number of the epoch
   * @param from samples of the epoch to leave out, which were there before
   */
  public Epoch epoch(long seed, int epoch, long from) {
    int[] order = shuffled ? Order.shuffled(dataset.size(), shuffleSeed.orElse(seed), epoch) : null;
    ReadingEpoch reader = new ReadingEpoch(dataset, order, samples(), size, from);
    return prefetched == 0 ? reader : new PrefetchingEpoch(reader, prefetched);
  }
}
