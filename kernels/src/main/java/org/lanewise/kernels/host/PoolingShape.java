package org.lanewise.kernels.host;

import org.lanewise.kernels.op.Window;

/** Sizes of a pooling: planes of x [height, width] become planes of y with the window's sizes. */
public record PoolingShape(Window window, long height, long width) {

  public long outputHeight() {
    return window.outputHeight(height);
  }

  public long outputWidth() {
    return window.outputWidth(width);
  }

  /** Elements of an input plane. */
  public long plane() {
    return height * width;
  }

  /** Elements of an output plane. */
  public long outputPlane() {
    return outputHeight() * outputWidth();
  }

  /** Whether the one window is the plane. */
  public boolean isGlobal() {
    return window.kernelHeight() == height
        && window.kernelWidth() == width
        && window.paddingHeight() == 0
        && window.paddingWidth() == 0
        && window.dilationHeight() == 1
        && window.dilationWidth() == 1;
  }

  /** Rows of a window, in a row of the output, that are no padding. */
  public long rowsInside(long outputRow) {
    return inside(
        outputRow * window.strideHeight() - window.paddingHeight(),
        window.dilationHeight(),
        window.kernelHeight(),
        height);
  }

  /** Columns of a window, in a column of the output, that are no padding. */
  public long columnsInside(long outputColumn) {
    return inside(
        outputColumn * window.strideWidth() - window.paddingWidth(),
        window.dilationWidth(),
        window.kernelWidth(),
        width);
  }

  private static long inside(long first, long dilation, long kernel, long size) {
    long from = first < 0 ? (-first + dilation - 1) / dilation : 0;
    long to = first >= size ? 0 : Math.min(kernel, (size - 1 - first) / dilation + 1);
    return Math.max(0, to - from);
  }
}
