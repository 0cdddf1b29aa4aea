package org.lanewise.kernels.op;

/** A function of two elements x and y. Comparisons give 1 where they hold and 0 elsewhere. */
public enum BinaryFunction {
  /** {@code x + y}. */
  ADD,
  /** {@code x − y}. */
  SUBTRACT,
  /** {@code x · y}. */
  MULTIPLY,
  /** {@code x / y}. */
  DIVIDE,
  /** The larger one; NaN if one is NaN, and x if they are equal, such as zeros of either sign. */
  MAXIMUM,
  /** The smaller one; NaN if one is NaN, and x if they are equal, such as zeros of either sign. */
  MINIMUM,
  /** {@code x < y}. */
  LESS,
  /** {@code x ≤ y}. */
  LESS_OR_EQUAL,
  /** {@code x > y}. */
  GREATER,
  /** {@code x ≥ y}. */
  GREATER_OR_EQUAL,
  /** {@code x = y}; zeros of either sign are equal, NaN and anything are not. */
  EQUAL,
  /** {@code x ≠ y}, where {@link #EQUAL} does not hold. */
  NOT_EQUAL;

  /** Whether the value is 0 or 1, so that there is no gradient. */
  public boolean isComparison() {
    return switch (this) {
      case ADD, SUBTRACT, MULTIPLY, DIVIDE, MAXIMUM, MINIMUM -> false;
      case LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL, EQUAL, NOT_EQUAL -> true;
    };
  }
}
