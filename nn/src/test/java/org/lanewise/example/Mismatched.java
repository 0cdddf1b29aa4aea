package org.lanewise.example;

import org.lanewise.nn.Layer;
import org.lanewise.nn.Tensor;
import org.lanewise.nn.layers.Linear;

/** A user's model with a mistake in line 13. */
public record Mismatched(Linear first, Linear second) implements Layer {
  @Override
  public Tensor forward(Tensor x) {
    Tensor hidden = first.forward(x);
    // The second layer takes 500 inputs, not 512.
    return second.forward(hidden);
  }
}
