package org.lanewise.kernels.op;

import java.util.function.DoublePredicate;

/**
 * Checks of sizes and hyperparameters. NaN is in no range. But for {@link #finite} and {@link
 * #positive}, numbers are used as floats, whatever they are given as: one has to be in its range as
 * a float too, and one that is not 0 must not become 0.
 */
public final class Ranges {
  private Ranges() {}

  /** An integer that is not less than another. */
  public static void atLeast(String name, long least, long value) {
    if (value < least) {
      throw new IllegalArgumentException(
          "%s must be at least %d but is %d".formatted(name, least, value));
    }
  }

  /** A double that is finite. */
  public static void finite(String name, double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException("%s must be finite but is %s".formatted(name, value));
    }
  }

  /** A double that is above 0 and finite. */
  public static void positive(String name, double value) {
    if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "%s must be above 0 and finite but is %s".formatted(name, value));
    }
  }

  /** A number that is at least 0 and finite. */
  public static void atLeastZero(String name, double value) {
    require(name, value, "at least 0 and finite", x -> x >= 0 && x < Double.POSITIVE_INFINITY);
  }

  /** A number that is above 0 and finite. */
  public static void aboveZero(String name, double value) {
    require(name, value, "above 0 and finite", x -> x > 0 && x < Double.POSITIVE_INFINITY);
  }

  /** A number in [0, 1). */
  public static void belowOne(String name, double value) {
    require(name, value, "in [0, 1)", x -> x >= 0 && x < 1);
  }

  /** A number in [0, 1]. */
  public static void zeroToOne(String name, double value) {
    require(name, value, "in [0, 1]", x -> x >= 0 && x <= 1);
  }

  private static void require(String name, double value, String range, DoublePredicate contains) {
    float rounded = (float) value;
    if (!contains.test(value)) {
      throw new IllegalArgumentException("%s must be %s but is %s".formatted(name, range, value));
    }
    if (!contains.test(rounded) || rounded == 0 && value != 0) {
      throw new IllegalArgumentException(
          "%s must be %s as a float but is %s, which becomes %s"
              .formatted(name, range, value, rounded));
    }
  }
}
