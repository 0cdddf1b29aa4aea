package org.lanewise.nn.train;

import java.util.Collections;
import java.util.Comparator;
import org.lanewise.kernels.op.Ranges;

/** Stops when the validation loss no longer falls. */
final class EarlyStopping implements Callback {
  private final int patience;

  EarlyStopping(int patience) {
    Ranges.atLeast("patience", 1, patience);
    this.patience = patience;
  }

  @Override
  public void onEpoch(Trainer trainer, EpochResult result) {
    if (result.validation() == null) {
      throw new IllegalStateException("early stopping needs a validation set");
    }
    EpochResult best =
        Collections.min(
            trainer.history().epochs(),
            Comparator.comparingDouble(epoch -> epoch.validation().loss()));
    if (result.epoch() - best.epoch() >= patience) {
      trainer.stop();
    }
  }
}
