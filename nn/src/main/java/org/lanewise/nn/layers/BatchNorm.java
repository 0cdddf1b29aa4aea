package org.lanewise.nn.layers;

import org.lanewise.nn.Layer;
import org.lanewise.nn.Name;
import org.lanewise.nn.Parameter;
import org.lanewise.nn.State;
import org.lanewise.nn.Tensor;

/**
 * Batch norm of the channels, axis 1; see {@link Tensor#batchNorm}.
 *
 * @param weight [channels]
 * @param bias [channels]
 * @param runningMean [channels]
 * @param runningVariance [channels]
 * @param momentum part of a batch's statistics in the new running ones, in [0, 1]
 * @param epsilon at least 0
 */
public record BatchNorm(
    Parameter weight,
    Parameter bias,
    @Name("running_mean") State runningMean,
    @Name("running_var") State runningVariance,
    float momentum,
    float epsilon)
    implements Layer {
  @Override
  public Tensor forward(Tensor x) {
    return x.batchNorm(weight, bias, runningMean, runningVariance, momentum, epsilon);
  }
}
