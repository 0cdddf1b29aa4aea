package org.lanewise.nn.train;

import org.lanewise.kernels.op.Ranges;
import org.lanewise.kernels.op.UpdateOp;

/**
 * Adagrad, as {@link UpdateOp.Adagrad} says.
 *
 * @param learningRate step size, at least 0
 * @param epsilon ε, above 0
 * @param weightDecay λ, at least 0
 */
public record Adagrad(double learningRate, double epsilon, double weightDecay)
    implements Rule.Fused {
  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if a number is out of its range
   */
  public Adagrad {
    Ranges.atLeastZero("learningRate", learningRate);
    Ranges.aboveZero("epsilon", epsilon);
    new UpdateOp.Adagrad(epsilon, weightDecay);
  }

  @Override
  public Adagrad withLearningRate(double learningRate) {
    return new Adagrad(learningRate, epsilon, weightDecay);
  }

  @Override
  public Adagrad withWeightDecay(double weightDecay) {
    return new Adagrad(learningRate, epsilon, weightDecay);
  }

  @Override
  public UpdateOp op() {
    return new UpdateOp.Adagrad(epsilon, weightDecay);
  }
}
