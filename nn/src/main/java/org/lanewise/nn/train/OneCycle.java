package org.lanewise.nn.train;

import org.lanewise.kernels.op.Ranges;

/**
 * One cycle over the whole training (Smith and Topin, "Super-Convergence", arXiv 1708.07120): the
 * learning rate rises to that of the rule and falls far below where it began. In three phases it
 * falls as long as it rose, to where it began, before it falls further. Momentum stays as it is.
 *
 * @param steps of the training, at least 1; the last has the least rate, as have later ones
 * @param rising part of the steps in which the rate rises, in (0, 1), and in three phases at most ½
 * @param startDivisor what the full rate is divided by at the beginning, above 0
 * @param endDivisor what the rate at the beginning is divided by at the end, above 0
 * @param linear whether the rate changes along lines and not along half cosines
 * @param threePhases whether the rate comes back to where it began before the last phase
 */
public record OneCycle(
    long steps,
    double rising,
    double startDivisor,
    double endDivisor,
    boolean linear,
    boolean threePhases)
    implements Schedule {
  /** Checks the ranges. */
  public OneCycle {
    Ranges.atLeast("steps", 1, steps);
    if (!(rising > 0 && rising < 1) || threePhases && rising > 0.5) {
      throw new IllegalArgumentException(
          "rising must be in (0, 1), and in three phases at most 0.5, but is " + rising);
    }
    Ranges.positive("startDivisor", startDivisor);
    Ranges.positive("endDivisor", endDivisor);
  }

  /** This schedule with another part of the steps in which the rate rises. */
  public OneCycle rising(double part) {
    return new OneCycle(steps, part, startDivisor, endDivisor, linear, threePhases);
  }

  /** This schedule with other rates at the beginning and the end. */
  public OneCycle divisors(double start, double end) {
    return new OneCycle(steps, rising, start, end, linear, threePhases);
  }

  /** This schedule along lines or half cosines. */
  public OneCycle linear(boolean along) {
    return new OneCycle(steps, rising, startDivisor, endDivisor, along, threePhases);
  }

  /** This schedule in three phases or two. */
  public OneCycle threePhases(boolean three) {
    return new OneCycle(steps, rising, startDivisor, endDivisor, linear, three);
  }

  @Override
  public double factor(long step) {
    double start = 1 / startDivisor;
    double least = start / endDivisor;
    double at = Math.min(step, steps) - 1d;
    double top = rising * steps - 1;
    double last = steps - 1d;
    if (at < top) {
      return between(start, 1, at / top);
    }
    if (!threePhases) {
      return between(1, least, (at - top) / (last - top));
    }
    double back = 2 * rising * steps - 2;
    return at < back
        ? between(1, start, (at - top) / (back - top))
        : between(start, least, (at - back) / (last - back));
  }

  private double between(double from, double to, double progress) {
    return linear
        ? from + (to - from) * progress
        : to + (from - to) / 2 * (1 + StrictMath.cos(Math.PI * progress));
  }
}
