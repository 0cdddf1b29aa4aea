package org.lanewise.nn.layers;

import org.lanewise.nn.Layer;
import org.lanewise.nn.Tensor;

/**
 * Some neighbouring axes as one.
 *
 * @param first the first of them, counted from 0, or if negative from the end
 * @param last the last of them
 */
public record Flatten(int first, int last) implements Layer {
  @Override
  public Tensor forward(Tensor x) {
    return x.flatten(first, last);
  }
}
