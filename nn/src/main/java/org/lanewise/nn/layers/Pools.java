package org.lanewise.nn.layers;

import org.lanewise.kernels.op.Window;

/** The pooling layers, for a static import. */
public final class Pools {
  private Pools() {}

  /** The largest elements of the windows that divide images into squares. */
  public static Pool2d maxPool2d(int side) {
    return new Pool2d(Pooling.MAX, Window.of(side).withStride(side));
  }

  /** The means of the windows that divide images into squares; padding counts as zeros. */
  public static Pool2d averagePool2d(int side) {
    return new Pool2d(Pooling.AVERAGE, Window.of(side).withStride(side));
  }

  /** The largest elements of the windows that divide sequences. */
  public static Pool1d maxPool1d(int length) {
    return new Pool1d(Pooling.MAX, Window.of(1, length).withStride(1, length));
  }

  /** The means of the windows that divide sequences; padding counts as zeros. */
  public static Pool1d averagePool1d(int length) {
    return new Pool1d(Pooling.AVERAGE, Window.of(1, length).withStride(1, length));
  }

  /** The largest elements of as many windows of images as are wanted. */
  public static AdaptivePool2d adaptiveMaxPool2d(int height, int width) {
    return new AdaptivePool2d(Pooling.MAX, height, width);
  }

  /** The means of as many windows of images as are wanted. */
  public static AdaptivePool2d adaptiveAveragePool2d(int height, int width) {
    return new AdaptivePool2d(Pooling.AVERAGE, height, width);
  }

  /** The largest elements of as many windows of sequences as are wanted. */
  public static AdaptivePool1d adaptiveMaxPool1d(int length) {
    return new AdaptivePool1d(Pooling.MAX, length);
  }

  /** The means of as many windows of sequences as are wanted. */
  public static AdaptivePool1d adaptiveAveragePool1d(int length) {
    return new AdaptivePool1d(Pooling.AVERAGE, length);
  }

  /** The largest element of each channel: [batch, channels]. */
  public static GlobalPool globalMaxPool() {
    return new GlobalPool(Pooling.MAX);
  }

  /** The mean of each channel: [batch, channels]. */
  public static GlobalPool globalAveragePool() {
    return new GlobalPool(Pooling.AVERAGE);
  }
}
