package org.lanewise.nn.train;

/** Stops when the validation loss no longer falls. */
final class EarlyStopping implements Callback {
  private final int patience;
  private double best = Double.POSITIVE_INFINITY;
  private int epochsSinceBest;

  EarlyStopping(int patience) {
    if (patience < 1) {
      throw new IllegalArgumentException("patience must be at least 1 but is " + patience);
    }
    this.patience = patience;
  }

  @Override
  public void onEpoch(Trainer trainer, EpochResult result) {
    if (result.validation() == null) {
      throw new IllegalStateException("early stopping needs a validation set");
    }
    if (result.validation().loss() < best) {
      best = result.validation().loss();
      epochsSinceBest = 0;
    } else if (++epochsSinceBest >= patience) {
      trainer.stop();
    }
  }
}
