package org.lanewise.nn.train;

import java.util.List;

/**
 * The epochs of a training, those before a resume included.
 *
 * @param epochs in order
 */
public record History(List<EpochResult> epochs) {
  /** A history of copies. */
  public History {
    epochs = List.copyOf(epochs);
  }

  /**
   * The last epoch.
   *
   * @throws java.util.NoSuchElementException if there is none
   */
  public EpochResult last() {
    return epochs.getLast();
  }
}
