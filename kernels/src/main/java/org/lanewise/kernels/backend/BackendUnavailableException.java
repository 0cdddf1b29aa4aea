package org.lanewise.kernels.backend;

/** The chosen device does not exist here. The message is one line for the user. */
public final class BackendUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** An exception with the given message. */
  public BackendUnavailableException(String message) {
    super(message);
  }
}
