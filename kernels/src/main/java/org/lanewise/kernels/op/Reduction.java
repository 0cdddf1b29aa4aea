package org.lanewise.kernels.op;

/** How a loss is made of those of its rows or elements. */
public enum Reduction {
  /** Their sum, divided by the number of those that count. */
  MEAN,
  /** Their sum. */
  SUM;

  /** What the sum of {@code count} losses is divided by. */
  public double divisor(long count) {
    return this == MEAN ? count : 1;
  }

  /** What the gradient of each of {@code count} losses is multiplied by. */
  public float scale(long count) {
    return this == MEAN ? 1f / count : 1f;
  }
}
