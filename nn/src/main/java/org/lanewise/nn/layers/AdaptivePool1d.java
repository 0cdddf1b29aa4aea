package org.lanewise.nn.layers;

import org.lanewise.kernels.op.Ranges;
import org.lanewise.nn.Layer;
import org.lanewise.nn.Tensor;

/**
 * Pooling of sequences [batch, channels, length] of any length to one length, with the windows of
 * {@link AdaptivePool2d}.
 *
 * @param length of the result, at least 1
 */
public record AdaptivePool1d(Pooling pooling, int length) implements Layer {
  /**
   * Checks the length.
   *
   * @throws IllegalArgumentException if it is not at least 1
   */
  public AdaptivePool1d {
    Ranges.atLeast("length", 1, length);
  }

  @Override
  public Tensor forward(Tensor x) {
    return AdaptiveWindows.sequences(pooling, x, length);
  }
}
