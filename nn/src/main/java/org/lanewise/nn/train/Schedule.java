package org.lanewise.nn.train;

/**
 * How learning rates change from step to step: a function of the step alone, as {@code step -> 1 /
 * Math.sqrt(step)} is.
 *
 * <p>A training is resumed with the same schedule only. Records are compared by what {@code
 * toString} says; others by the factors that they give.
 */
@FunctionalInterface
public interface Schedule {
  /**
   * What to multiply the learning rates of all rules with.
   *
   * @param step number of the step, from 1
   */
  double factor(long step);

  /** The learning rate as it is. */
  static Schedule constant() {
    return new Constant();
  }

  /**
   * Rises linearly in the first steps, then falls along half a cosine.
   *
   * @see WarmupCosine
   */
  static Schedule warmupCosine(long warmupSteps, long totalSteps) {
    return new WarmupCosine(warmupSteps, totalSteps);
  }

  /** The learning rate as it is. */
  record Constant() implements Schedule {
    @Override
    public double factor(long step) {
      return 1;
    }
  }

  /**
   * Rises linearly to 1 in the first steps, then falls along half a cosine, to 0 after the last
   * (Loshchilov and Hutter, "SGDR: Stochastic Gradient Descent with Warm Restarts", ICLR 2017).
   *
   * @param warmupSteps steps until the full rate, at least 0
   * @param totalSteps steps of the training, more than {@code warmupSteps}
   */
  record WarmupCosine(long warmupSteps, long totalSteps) implements Schedule {
    /** Checks the ranges. */
    public WarmupCosine {
      if (warmupSteps < 0 || totalSteps <= warmupSteps) {
        throw new IllegalArgumentException(
            "warmupSteps must be in [0, totalSteps) but warmupSteps is %d and totalSteps is %d"
                .formatted(warmupSteps, totalSteps));
      }
    }

    @Override
    public double factor(long step) {
      if (step <= warmupSteps) {
        return (double) step / warmupSteps;
      }
      double progress = (double) (step - 1 - warmupSteps) / (totalSteps - warmupSteps);
      return (1 + StrictMath.cos(Math.PI * Math.min(1, progress))) / 2;
    }
  }
}
