package org.lanewise.nn.train;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * Watches a training, and may {@link Trainer#stop} it. Runs on the training's thread. How far the
 * training has come, the trainer tells.
 */
public interface Callback {
  /** After each step. */
  default void onStep(Trainer trainer) {}

  /** After each epoch and its validation. */
  default void onEpoch(Trainer trainer, EpochResult result) throws IOException {}

  /** When {@code fit} ends because all epochs are done or it was stopped. */
  default void onEnd(Trainer trainer) throws IOException {}

  /** When {@code fit} ends with an exception. */
  default void onFailure() {}

  /** Does something after each step. */
  static Callback eachStep(Consumer<Trainer> action) {
    return new Callback() {
      @Override
      public void onStep(Trainer trainer) {
        action.accept(trainer);
      }
    };
  }

  /** Keeps a checkpoint in a file: after each epoch, and where training is stopped. */
  static Callback checkpoint(Path file) {
    return new CheckpointCallback(file);
  }

  /**
   * Keeps the {@link History} in a file, whole after each epoch, those before a resume included: as
   * JSON if its name ends with {@code .json}, else as CSV.
   */
  static Callback history(Path file) {
    return new HistoryCallback(file);
  }

  /** Stops when the validation loss has not become lower for {@code patience} epochs. */
  static Callback earlyStopping(int patience) {
    return new EarlyStopping(patience);
  }
}
