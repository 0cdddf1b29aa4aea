package org.lanewise.nn.data;

/** The batches of an epoch, one after the other. */
public sealed interface Epoch extends AutoCloseable permits ReadingEpoch, PrefetchingEpoch {
  /**
   * The next batch, or null after the last one. The batch before it is no longer valid. What the
   * data set throws, this does, wherever it is read; an interrupt of the calling thread is for
   * later.
   *
   * @throws IllegalStateException if the thread that reads ahead was interrupted
   */
  Batch next();

  /** Ends the reading, as soon as the data set is done with the sample that it is at. */
  @Override
  void close();
}
