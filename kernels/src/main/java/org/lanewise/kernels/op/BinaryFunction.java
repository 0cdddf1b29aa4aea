package org.lanewise.kernels.op;

/** A function of two elements x and y. */
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
  MINIMUM
}
