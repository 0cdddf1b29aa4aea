package org.lanewise.ffi.opencl.backend;

import org.lanewise.kernels.op.Window;

/** What kernels in window.cl take as WINDOW. */
final class Windows {
  private Windows() {}

  /** Adds the sizes of a window, of the planes that it moves over, and of those that it makes. */
  static Launcher.Arguments add(
      Launcher.Arguments arguments, Window window, long height, long width) {
    return arguments
        .integer(window.kernelHeight())
        .integer(window.kernelWidth())
        .integer(window.strideHeight())
        .integer(window.strideWidth())
        .integer(window.paddingHeight())
        .integer(window.paddingWidth())
        .integer(window.dilationHeight())
        .integer(window.dilationWidth())
        .integer(Math.toIntExact(height))
        .integer(Math.toIntExact(width))
        .integer(Math.toIntExact(window.outputHeight(height)))
        .integer(Math.toIntExact(window.outputWidth(width)));
  }
}
