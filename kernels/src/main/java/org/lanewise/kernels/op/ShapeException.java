package org.lanewise.kernels.op;

/** Operands do not fit an op. The message names the op, the operand and both types. */
public final class ShapeException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  /** An exception with the given message. */
  public ShapeException(String message) {
    super(message);
  }
}
