package org.lanewise.nn.layers;

import org.lanewise.kernels.op.Window;
import org.lanewise.nn.Layer;
import org.lanewise.nn.Tensor;

/**
 * Pooling of sequences [batch, channels, length].
 *
 * @param window that is moved over the sequences, of height 1; without dilation for means
 */
public record Pool1d(Pooling pooling, Window window) implements Layer {
  /** This layer with windows that are so many elements apart. */
  public Pool1d stride(int elements) {
    return new Pool1d(pooling, window.withStride(1, elements));
  }

  /** This layer with margins of so many elements before and after the sequences. */
  public Pool1d padding(int elements) {
    return new Pool1d(pooling, window.withPadding(0, elements));
  }

  @Override
  public Tensor forward(Tensor x) {
    return switch (pooling) {
      case MAX -> x.maxPool1d(window);
      case AVERAGE -> x.averagePool1d(window, true);
      case AVERAGE_WITHOUT_PADDING -> x.averagePool1d(window, false);
    };
  }
}
