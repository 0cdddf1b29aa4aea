package org.lanewise.nn.train;

import org.lanewise.kernels.op.Ranges;

/**
 * Cycles, in each of which the learning rate falls along half a cosine (Loshchilov and Hutter,
 * "SGDR: Stochastic Gradient Descent with Warm Restarts", ICLR 2017).
 *
 * @param firstCycle steps of the first cycle, at least 1
 * @param multiplier how many times as long each cycle is as the one before, at least 1
 * @param end factor that a cycle falls to, finite
 */
public record CosineRestarts(long firstCycle, int multiplier, double end) implements Schedule {
  /** Checks the ranges. */
  public CosineRestarts {
    Ranges.atLeast("firstCycle", 1, firstCycle);
    Ranges.atLeast("multiplier", 1, multiplier);
    Ranges.finite("end", end);
  }

  @Override
  public double factor(long step) {
    long cycle = firstCycle;
    long done = step - 1;
    if (multiplier == 1) {
      done %= cycle;
    }
    while (done >= cycle) {
      done -= cycle;
      cycle = Math.multiplyExact(cycle, multiplier);
    }
    return Cosine.between(end, (double) done / cycle);
  }
}
