package org.lanewise.nn.layers;

import org.lanewise.nn.Layer;
import org.lanewise.nn.Parameter;
import org.lanewise.nn.Tensor;

/**
 * A vector for each word of a vocabulary.
 *
 * @param weight [vocabulary, width]
 */
public record Embedding(Parameter weight) implements Layer {
  /** The vectors of i32 indices of any shape: [indices' shape…, width]. */
  @Override
  public Tensor forward(Tensor indices) {
    return indices.embedding(weight);
  }
}
