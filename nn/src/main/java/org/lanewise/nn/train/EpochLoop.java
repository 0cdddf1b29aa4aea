package org.lanewise.nn.train;

import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.lanewise.kernels.backend.FiniteCheck;
import org.lanewise.nn.data.Batch;
import org.lanewise.nn.data.Batches;
import org.lanewise.nn.data.Epoch;

/** Makes the steps of epochs, and takes their time. */
final class EpochLoop {
  private static final double NANOS = 1e9;

  private final TrainerBuilder settings;
  private final Stepper stepper;
  private final Peak peak;
  private final Optional<FiniteCheck> finiteCheck;

  /** Seconds of the running epoch before the last pause, and when that ended. */
  private double secondsBefore;

  private long start;

  EpochLoop(
      TrainerBuilder settings, Stepper stepper, Peak peak, Optional<FiniteCheck> finiteCheck) {
    this.settings = settings;
    this.stepper = stepper;
    this.peak = peak;
    this.finiteCheck = finiteCheck;
  }

  /**
   * Makes the steps that are left of the running epoch.
   *
   * @param trainer what callbacks get
   * @param stop asked after each step
   * @return whether the epoch has ended, and was not stopped before its last step
   */
  boolean run(Trainer trainer, Progress progress, Batches training, BooleanSupplier stop) {
    secondsBefore = progress.seconds;
    start = System.nanoTime();
    try (Epoch epoch = training.epoch(settings.seed, progress.epoch(), progress.samplesDone)) {
      for (Batch batch = epoch.next(); batch != null; batch = epoch.next()) {
        propagate(batch, progress);
        boolean isLast = progress.samplesDone == training.samples();
        if (stepper.batches() < settings.accumulate && !isLast) {
          continue;
        }
        stepper.update(++progress.steps, trainer.history());
        progress.finishStep(stepper.takeFlops());
        start += peak.measureWhenWarm();
        for (Callback callback : settings.callbacks) {
          callback.onStep(trainer);
        }
        if (stop.getAsBoolean() && !isLast) {
          progress.seconds = seconds();
          return false;
        }
      }
    }
    progress.seconds = seconds();
    peak.measure();
    return true;
  }

  private void propagate(Batch batch, Progress progress) {
    finiteCheck.ifPresent(FiniteCheck::begin);
    float loss = stepper.propagate(batch, progress.steps);
    if (!Float.isFinite(loss)) {
      throw DivergedException.of(
          loss,
          progress.epoch(),
          progress.steps + 1,
          finiteCheck.flatMap(FiniteCheck::nonFiniteInput));
    }
    progress.add(batch.size(), loss);
  }

  /** What the epoch brought whose last step was made. */
  EpochResult result(Progress progress, Evaluation validation) {
    Pace pace = Pace.of(progress, progress.seconds, peak);
    return new EpochResult(
        progress.epoch(),
        progress.lossSum / progress.samples,
        validation,
        pace.samplesPerSecond(),
        progress.seconds,
        progress.flops,
        pace.utilization());
  }

  /** How fast the running epoch is. */
  Pace pace(Progress progress) {
    return Pace.of(progress, seconds(), peak);
  }

  private double seconds() {
    return secondsBefore + (System.nanoTime() - start) / NANOS;
  }
}
