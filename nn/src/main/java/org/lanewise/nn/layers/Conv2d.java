package org.lanewise.nn.layers;

import org.lanewise.kernels.op.Window;
import org.lanewise.nn.Init;
import org.lanewise.nn.Layer;
import org.lanewise.nn.PaddingMode;
import org.lanewise.nn.Parameter;
import org.lanewise.nn.Tensor;

/**
 * Convolution of images [batch, channels, height, width].
 *
 * @param weight [filters, channels / groups, kernelHeight, kernelWidth]
 * @param bias [filters], or null for none
 * @param window that is moved over the images
 * @param groups of channels, each with filters of its own
 * @param paddingMode what is around the images
 */
public record Conv2d(
    Parameter weight, Parameter bias, Window window, long groups, PaddingMode paddingMode)
    implements Layer {
  static Conv2d of(long channels, long filters, Window window) {
    long[] dimensions = {filters, channels, window.kernelHeight(), window.kernelWidth()};
    return new Conv2d(
        Filters.weight(dimensions),
        Filters.bias(filters, dimensions),
        window,
        1,
        PaddingMode.ZEROS);
  }

  /** This layer with a margin of so many pixels around the images. */
  public Conv2d padding(int pixels) {
    return padding(pixels, pixels);
  }

  /** This layer with other margins above and below the images than on the left and right. */
  public Conv2d padding(int height, int width) {
    return window(window.withPadding(height, width));
  }

  /** This layer with something else than zeros in the margins. */
  public Conv2d paddingMode(PaddingMode mode) {
    return new Conv2d(weight, bias, window, groups, mode);
  }

  /** This layer with windows that are so many pixels apart. */
  public Conv2d stride(int pixels) {
    return stride(pixels, pixels);
  }

  /** This layer with windows that are so many rows and columns apart. */
  public Conv2d stride(int height, int width) {
    return window(window.withStride(height, width));
  }

  /** This layer with windows whose pixels are so far apart. */
  public Conv2d dilation(int pixels) {
    return dilation(pixels, pixels);
  }

  /** This layer with windows whose pixels are so many rows and columns apart. */
  public Conv2d dilation(int height, int width) {
    return window(window.withDilation(height, width));
  }

  /**
   * This layer with so many groups, and new parameters.
   *
   * @throws IllegalArgumentException if they do not divide the channels and the filters
   */
  public Conv2d groups(long count) {
    long[] dimensions = Filters.grouped(weight, groups, count);
    Parameter newBias = bias == null ? null : Filters.bias(dimensions[0], dimensions);
    return new Conv2d(Filters.weight(dimensions), newBias, window, count, paddingMode);
  }

  /** This layer with no bias. */
  public Conv2d withoutBias() {
    return new Conv2d(weight, null, window, groups, paddingMode);
  }

  /** This layer with a weight that starts otherwise. */
  public Conv2d weight(Init init) {
    return new Conv2d(Parameter.of(init, weight.shape()), bias, window, groups, paddingMode);
  }

  private Conv2d window(Window other) {
    return new Conv2d(weight, bias, other, groups, paddingMode);
  }

  @Override
  public Tensor forward(Tensor x) {
    Tensor padded = Filters.padded(x.inLayerOf(weight), window, paddingMode);
    Window inside = Filters.inside(window, paddingMode);
    return bias == null
        ? padded.conv2d(weight, inside, groups)
        : padded.conv2d(weight, bias, inside, groups);
  }
}
