package org.lanewise.nn.train;

/** Checks of what settings may be. */
final class Ranges {
  private Ranges() {}

  static void atLeast(String name, long least, long value) {
    if (value < least) {
      throw new IllegalArgumentException(
          "%s must be at least %d but is %d".formatted(name, least, value));
    }
  }

  static void finite(String name, double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException("%s must be finite but is %s".formatted(name, value));
    }
  }

  static void aboveZero(String name, double value) {
    if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "%s must be above 0 and finite but is %s".formatted(name, value));
    }
  }
}
