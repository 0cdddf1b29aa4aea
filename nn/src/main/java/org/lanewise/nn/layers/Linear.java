package org.lanewise.nn.layers;

import org.lanewise.nn.Layer;
import org.lanewise.nn.Parameter;
import org.lanewise.nn.Tensor;

/**
 * {@code y = x·Wᵀ + b}.
 *
 * @param weight W [outputs, inputs]
 * @param bias b [outputs]
 */
public record Linear(Parameter weight, Parameter bias) implements Layer {
  @Override
  public Tensor forward(Tensor x) {
    return x.linear(weight, bias);
  }
}
