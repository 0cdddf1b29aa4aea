package org.lanewise.nn.train;

import org.lanewise.kernels.op.Ranges;
import org.lanewise.kernels.op.UpdateOp;

/** How parameters follow their gradients. The formulas are those of {@link UpdateOp}. */
public sealed interface Optimizer {
  /** Step size. */
  double learningRate();

  /** The op that makes a step. */
  UpdateOp op();

  /** Tensors of the size of the parameters that the optimizer keeps from step to step. */
  int stateTensors();

  /** Correction of the first moment in step {@code step}, counted from 1; 1 if there is none. */
  default double moment1Correction(long step) {
    return 1;
  }

  /** Correction of the root of the second moment in step {@code step}; 1 if there is none. */
  default double moment2Correction(long step) {
    return 1;
  }

  /** Stochastic gradient descent. */
  static Sgd sgd(double learningRate) {
    return new Sgd(learningRate, 0, false, 0);
  }

  /** Stochastic gradient descent with momentum. */
  static Sgd sgd(double learningRate, double momentum) {
    return new Sgd(learningRate, momentum, false, 0);
  }

  /** RMSprop with decay 0.99 and ε 1e-8. */
  static RmsProp rmsProp(double learningRate) {
    return new RmsProp(learningRate, 0.99, 1e-8, 0);
  }

  /** Adagrad with ε 1e-10. */
  static Adagrad adagrad(double learningRate) {
    return new Adagrad(learningRate, 1e-10, 0);
  }

  /** Adam with β₁ 0.9, β₂ 0.999 and ε 1e-8. */
  static Adam adam(double learningRate) {
    return new Adam(learningRate, 0.9, 0.999, 1e-8, 0, false, true);
  }

  /** Adam with decoupled weight decay. */
  static Adam adamW(double learningRate, double weightDecay) {
    return new Adam(learningRate, 0.9, 0.999, 1e-8, weightDecay, true, true);
  }

  /**
   * Stochastic gradient descent.
   *
   * @param learningRate step size, at least 0
   * @param momentum μ, in [0, 1)
   * @param nesterov whether the momentum is Nesterov's
   * @param weightDecay λ, at least 0
   */
  record Sgd(double learningRate, double momentum, boolean nesterov, double weightDecay)
      implements Optimizer {
    /**
     * Checks the ranges, see {@link Ranges}.
     *
     * @throws IllegalArgumentException if a number is out of its range
     */
    public Sgd {
      Ranges.atLeastZero("learningRate", learningRate);
      Ranges.belowOne("momentum", momentum);
      Ranges.atLeastZero("weightDecay", weightDecay);
      if (nesterov && momentum == 0) {
        throw new IllegalArgumentException("Nesterov momentum needs a momentum above 0");
      }
    }

    @Override
    public UpdateOp op() {
      return new UpdateOp.Sgd(momentum, nesterov, weightDecay);
    }

    @Override
    public int stateTensors() {
      return momentum == 0 ? 0 : 1;
    }
  }

  /**
   * RMSprop.
   *
   * @param learningRate step size, at least 0
   * @param decay ρ, in [0, 1)
   * @param epsilon ε, above 0
   * @param weightDecay λ, at least 0
   */
  record RmsProp(double learningRate, double decay, double epsilon, double weightDecay)
      implements Optimizer {
    /**
     * Checks the ranges, see {@link Ranges}.
     *
     * @throws IllegalArgumentException if a number is out of its range
     */
    public RmsProp {
      Ranges.atLeastZero("learningRate", learningRate);
      Ranges.belowOne("decay", decay);
      Ranges.aboveZero("epsilon", epsilon);
      Ranges.atLeastZero("weightDecay", weightDecay);
    }

    @Override
    public UpdateOp op() {
      return new UpdateOp.RmsProp(decay, epsilon, weightDecay);
    }

    @Override
    public int stateTensors() {
      return 1;
    }
  }

  /**
   * Adagrad.
   *
   * @param learningRate step size, at least 0
   * @param epsilon ε, above 0
   * @param weightDecay λ, at least 0
   */
  record Adagrad(double learningRate, double epsilon, double weightDecay) implements Optimizer {
    /**
     * Checks the ranges, see {@link Ranges}.
     *
     * @throws IllegalArgumentException if a number is out of its range
     */
    public Adagrad {
      Ranges.atLeastZero("learningRate", learningRate);
      Ranges.aboveZero("epsilon", epsilon);
      Ranges.atLeastZero("weightDecay", weightDecay);
    }

    @Override
    public UpdateOp op() {
      return new UpdateOp.Adagrad(epsilon, weightDecay);
    }

    @Override
    public int stateTensors() {
      return 1;
    }
  }

  /**
   * Adam and AdamW.
   *
   * @param learningRate step size, at least 0
   * @param beta1 β₁, in [0, 1)
   * @param beta2 β₂, in [0, 1)
   * @param epsilon ε, above 0
   * @param weightDecay λ, at least 0
   * @param decoupled whether the decay is taken from the parameter (AdamW) or added to the gradient
   * @param biasCorrection whether the moments are corrected for starting at 0, as the paper does;
   *     without it the first step has length lr·(1−β₁)/√(1−β₂), whatever the gradient
   */
  record Adam(
      double learningRate,
      double beta1,
      double beta2,
      double epsilon,
      double weightDecay,
      boolean decoupled,
      boolean biasCorrection)
      implements Optimizer {
    /**
     * Checks the ranges, see {@link Ranges}.
     *
     * @throws IllegalArgumentException if a number is out of its range
     */
    public Adam {
      Ranges.atLeastZero("learningRate", learningRate);
      Ranges.belowOne("beta1", beta1);
      Ranges.belowOne("beta2", beta2);
      Ranges.aboveZero("epsilon", epsilon);
      Ranges.atLeastZero("weightDecay", weightDecay);
    }

    @Override
    public UpdateOp op() {
      return new UpdateOp.Adam(beta1, beta2, epsilon, weightDecay, decoupled);
    }

    @Override
    public int stateTensors() {
      return 2;
    }

    @Override
    public double moment1Correction(long step) {
      return biasCorrection ? 1 / (1 - StrictMath.pow(beta1, step)) : 1;
    }

    @Override
    public double moment2Correction(long step) {
      return biasCorrection ? 1 / StrictMath.sqrt(1 - StrictMath.pow(beta2, step)) : 1;
    }
  }
}
