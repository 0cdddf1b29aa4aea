package org.lanewise.nn.train;

import java.io.IOException;
import java.nio.file.Path;

/** Watches a training, and may {@link Trainer#stop} it. Runs on the training's thread. */
public interface Callback {
  /**
   * After each batch.
   *
   * @param epoch number of the running epoch, from 1
   * @param samplesDone samples of the epoch that have been trained on
   * @param samples samples of the epoch
   * @param meanLoss mean loss of the epoch so far
   */
  default void onBatch(int epoch, int samplesDone, int samples, double meanLoss) {}

  /** After each epoch and its validation. */
  default void onEpoch(Trainer trainer, EpochResult result) throws IOException {}

  /** When {@code fit} ends because all epochs are done or it was stopped. */
  default void onEnd(Trainer trainer) throws IOException {}

  /** When {@code fit} ends with an exception. */
  default void onFailure() {}

  /** Shows the progress of each epoch on a terminal. */
  static Callback progressBar() {
    return new ProgressBarCallback();
  }

  /** Keeps a checkpoint in a file: after each epoch, and where training is stopped. */
  static Callback checkpoint(Path file) {
    return new CheckpointCallback(file);
  }

  /** Stops when the validation loss has not become lower for {@code patience} epochs. */
  static Callback earlyStopping(int patience) {
    return new EarlyStopping(patience);
  }
}
