package org.lanewise.nn.train;

import java.util.Optional;

/** The loss became NaN or infinite. */
public final class DivergedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private DivergedException(String message) {
    super(message);
  }

  /**
   * An exception that says what is known of the cause.
   *
   * @param nonFinite the first op of the step whose inputs were not finite, and their ranges, where
   *     ops are watched
   */
  static DivergedException of(double loss, int epoch, long step, Optional<String> nonFinite) {
    String cause =
        nonFinite
            .map("no op made that from finite inputs; the first that had others was "::concat)
            .orElse("a lower learning rate may help");
    return new DivergedException(
        "the loss became %s in epoch %d, step %d: %s".formatted(loss, epoch, step, cause));
  }
}
