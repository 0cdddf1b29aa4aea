package org.lanewise.kernels.op;

/** Checks of hyperparameters; NaN is in no range. */
final class Ranges {
  private Ranges() {}

  static void atLeastZero(String name, double value) {
    require(value >= 0 && value < Double.POSITIVE_INFINITY, name, "at least 0 and finite", value);
  }

  static void aboveZero(String name, double value) {
    require(value > 0 && value < Double.POSITIVE_INFINITY, name, "above 0 and finite", value);
  }

  static void belowOne(String name, double value) {
    require(value >= 0 && value < 1, name, "in [0, 1)", value);
  }

  static void zeroToOne(String name, double value) {
    require(value >= 0 && value <= 1, name, "in [0, 1]", value);
  }

  private static void require(boolean holds, String name, String range, double value) {
    if (!holds) {
      throw new IllegalArgumentException("%s must be %s but is %s".formatted(name, range, value));
    }
  }
}
