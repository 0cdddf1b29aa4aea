package org.lanewise.kernels.op;

/**
 * The sizes of a recurrent layer's run over a batch of sequences, and its direction.
 *
 * <p>A step is a position in the order in which times are run through: from the first to the last,
 * or in reverse. Where sequences have lengths, a time that is not less than the length of a row is
 * beyond its end, and leaves the row's state alone.
 *
 * @param batch sequences
 * @param time of the longest of them
 * @param hidden elements of a state
 * @param reverse whether a sequence is read from its end to its beginning
 */
public record RecurrentShape(int batch, int time, int hidden, boolean reverse) {
  /**
   * Checks the sizes.
   *
   * @throws IllegalArgumentException if one is negative
   */
  public RecurrentShape {
    notNegative("batch", batch);
    notNegative("time", time);
    notNegative("hidden", hidden);
  }

  private static void notNegative(String name, int value) {
    if (value < 0) {
      throw new IllegalArgumentException(
          "%s must not be negative but is %d".formatted(name, value));
    }
  }

  /** The time of a step. */
  public int timeOf(int step) {
    return reverse ? time - 1 - step : step;
  }

  /** The time whose state a row of some length has before a time, or −1 for its initial state. */
  public int before(int t, int length) {
    int before = reverse ? t + 1 : t - 1;
    return before < length ? before : -1;
  }

  /**
   * What the steps of one row are worth in elements, by which threads share out the rows.
   *
   * @param gates of a cell
   */
  public double work(int gates) {
    // Products run 16 multiply-adds in the time of one element that a function is computed of.
    return (double) time * gates * hidden * (1 + hidden / 16.0);
  }
}
