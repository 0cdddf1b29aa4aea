package org.lanewise.nn.layers;

import org.lanewise.nn.Layer;
import org.lanewise.nn.Parameter;
import org.lanewise.nn.Tensor;

/**
 * RMS norm along the last axis; see {@link Tensor#rmsNorm}.
 *
 * @param weight [width]
 * @param epsilon at least 0
 */
public record RmsNorm(Parameter weight, float epsilon) implements Layer {
  @Override
  public Tensor forward(Tensor x) {
    return x.rmsNorm(weight, epsilon);
  }
}
