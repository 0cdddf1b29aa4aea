package org.lanewise.nn.train;

import org.lanewise.kernels.op.Ranges;
import org.lanewise.kernels.op.UpdateOp;

/**
 * Adam, AdamW and AMSGrad, as {@link UpdateOp.Adam} says.
 *
 * @param learningRate step size, at least 0
 * @param beta1 β₁, in [0, 1)
 * @param beta2 β₂, in [0, 1)
 * @param epsilon ε, above 0
 * @param weightDecay λ, at least 0
 * @param decoupled whether the decay is taken from the parameter (AdamW) or added to the gradient
 * @param amsGrad whether steps are divided by the root of the largest second moment so far
 * @param biasCorrection whether the moments are corrected for starting at 0, as the paper does;
 *     without it the first step has length lr·(1−β₁)/√(1−β₂), whatever the gradient
 */
public record Adam(
    double learningRate,
    double beta1,
    double beta2,
    double epsilon,
    double weightDecay,
    boolean decoupled,
    boolean amsGrad,
    boolean biasCorrection)
    implements Rule.Fused {
  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if a number is out of its range
   */
  public Adam {
    Ranges.atLeastZero("learningRate", learningRate);
    Ranges.aboveZero("epsilon", epsilon);
    new UpdateOp.Adam(beta1, beta2, epsilon, weightDecay, decoupled, amsGrad);
  }

  /** The same with other decays of the moments. */
  public Adam withBetas(double beta1, double beta2) {
    return new Adam(
        learningRate, beta1, beta2, epsilon, weightDecay, decoupled, amsGrad, biasCorrection);
  }

  /** The same with another ε. */
  public Adam withEpsilon(double epsilon) {
    return new Adam(
        learningRate, beta1, beta2, epsilon, weightDecay, decoupled, amsGrad, biasCorrection);
  }

  /** The same as AMSGrad. */
  public Adam withAmsGrad() {
    return new Adam(
        learningRate, beta1, beta2, epsilon, weightDecay, decoupled, true, biasCorrection);
  }

  /** The same with moments that are not corrected for starting at 0. */
  public Adam withoutBiasCorrection() {
    return new Adam(learningRate, beta1, beta2, epsilon, weightDecay, decoupled, amsGrad, false);
  }

  @Override
  public Adam withLearningRate(double learningRate) {
    return new Adam(
        learningRate, beta1, beta2, epsilon, weightDecay, decoupled, amsGrad, biasCorrection);
  }

  @Override
  public Adam withWeightDecay(double weightDecay) {
    return new Adam(
        learningRate, beta1, beta2, epsilon, weightDecay, decoupled, amsGrad, biasCorrection);
  }

  @Override
  public UpdateOp op() {
    return new UpdateOp.Adam(beta1, beta2, epsilon, weightDecay, decoupled, amsGrad);
  }

  @Override
  public double moment1Factor(long step) {
    return biasCorrection ? UpdateOp.Adam.moment1Correction(beta1, step) : 1;
  }

  @Override
  public double moment2Factor(long step) {
    return biasCorrection ? UpdateOp.Adam.moment2Correction(beta2, step) : 1;
  }
}
