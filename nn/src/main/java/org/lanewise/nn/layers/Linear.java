package org.lanewise.nn.layers;

import org.lanewise.nn.Init;
import org.lanewise.nn.Layer;
import org.lanewise.nn.Parameter;
import org.lanewise.nn.Tensor;

/**
 * {@code y = x·Wᵀ + b}.
 *
 * @param weight W [outputs, inputs]
 * @param bias b [outputs], or null for none
 */
public record Linear(Parameter weight, Parameter bias) implements Layer {
  /** This layer with no bias. */
  public Linear withoutBias() {
    return new Linear(weight, null);
  }

  /** This layer with a weight that starts otherwise. */
  public Linear weight(Init init) {
    return new Linear(Parameter.of(init, weight.shape()), bias);
  }

  @Override
  public Tensor forward(Tensor x) {
    return bias == null ? x.linear(weight) : x.linear(weight, bias);
  }
}
