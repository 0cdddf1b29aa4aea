package org.lanewise.ffi.opencl;

/** A call to OpenCL failed, or did not end in time. The message names the call and its status. */
public class OpenClException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** An exception with the given message. */
  public OpenClException(String message) {
    super(message);
  }
}
