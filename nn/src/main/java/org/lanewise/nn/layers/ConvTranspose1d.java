package org.lanewise.nn.layers;

import org.lanewise.kernels.op.Window;
import org.lanewise.nn.Init;
import org.lanewise.nn.Layer;
import org.lanewise.nn.Parameter;
import org.lanewise.nn.Tensor;

/**
 * Transposed convolution of sequences [batch, channels, length]; see {@link
 * Tensor#convTranspose1d}.
 *
 * @param weight [channels, filters / groups, kernel]
 * @param bias [filters], or null for none
 * @param window of the convolution that would go the other way, of height 1
 * @param groups of channels, each with filters of its own
 * @param outputPadding elements that the result has more, less than the stride or the dilation
 */
public record ConvTranspose1d(
    Parameter weight, Parameter bias, Window window, long groups, int outputPadding)
    implements Layer {
  static ConvTranspose1d of(long channels, long filters, int kernel) {
    long[] dimensions = {channels, filters, kernel};
    return new ConvTranspose1d(
        Filters.weight(dimensions), Filters.bias(filters, dimensions), Window.of(1, kernel), 1, 0);
  }

  /** This layer with so many elements less at both ends of the result. */
  public ConvTranspose1d padding(int elements) {
    return window(window.withPadding(0, elements));
  }

  /** This layer with a result that is so many times as long. */
  public ConvTranspose1d stride(int elements) {
    return window(window.withStride(1, elements));
  }

  /** This layer with filters whose elements are so far apart. */
  public ConvTranspose1d dilation(int elements) {
    return window(window.withDilation(1, elements));
  }

  /** This layer with so many elements more at the end of the result. */
  public ConvTranspose1d outputPadding(int elements) {
    return new ConvTranspose1d(weight, bias, window, groups, elements);
  }

  /**
   * This layer with so many groups, and new parameters.
   *
   * @throws IllegalArgumentException if they do not divide the channels and the filters
   */
  public ConvTranspose1d groups(long count) {
    long[] dimensions = Filters.grouped(weight, groups, count);
    Parameter newBias = bias == null ? null : Filters.bias(dimensions[1] * count, dimensions);
    return new ConvTranspose1d(Filters.weight(dimensions), newBias, window, count, outputPadding);
  }

  /** This layer with no bias. */
  public ConvTranspose1d withoutBias() {
    return new ConvTranspose1d(weight, null, window, groups, outputPadding);
  }

  /** This layer with a weight that starts otherwise. */
  public ConvTranspose1d weight(Init init) {
    return new ConvTranspose1d(
        Parameter.of(init, weight.shape()), bias, window, groups, outputPadding);
  }

  private ConvTranspose1d window(Window other) {
    return new ConvTranspose1d(weight, bias, other, groups, outputPadding);
  }

  @Override
  public Tensor forward(Tensor x) {
    return bias == null
        ? x.convTranspose1d(weight, window, groups, outputPadding)
        : x.convTranspose1d(weight, bias, window, groups, outputPadding);
  }
}
