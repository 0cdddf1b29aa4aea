package org.lanewise.nn.data;

import org.lanewise.kernels.RandomStream;

/** An epoch that is read on the calling thread. */
final class ReadingEpoch implements Epoch {
  private final Batches batches;
  private final Order order;
  private final RandomStream randoms;
  private Batch batch;
  private long done;

  /**
   * Starts to read.
   *
   * @param randoms of which each sample has a substream
   * @param done samples of the epoch to leave out
   */
  ReadingEpoch(Batches batches, Order order, RandomStream randoms, long done) {
    this.batches = batches;
    this.order = order;
    this.randoms = randoms;
    this.done = done;
  }

  /** Memory for a batch of this epoch. */
  Batch newBatch() {
    return new Batch(batches, randoms);
  }

  @Override
  public Batch next() {
    if (batch == null) {
      batch = newBatch();
    }
    return next(batch) ? batch : null;
  }

  /** Reads the next batch into the given memory; whether there is one. */
  boolean next(Batch into) {
    int count = (int) Math.min(batches.size(), batches.samples() - done);
    if (count <= 0) {
      return false;
    }
    into.fill(order, done, count);
    done += count;
    return true;
  }

  @Override
  public void close() {}
}
