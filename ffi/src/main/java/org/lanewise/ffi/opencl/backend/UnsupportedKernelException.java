package org.lanewise.ffi.opencl.backend;

/** A kernel needs what the device does not have; the message says what. */
final class UnsupportedKernelException extends RuntimeException {
  private static final long serialVersionUID = 1;

  UnsupportedKernelException(String message) {
    super(message);
  }
}
