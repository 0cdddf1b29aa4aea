package org.lanewise.nn.train;

import org.lanewise.kernels.op.Ranges;
import org.lanewise.kernels.op.UpdateOp;

/**
 * Stochastic gradient descent, as {@link UpdateOp.Sgd} says.
 *
 * @param learningRate step size, at least 0
 * @param momentum μ, in [0, 1), and above 0 for Nesterov's
 * @param dampening τ, in [0, 1], and 0 without momentum or with Nesterov's
 * @param nesterov whether the momentum is Nesterov's
 * @param weightDecay λ, at least 0
 */
public record Sgd(
    double learningRate, double momentum, double dampening, boolean nesterov, double weightDecay)
    implements Rule.Fused {
  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if a number is out of its range
   */
  public Sgd {
    Ranges.atLeastZero("learningRate", learningRate);
    new UpdateOp.Sgd(momentum, dampening, nesterov, weightDecay);
  }

  /** The same with Nesterov's momentum. */
  public Sgd withNesterov() {
    return new Sgd(learningRate, momentum, dampening, true, weightDecay);
  }

  /** The same with dampening. */
  public Sgd withDampening(double dampening) {
    return new Sgd(learningRate, momentum, dampening, nesterov, weightDecay);
  }

  @Override
  public Sgd withLearningRate(double learningRate) {
    return new Sgd(learningRate, momentum, dampening, nesterov, weightDecay);
  }

  @Override
  public Sgd withWeightDecay(double weightDecay) {
    return new Sgd(learningRate, momentum, dampening, nesterov, weightDecay);
  }

  @Override
  public UpdateOp op() {
    return new UpdateOp.Sgd(momentum, dampening, nesterov, weightDecay);
  }

  @Override
  public double moment1Factor(long step) {
    return UpdateOp.Sgd.gain(dampening, step);
  }
}
