package org.lanewise.nn.layers;

import java.util.Objects;
import org.lanewise.kernels.op.Activation;
import org.lanewise.nn.Layer;
import org.lanewise.nn.Tensor;

/**
 * A function of each element.
 *
 * @param function such as {@link Activation#RELU}
 */
public record Activate(Activation function) implements Layer {
  /** Checks that there is a function. */
  public Activate {
    Objects.requireNonNull(function, "function");
  }

  @Override
  public Tensor forward(Tensor x) {
    return x.activate(function);
  }
}
