package org.lanewise.kernels.backend;

/**
 * An op made a NaN or an infinity from finite inputs. The message is one line and names the op, its
 * layer, and the ranges of its inputs.
 */
public final class NonFiniteException extends RuntimeException {
  private static final long serialVersionUID = 1;

  NonFiniteException(String message) {
    super(message);
  }
}
