package org.lanewise.nn.layers;

import org.lanewise.kernels.op.NormOp;
import org.lanewise.nn.Init;
import org.lanewise.nn.Layer;
import org.lanewise.nn.Parameter;
import org.lanewise.nn.Tensor;

/**
 * Group norm (Wu, He, arXiv 1803.08494): normalizes each sample's elements of a group of
 * neighbouring channels, axis 1, and then scales and shifts each channel. Unlike batch norm it is
 * the same in training and evaluation, and does not depend on the batch.
 *
 * @param groups of equally many channels
 * @param weight [channels]
 * @param bias [channels]
 * @param epsilon at least 0, added to the variance
 */
public record GroupNorm(long groups, Parameter weight, Parameter bias, float epsilon)
    implements Layer {
  /**
   * Group norm with ε 1e-5, which starts as normalization alone.
   *
   * @param groups that divide the channels, 1 to normalize a sample as a whole
   */
  public static GroupNorm of(long groups, long channels) {
    return new GroupNorm(
        groups,
        Parameter.of(Init.ones(), channels),
        Parameter.of(Init.zeros(), channels),
        Layers.NORM_EPSILON);
  }

  /** Normalizes [batch, channels] or [batch, channels, spatial…]. */
  @Override
  public Tensor forward(Tensor x) {
    return x.apply(new NormOp.GroupNorm(groups, epsilon), weight, bias);
  }
}
