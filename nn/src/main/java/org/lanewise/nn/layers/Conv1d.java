package org.lanewise.nn.layers;

import org.lanewise.kernels.op.Window;
import org.lanewise.nn.Init;
import org.lanewise.nn.Layer;
import org.lanewise.nn.PaddingMode;
import org.lanewise.nn.Parameter;
import org.lanewise.nn.Tensor;

/**
 * Convolution of sequences [batch, channels, length].
 *
 * @param weight [filters, channels / groups, kernel]
 * @param bias [filters], or null for none
 * @param window that is moved over the sequences, of height 1
 * @param groups of channels, each with filters of its own
 * @param paddingMode what is before and after the sequences
 */
public record Conv1d(
    Parameter weight, Parameter bias, Window window, long groups, PaddingMode paddingMode)
    implements Layer {
  static Conv1d of(long channels, long filters, int kernel) {
    long[] dimensions = {filters, channels, kernel};
    return new Conv1d(
        Filters.weight(dimensions),
        Filters.bias(filters, dimensions),
        Window.of(1, kernel),
        1,
        PaddingMode.ZEROS);
  }

  /** This layer with margins of so many elements before and after the sequences. */
  public Conv1d padding(int elements) {
    return window(window.withPadding(0, elements));
  }

  /** This layer with something else than zeros in the margins. */
  public Conv1d paddingMode(PaddingMode mode) {
    return new Conv1d(weight, bias, window, groups, mode);
  }

  /** This layer with windows that are so many elements apart. */
  public Conv1d stride(int elements) {
    return window(window.withStride(1, elements));
  }

  /** This layer with windows whose elements are so far apart. */
  public Conv1d dilation(int elements) {
    return window(window.withDilation(1, elements));
  }

  /**
   * This layer with so many groups, and new parameters.
   *
   * @throws IllegalArgumentException if they do not divide the channels and the filters
   */
  public Conv1d groups(long count) {
    long[] dimensions = Filters.grouped(weight, groups, count);
    Parameter newBias = bias == null ? null : Filters.bias(dimensions[0], dimensions);
    return new Conv1d(Filters.weight(dimensions), newBias, window, count, paddingMode);
  }

  /** This layer with no bias. */
  public Conv1d withoutBias() {
    return new Conv1d(weight, null, window, groups, paddingMode);
  }

  /** This layer with a weight that starts otherwise. */
  public Conv1d weight(Init init) {
    return new Conv1d(Parameter.of(init, weight.shape()), bias, window, groups, paddingMode);
  }

  private Conv1d window(Window other) {
    return new Conv1d(weight, bias, other, groups, paddingMode);
  }

  @Override
  public Tensor forward(Tensor x) {
    Tensor padded = Filters.padded(x.inLayerOf(weight), window, paddingMode);
    Window inside = Filters.inside(window, paddingMode);
    return bias == null
        ? padded.conv1d(weight, inside, groups)
        : padded.conv1d(weight, bias, inside, groups);
  }
}
