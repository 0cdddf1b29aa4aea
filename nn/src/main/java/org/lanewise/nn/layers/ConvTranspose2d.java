package org.lanewise.nn.layers;

import org.lanewise.kernels.op.Window;
import org.lanewise.nn.Init;
import org.lanewise.nn.Layer;
import org.lanewise.nn.Parameter;
import org.lanewise.nn.Tensor;

/**
 * Transposed convolution of images [batch, channels, height, width]; see {@link
 * Tensor#convTranspose2d}.
 *
 * @param weight [channels, filters / groups, kernelHeight, kernelWidth]
 * @param bias [filters], or null for none
 * @param window of the convolution that would go the other way
 * @param groups of channels, each with filters of its own
 * @param outputPaddingHeight rows that the result has more, less than the stride or the dilation
 * @param outputPaddingWidth columns that the result has more, likewise
 */
public record ConvTranspose2d(
    Parameter weight,
    Parameter bias,
    Window window,
    long groups,
    int outputPaddingHeight,
    int outputPaddingWidth)
    implements Layer {
  static ConvTranspose2d of(long channels, long filters, Window window) {
    long[] dimensions = {channels, filters, window.kernelHeight(), window.kernelWidth()};
    return new ConvTranspose2d(
        Filters.weight(dimensions), Filters.bias(filters, dimensions), window, 1, 0, 0);
  }

  /** This layer with so many pixels less on each side of the result. */
  public ConvTranspose2d padding(int pixels) {
    return padding(pixels, pixels);
  }

  /** This layer with so many rows and columns less on each side of the result. */
  public ConvTranspose2d padding(int height, int width) {
    return window(window.withPadding(height, width));
  }

  /** This layer with a result that is so many times as large. */
  public ConvTranspose2d stride(int pixels) {
    return stride(pixels, pixels);
  }

  /** This layer with a result that is so many times as high and as wide. */
  public ConvTranspose2d stride(int height, int width) {
    return window(window.withStride(height, width));
  }

  /** This layer with filters whose pixels are so far apart. */
  public ConvTranspose2d dilation(int pixels) {
    return dilation(pixels, pixels);
  }

  /** This layer with filters whose pixels are so many rows and columns apart. */
  public ConvTranspose2d dilation(int height, int width) {
    return window(window.withDilation(height, width));
  }

  /** This layer with so many pixels more at the end of both axes of the result. */
  public ConvTranspose2d outputPadding(int pixels) {
    return outputPadding(pixels, pixels);
  }

  /** This layer with so many rows and columns more at the end of the result. */
  public ConvTranspose2d outputPadding(int height, int width) {
    return new ConvTranspose2d(weight, bias, window, groups, height, width);
  }

  /**
   * This layer with so many groups, and new parameters.
   *
   * @throws IllegalArgumentException if they do not divide the channels and the filters
   */
  public ConvTranspose2d groups(long count) {
    long[] dimensions = Filters.grouped(weight, groups, count);
    return new ConvTranspose2d(
        Filters.weight(dimensions),
        bias == null ? null : Filters.bias(dimensions[1] * count, dimensions),
        window,
        count,
        outputPaddingHeight,
        outputPaddingWidth);
  }

  /** This layer with no bias. */
  public ConvTranspose2d withoutBias() {
    return with(weight, null);
  }

  /** This layer with a weight that starts otherwise. */
  public ConvTranspose2d weight(Init init) {
    return with(Parameter.of(init, weight.shape()), bias);
  }

  private ConvTranspose2d with(Parameter newWeight, Parameter newBias) {
    return new ConvTranspose2d(
        newWeight, newBias, window, groups, outputPaddingHeight, outputPaddingWidth);
  }

  private ConvTranspose2d window(Window other) {
    return new ConvTranspose2d(
        weight, bias, other, groups, outputPaddingHeight, outputPaddingWidth);
  }

  @Override
  public Tensor forward(Tensor x) {
    return bias == null
        ? x.convTranspose2d(weight, window, groups, outputPaddingHeight, outputPaddingWidth)
        : x.convTranspose2d(weight, bias, window, groups, outputPaddingHeight, outputPaddingWidth);
  }
}
