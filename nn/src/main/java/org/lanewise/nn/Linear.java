package org.lanewise.nn;

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
