package org.lanewise.ffi.opencl;

/**
 * There is no OpenCL here. The message is one line that says what is missing and what brings it.
 */
public final class NoOpenClException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** An exception with the given message. */
  public NoOpenClException(String message) {
    super(message);
  }
}
