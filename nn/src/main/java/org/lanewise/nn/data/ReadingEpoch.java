package org.lanewise.nn.data;

/** An epoch that is read on the calling thread. */
final class ReadingEpoch implements Epoch {
  private final Dataset dataset;
  private final int[] order;
  private final long samples;
  private final int size;
  private final Batch batch;
  private long done;

  /**
   * Starts to read.
   *
   * @param order of the samples, or null for that of the data set
   * @param done samples of the epoch to leave out
   */
  ReadingEpoch(Dataset dataset, int[] order, long samples, int size, long done) {
    this.dataset = dataset;
    this.order = order;
    this.samples = samples;
    this.size = capacity(size, samples);
    this.done = done;
    batch = newBatch();
  }

  private static int capacity(int size, long samples) {
    return (int) Math.min(size, samples);
  }

  /** Memory for a batch of this epoch. */
  Batch newBatch() {
    return new Batch(dataset.signature(), size);
  }

  @Override
  public Batch next() {
    return next(batch) ? batch : null;
  }

  /** Reads the next batch into the given memory; whether there is one. */
  boolean next(Batch into) {
    int count = (int) Math.min(size, samples - done);
    if (count <= 0) {
      return false;
    }
    into.fill(dataset, order, done, count);
    done += count;
    return true;
  }

  @Override
  public void close() {}
}
