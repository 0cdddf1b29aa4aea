package org.lanewise.nn.train;

import java.util.Objects;
import org.lanewise.kernels.op.Ranges;

/**
 * A linear rise before another schedule.
 *
 * @param steps of the rise, at least 0
 * @param then the schedule of the steps afterwards, whose first one is 1
 */
record Warmup(long steps, Schedule then) implements Schedule {
  Warmup {
    Ranges.atLeast("steps", 0, steps);
    Objects.requireNonNull(then, "then");
  }

  @Override
  public double factor(long step) {
    return step <= steps ? then.factor(1) * step / steps : then.factor(step - steps);
  }

  @Override
  public double factor(long step, History history) {
    return step <= steps
        ? then.factor(1, history) * step / steps
        : then.factor(step - steps, history);
  }
}
