package org.lanewise.kernels.op;

/**
 * The windows that a convolution or a pooling moves over the planes of images. Along each axis,
 * element k of window i is element {@code i · stride + k · dilation − padding} of the plane, or if
 * there is none, padding.
 *
 * @param kernelHeight rows of a window, at least 1
 * @param kernelWidth columns of a window, at least 1
 * @param strideHeight rows from one window to the next, at least 1
 * @param strideWidth columns from one window to the next, at least 1
 * @param paddingHeight rows added above and below a plane
 * @param paddingWidth columns added on the left and on the right of a plane
 * @param dilationHeight rows from one row of a window to the next, at least 1
 * @param dilationWidth columns from one column of a window to the next, at least 1
 */
public record Window(
    int kernelHeight,
    int kernelWidth,
    int strideHeight,
    int strideWidth,
    int paddingHeight,
    int paddingWidth,
    int dilationHeight,
    int dilationWidth) {
  /**
   * @throws IllegalArgumentException if an argument is out of its range, or a window covers 2^31
   *     rows or columns or more
   */
  public Window {
    Ranges.atLeast("kernelHeight", 1, kernelHeight);
    Ranges.atLeast("kernelWidth", 1, kernelWidth);
    Ranges.atLeast("strideHeight", 1, strideHeight);
    Ranges.atLeast("strideWidth", 1, strideWidth);
    Ranges.atLeast("paddingHeight", 0, paddingHeight);
    Ranges.atLeast("paddingWidth", 0, paddingWidth);
    Ranges.atLeast("dilationHeight", 1, dilationHeight);
    Ranges.atLeast("dilationWidth", 1, dilationWidth);
    requireIntExtent("kernelHeight", kernelHeight, dilationHeight);
    requireIntExtent("kernelWidth", kernelWidth, dilationWidth);
    if ((long) kernelHeight * kernelWidth > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "a kernel must have less than 2^31 elements but is %d × %d"
              .formatted(kernelHeight, kernelWidth));
    }
  }

  /** A square window with stride 1, no padding and no dilation. */
  public static Window of(int kernel) {
    return of(kernel, kernel);
  }

  /** A window with stride 1, no padding and no dilation. */
  public static Window of(int kernelHeight, int kernelWidth) {
    return new Window(kernelHeight, kernelWidth, 1, 1, 0, 0, 1, 1);
  }

  /** This window with the same stride along both axes. */
  public Window withStride(int stride) {
    return withStride(stride, stride);
  }

  /** This window with other strides. */
  public Window withStride(int height, int width) {
    return new Window(
        kernelHeight,
        kernelWidth,
        height,
        width,
        paddingHeight,
        paddingWidth,
        dilationHeight,
        dilationWidth);
  }

  /** This window with the same padding on all sides. */
  public Window withPadding(int padding) {
    return withPadding(padding, padding);
  }

  /** This window with other paddings. */
  public Window withPadding(int height, int width) {
    return new Window(
        kernelHeight,
        kernelWidth,
        strideHeight,
        strideWidth,
        height,
        width,
        dilationHeight,
        dilationWidth);
  }

  /** This window with the same dilation along both axes. */
  public Window withDilation(int dilation) {
    return withDilation(dilation, dilation);
  }

  /** This window with other dilations. */
  public Window withDilation(int height, int width) {
    return new Window(
        kernelHeight,
        kernelWidth,
        strideHeight,
        strideWidth,
        paddingHeight,
        paddingWidth,
        height,
        width);
  }

  /** Elements of a window. */
  public int kernelSize() {
    return kernelHeight * kernelWidth;
  }

  /** Rows from the first to the last of a window, both included. */
  public int extentHeight() {
    return (kernelHeight - 1) * dilationHeight + 1;
  }

  /** Columns from the first to the last of a window, both included. */
  public int extentWidth() {
    return (kernelWidth - 1) * dilationWidth + 1;
  }

  /** Whether windows are the single elements of a plane, each of them. */
  public boolean isPointwise() {
    return kernelSize() == 1
        && strideHeight == 1
        && strideWidth == 1
        && paddingHeight == 0
        && paddingWidth == 0;
  }

  /**
   * Windows along the height: {@code (height + 2 · padding − extent) / stride + 1}.
   *
   * @param height of a plane, less than 2^31
   * @throws IllegalArgumentException if not one window fits
   */
  public long outputHeight(long height) {
    return windows("height", height, extentHeight(), paddingHeight, strideHeight);
  }

  /**
   * Windows along the width: {@code (width + 2 · padding − extent) / stride + 1}.
   *
   * @param width of a plane, less than 2^31
   * @throws IllegalArgumentException if not one window fits
   */
  public long outputWidth(long width) {
    return windows("width", width, extentWidth(), paddingWidth, strideWidth);
  }

  /** {@link #outputHeight(long)} for a plane in an array. */
  public int outputHeight(int height) {
    return Math.toIntExact(outputHeight((long) height));
  }

  /** {@link #outputWidth(long)} for a plane in an array. */
  public int outputWidth(int width) {
    return Math.toIntExact(outputWidth((long) width));
  }

  /**
   * Refuses planes that are too large: with padding they have less than 2^30 elements.
   *
   * @throws IllegalArgumentException if they have more
   */
  public void requirePlane(long height, long width) {
    long limit = 1 << 30;
    double padded = (height + 2d * paddingHeight) * (width + 2d * paddingWidth);
    if (height >= limit || width >= limit || padded >= limit) {
      throw new IllegalArgumentException(
          "a plane must have less than 2^30 elements, but is %d × %d with padding %d, %d"
              .formatted(height, width, paddingHeight, paddingWidth));
    }
  }

  private static long windows(String axis, long size, long extent, long padding, long stride) {
    if (size + 2 * padding < extent) {
      throw new IllegalArgumentException(
          "%s %d with padding %d is less than the %d that a window covers"
              .formatted(axis, size, padding, extent));
    }
    return (size + 2 * padding - extent) / stride + 1;
  }

  private static void requireIntExtent(String name, long kernel, long dilation) {
    if ((kernel - 1) * dilation >= Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "%s %d with dilation %d must cover less than 2^31".formatted(name, kernel, dilation));
    }
  }
}
