package org.lanewise.nn.layers;

import org.lanewise.nn.Layer;
import org.lanewise.nn.Name;
import org.lanewise.nn.Tensor;

/**
 * {@code y = inner(x) + shortcut(x)} (He et al., CVPR 2016).
 *
 * @param inner whose parameters have names as if they were this layer's own
 * @param shortcut to the shape of what inner returns, with the name that published residual
 *     networks give it
 */
public record Residual(@Name("") Layer inner, @Name("downsample") Layer shortcut) implements Layer {
  @Override
  public Tensor forward(Tensor x) {
    Tensor y = shortcut.forward(x);
    return inner.forward(x).add(y);
  }
}
