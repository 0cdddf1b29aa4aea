package org.lanewise.nn.layers;

import org.lanewise.kernels.op.Window;
import org.lanewise.nn.Layer;
import org.lanewise.nn.Tensor;

/**
 * Pooling of images [batch, channels, height, width].
 *
 * @param window that is moved over the images; without dilation for means
 */
public record Pool2d(Pooling pooling, Window window) implements Layer {
  /** This layer with windows that are so many pixels apart. */
  public Pool2d stride(int pixels) {
    return stride(pixels, pixels);
  }

  /** This layer with windows that are so many rows and columns apart. */
  public Pool2d stride(int height, int width) {
    return new Pool2d(pooling, window.withStride(height, width));
  }

  /** This layer with a margin of so many pixels around the images. */
  public Pool2d padding(int pixels) {
    return padding(pixels, pixels);
  }

  /** This layer with other margins above and below the images than on the left and right. */
  public Pool2d padding(int height, int width) {
    return new Pool2d(pooling, window.withPadding(height, width));
  }

  @Override
  public Tensor forward(Tensor x) {
    return switch (pooling) {
      case MAX -> x.maxPool(window);
      case AVERAGE -> x.averagePool(window, true);
      case AVERAGE_WITHOUT_PADDING -> x.averagePool(window, false);
    };
  }
}
