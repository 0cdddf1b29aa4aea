package org.lanewise.nn.data;

/** The batches of an epoch, one after the other. */
public sealed interface Epoch extends AutoCloseable permits ReadingEpoch, PrefetchingEpoch {
  /** The next batch, or null after the last one. The batch before it is no longer valid. */
  Batch next();

  /** Ends the reading. */
  @Override
  void close();
}
