package org.lanewise.nn.train;

import java.util.List;
import java.util.stream.LongStream;
import org.lanewise.kernels.op.Ranges;

/**
 * How learning rates change from step to step: a function of the step, as {@code step -> 1 /
 * Math.sqrt(step)} is, and in some cases of the epochs so far. The ones made here have the formulas
 * of PyTorch's schedulers, whose step 0 is step 1 here, and whose greatest learning rate is that of
 * the rule.
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

  /**
   * What to multiply the learning rates of all rules with, where that also depends on how the
   * training goes. A checkpoint has the history, so a resumed training follows the same factors.
   *
   * @param step number of the step, from 1
   * @param history the epochs before the running one
   */
  default double factor(long step, History history) {
    return factor(step);
  }

  /**
   * This schedule after steps in which the learning rate rises linearly, from nothing to what the
   * schedule begins with.
   *
   * @param steps at least 0
   * @throws IllegalArgumentException if there are fewer
   */
  default Schedule afterWarmup(long steps) {
    return new Warmup(steps, this);
  }

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

  /**
   * Rises linearly to the full rate, and stays there.
   *
   * @param steps until the full rate, at least 0
   * @throws IllegalArgumentException if there are fewer
   */
  static Schedule warmup(long steps) {
    return constant().afterWarmup(steps);
  }

  /**
   * Falls linearly from the full rate to 0 after the last step.
   *
   * @see Linear
   */
  static Schedule linear(long steps) {
    return new Linear(1, 0, steps);
  }

  /**
   * Falls along half a cosine from the full rate to 0 after the last step.
   *
   * @see Cosine
   */
  static Schedule cosine(long steps) {
    return new Cosine(steps, 0);
  }

  /**
   * Falls along half a cosine, again and again.
   *
   * @see CosineRestarts
   */
  static Schedule cosineRestarts(long firstCycle, int multiplier) {
    return new CosineRestarts(firstCycle, multiplier, 0);
  }

  /**
   * Falls as a power of what is left, from the full rate to 0 after the last step.
   *
   * @see Polynomial
   */
  static Schedule polynomial(long steps, double power) {
    return new Polynomial(steps, power);
  }

  /**
   * Is multiplied after each step.
   *
   * @see Exponential
   */
  static Schedule exponential(double gamma) {
    return new Exponential(gamma);
  }

  /**
   * Is multiplied after each {@code size} steps.
   *
   * @see Step
   */
  static Schedule step(long size, double gamma) {
    return new Step(size, gamma);
  }

  /**
   * Is multiplied after some steps.
   *
   * @see MultiStep
   */
  static Schedule multiStep(double gamma, long... milestones) {
    return new MultiStep(LongStream.of(milestones).boxed().toList(), gamma);
  }

  /** One cycle, in which the rate rises from 1/25 in the first 30 % of the steps, then falls. */
  static OneCycle oneCycle(long steps) {
    return new OneCycle(steps, 0.3, 25, 1e4, false, false);
  }

  /**
   * Is multiplied when the validation loss has not become lower for some epochs.
   *
   * @see Plateau
   */
  static Plateau onPlateau(double gamma, int patience) {
    return new Plateau(Plateau.LOSS, false, gamma, patience, 1e-4, 0, 0);
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
      return Cosine.between(0, Math.min(1, progress));
    }
  }

  /**
   * From a factor to another one, and stays there.
   *
   * @param start of the first step, finite
   * @param end after the last one, finite
   * @param steps at least 1
   */
  record Linear(double start, double end, long steps) implements Schedule {
    /** Checks the ranges. */
    public Linear {
      Ranges.finite("start", start);
      Ranges.finite("end", end);
      Ranges.atLeast("steps", 1, steps);
    }

    @Override
    public double factor(long step) {
      return start + (end - start) * Math.min(step - 1, steps) / steps;
    }
  }

  /**
   * Along half a cosine, {@code end + (1 − end) · (1 + cos(π · (step − 1) / steps)) / 2}, and stays
   * there (Loshchilov and Hutter, ICLR 2017).
   *
   * @param steps at least 1
   * @param end factor after the last step, finite
   */
  record Cosine(long steps, double end) implements Schedule {
    /** Checks the ranges. */
    public Cosine {
      Ranges.atLeast("steps", 1, steps);
      Ranges.finite("end", end);
    }

    @Override
    public double factor(long step) {
      return between(end, (double) Math.min(step - 1, steps) / steps);
    }

    /** From 1 to a factor. */
    static double between(double end, double progress) {
      return end + (1 - end) * (1 + StrictMath.cos(Math.PI * progress)) / 2;
    }
  }

  /**
   * {@code (1 − (step − 1) / steps)^power}, and 0 afterwards.
   *
   * @param steps at least 1
   * @param power above 0 and finite
   */
  record Polynomial(long steps, double power) implements Schedule {
    /** Checks the ranges. */
    public Polynomial {
      Ranges.atLeast("steps", 1, steps);
      Ranges.positive("power", power);
    }

    @Override
    public double factor(long step) {
      return StrictMath.pow(1 - (double) Math.min(step - 1, steps) / steps, power);
    }
  }

  /**
   * {@code gamma^(step − 1)}.
   *
   * @param gamma above 0 and finite
   */
  record Exponential(double gamma) implements Schedule {
    /** Checks the range. */
    public Exponential {
      Ranges.positive("gamma", gamma);
    }

    @Override
    public double factor(long step) {
      return StrictMath.pow(gamma, step - 1);
    }
  }

  /**
   * {@code gamma} to the power of how often {@code size} steps have been made.
   *
   * @param size at least 1
   * @param gamma above 0 and finite
   */
  record Step(long size, double gamma) implements Schedule {
    /** Checks the ranges. */
    public Step {
      Ranges.atLeast("size", 1, size);
      Ranges.positive("gamma", gamma);
    }

    @Override
    public double factor(long step) {
      return StrictMath.pow(gamma, (step - 1) / size);
    }
  }

  /**
   * {@code gamma} to the power of how many milestones have been passed.
   *
   * @param milestones numbers of steps after which the rate is multiplied, each larger than the one
   *     before
   * @param gamma above 0 and finite
   */
  record MultiStep(List<Long> milestones, double gamma) implements Schedule {
    /** Checks the ranges. */
    public MultiStep {
      milestones = List.copyOf(milestones);
      long before = 0;
      for (long milestone : milestones) {
        if (milestone <= before) {
          throw new IllegalArgumentException(
              "milestones must be above 0 and rise but are " + milestones);
        }
        before = milestone;
      }
      Ranges.positive("gamma", gamma);
    }

    @Override
    public double factor(long step) {
      int passed = 0;
      while (passed < milestones.size() && milestones.get(passed) < step) {
        passed++;
      }
      return StrictMath.pow(gamma, passed);
    }
  }
}
