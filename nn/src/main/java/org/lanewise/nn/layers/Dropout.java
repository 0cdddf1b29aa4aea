package org.lanewise.nn.layers;

import org.lanewise.nn.Layer;
import org.lanewise.nn.Tensor;

/**
 * Drops elements in training; see {@link Tensor#dropout}.
 *
 * @param p probability of dropping an element, in [0, 1)
 */
public record Dropout(float p) implements Layer {
  /**
   * Checks the probability.
   *
   * @throws IllegalArgumentException if p is out of range
   */
  public Dropout {
    if (!(p >= 0 && p < 1)) {
      throw new IllegalArgumentException("p must be in [0, 1) but is " + p);
    }
  }

  @Override
  public Tensor forward(Tensor x) {
    return x.dropout(p);
  }
}
