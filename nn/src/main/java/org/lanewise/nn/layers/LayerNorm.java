package org.lanewise.nn.layers;

import org.lanewise.nn.Layer;
import org.lanewise.nn.Parameter;
import org.lanewise.nn.Tensor;

/**
 * Layer norm along the last axis; see {@link Tensor#layerNorm}.
 *
 * @param weight [width]
 * @param bias [width]
 * @param epsilon at least 0
 */
public record LayerNorm(Parameter weight, Parameter bias, float epsilon) implements Layer {
  @Override
  public Tensor forward(Tensor x) {
    return x.layerNorm(weight, bias, epsilon);
  }
}
