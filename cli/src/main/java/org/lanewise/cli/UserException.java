package org.lanewise.cli;

/** A mistake that the user can mend. The message is one line that says what is wrong with what. */
public final class UserException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** An exception with the given message. */
  public UserException(String message) {
    super(message);
  }
}
