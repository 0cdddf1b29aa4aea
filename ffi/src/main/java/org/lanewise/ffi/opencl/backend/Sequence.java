package org.lanewise.ffi.opencl.backend;

import java.util.List;
import org.lanewise.kernels.backend.Step;

/** Steps that run one after the other. */
final class Sequence implements DeviceStep {
  private final Step[] steps;

  Sequence(List<Step> steps) {
    this.steps = steps.toArray(Step[]::new);
  }

  @Override
  public void run() {
    for (Step step : steps) {
      step.run();
    }
  }

  @Override
  public long time() {
    long nanos = 0;
    for (Step step : steps) {
      nanos += step instanceof DeviceStep onDevice ? onDevice.time() : 0;
    }
    return nanos;
  }
}
