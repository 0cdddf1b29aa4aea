package org.lanewise.nn.train;

/** The loss became NaN or infinite. */
public final class DivergedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  DivergedException(double loss, int epoch, long step) {
    super(
        "the loss became %s in epoch %d, step %d: a lower learning rate may help"
            .formatted(loss, epoch, step));
  }
}
