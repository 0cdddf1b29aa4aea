package org.lanewise.nn;

/** How the learning rate changes from step to step. */
@FunctionalInterface
public interface Schedule {
  /**
   * What to multiply the optimizer's learning rate with.
   *
   * @param step number of the step, from 1
   */
  double factor(long step);

  /** The learning rate as it is. */
  static Schedule constant() {
    return _ -> 1;
  }

  /**
   * Rises linearly to 1 in the first steps, then falls to 0 along half a cosine (Loshchilov and
   * Hutter, "SGDR: Stochastic Gradient Descent with Warm Restarts", ICLR 2017), and stays there.
   *
   * @param warmupSteps number of the step that has the full rate, at least 0
   * @param totalSteps number of the last step, at least 1 and more than {@code warmupSteps}
   */
  static Schedule warmupCosine(long warmupSteps, long totalSteps) {
    if (warmupSteps < 0 || totalSteps <= warmupSteps) {
      throw new IllegalArgumentException(
          "warmupSteps must be in [0, totalSteps) but warmupSteps is %d and totalSteps is %d"
              .formatted(warmupSteps, totalSteps));
    }
    return step -> {
      if (step <= warmupSteps) {
        return (double) step / warmupSteps;
      }
      double progress = (double) (step - warmupSteps) / (totalSteps - warmupSteps);
      return (1 + StrictMath.cos(Math.PI * Math.min(1, progress))) / 2;
    };
  }
}
