package org.lanewise.nn.layers;

import org.lanewise.kernels.op.Ranges;
import org.lanewise.nn.Layer;
import org.lanewise.nn.Tensor;

/**
 * Pooling of images [batch, channels, height, width] of any size to one size: of n elements of an
 * axis, window i of m has those from {@code ⌊i·n/m⌋} to before {@code ⌈(i+1)·n/m⌉}, as PyTorch's.
 *
 * @param height of the result, at least 1
 * @param width of the result, at least 1
 */
public record AdaptivePool2d(Pooling pooling, int height, int width) implements Layer {
  /**
   * Checks the size.
   *
   * @throws IllegalArgumentException if it is not at least 1 × 1
   */
  public AdaptivePool2d {
    Ranges.atLeast("height", 1, height);
    Ranges.atLeast("width", 1, width);
  }

  @Override
  public Tensor forward(Tensor x) {
    return AdaptiveWindows.images(pooling, x, height, width);
  }
}
