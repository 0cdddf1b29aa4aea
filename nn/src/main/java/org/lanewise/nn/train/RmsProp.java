package org.lanewise.nn.train;

import org.lanewise.kernels.op.Ranges;
import org.lanewise.kernels.op.UpdateOp;

/**
 * RMSprop, as {@link UpdateOp.RmsProp} says.
 *
 * @param learningRate step size, at least 0
 * @param decay ρ, in [0, 1)
 * @param epsilon ε, above 0
 * @param weightDecay λ, at least 0
 * @param momentum μ, in [0, 1)
 * @param centered whether steps are divided by the deviation from the mean gradient
 */
public record RmsProp(
    double learningRate,
    double decay,
    double epsilon,
    double weightDecay,
    double momentum,
    boolean centered)
    implements Rule.Fused {
  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if a number is out of its range
   */
  public RmsProp {
    Ranges.atLeastZero("learningRate", learningRate);
    Ranges.aboveZero("epsilon", epsilon);
    new UpdateOp.RmsProp(decay, epsilon, weightDecay, momentum, centered);
  }

  /** The same with momentum. */
  public RmsProp withMomentum(double momentum) {
    return new RmsProp(learningRate, decay, epsilon, weightDecay, momentum, centered);
  }

  /** The same, centered. */
  public RmsProp withCentering() {
    return new RmsProp(learningRate, decay, epsilon, weightDecay, momentum, true);
  }

  @Override
  public RmsProp withLearningRate(double learningRate) {
    return new RmsProp(learningRate, decay, epsilon, weightDecay, momentum, centered);
  }

  @Override
  public RmsProp withWeightDecay(double weightDecay) {
    return new RmsProp(learningRate, decay, epsilon, weightDecay, momentum, centered);
  }

  @Override
  public UpdateOp op() {
    return new UpdateOp.RmsProp(decay, epsilon, weightDecay, momentum, centered);
  }
}
