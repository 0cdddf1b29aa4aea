package org.lanewise.nn.train;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.lanewise.nn.data.Batches;

/** How far a training has come: all that a resumed one must know besides tensors. */
final class Progress {
  /** More steps than any training makes; their number stays exact as a double. */
  private static final long MAX_STEPS = 1L << 52;

  /** More operations than any epoch has; those of its rest can be added without an overflow. */
  private static final long MAX_FLOPS = 1L << 62;

  /** Optimizer steps since the start. */
  long steps;

  /** Samples in a batch; 0 before the first one. */
  int batch;

  /** Samples of an epoch; 0 before the first one. */
  long samples;

  /** Samples of the running epoch that have been trained on. */
  long samplesDone;

  /** Sum of the losses of these samples. */
  double lossSum;

  /** Seconds spent on them. */
  double seconds;

  /** Floating-point operations of the steps on them. */
  long flops;

  /** Mean loss of the last step's samples; NaN before it. */
  double stepLoss = Double.NaN;

  /** Samples since the last step, and the sum of their losses. */
  private long stepSamples;

  private double stepLossSum;

  /** Finished epochs. */
  final List<EpochResult> epochs = new ArrayList<>();

  /** Number of the running epoch, from 1. */
  int epoch() {
    return epochs.size() + 1;
  }

  /**
   * Notes a batch.
   *
   * @param loss mean of its samples
   */
  void add(int size, float loss) {
    samplesDone += size;
    lossSum += (double) loss * size;
    stepSamples += size;
    stepLossSum += (double) loss * size;
  }

  /** Notes that the batches since the last step have made one, and its operations. */
  void finishStep(long stepFlops) {
    flops += stepFlops;
    stepLoss = stepLossSum / stepSamples;
    stepSamples = 0;
    stepLossSum = 0;
  }

  /** Starts the next epoch. */
  void finish(EpochResult result) {
    epochs.add(result);
    samplesDone = 0;
    lossSum = 0;
    seconds = 0;
    flops = 0;
  }

  /**
   * Checks that a training that was made with some batches goes on with the same.
   *
   * @param file where it was saved
   * @throws OtherSettingException if not
   */
  void requireSame(Path file, Batches batches) {
    if (batch != 0 && batch != batches.size()) {
      throw new OtherSettingException(file, "batch", batch, batches.size());
    }
    if (batch != 0 && samples != batches.samples()) {
      throw new OtherSettingException(file, "samples", samples, batches.samples());
    }
  }

  /**
   * Goes on with some batches.
   *
   * @throws IllegalArgumentException if the running epoch was begun with others
   */
  void use(Batches batches) {
    if (samplesDone > 0 && (batch != batches.size() || samples != batches.samples())) {
      throw new IllegalArgumentException(
          "epoch %d was begun with %d samples in batches of %d and cannot go on with %d in batches of %d"
              .formatted(epoch(), samples, batch, batches.samples(), batches.size()));
    }
    batch = batches.size();
    samples = batches.samples();
  }

  /**
   * Checks that the numbers can be those of one training.
   *
   * @throws IllegalArgumentException with the number that cannot be
   */
  void check() {
    require(batch >= 0 && samples >= 0, "batch is %d and samples is %d", batch, samples);
    require(
        samplesDone == 0
            || batch > 0 && samplesDone > 0 && samplesDone < samples && samplesDone % batch == 0,
        "samples_done is %d of %d in batches of %d",
        samplesDone,
        samples,
        batch);
    long ofEpoch = batch == 0 ? 0 : samples / batch + (samples % batch == 0 ? 0 : 1);
    require(
        steps >= Math.min(1, samplesDone + epochs.size())
            && steps <= (epochs.isEmpty() ? ofEpoch : MAX_STEPS),
        "steps is %d after %d epochs and %d samples in batches of %d",
        steps,
        epochs.size(),
        samplesDone,
        batch);
    require(
        Math.abs(lossSum) <= (double) samplesDone * Float.MAX_VALUE,
        "loss_sum is %s after %d samples",
        lossSum,
        samplesDone);
    require(seconds >= 0 && seconds < Double.POSITIVE_INFINITY, "seconds is %s", seconds);
    require(flops >= 0 && flops <= MAX_FLOPS, "flops is %d", flops);
    for (EpochResult epoch : epochs) {
      require(
          Math.abs(epoch.trainLoss()) <= Float.MAX_VALUE
              && epoch.seconds() > 0
              && epoch.samplesPerSecond() > 0
              && epoch.seconds() < Double.POSITIVE_INFINITY,
          "epoch %d has a loss of %s and %s samples/s in %s s",
          epoch.epoch(),
          epoch.trainLoss(),
          epoch.samplesPerSecond(),
          epoch.seconds());
      require(
          epoch.flops() >= 0 && !(epoch.utilization() < 0),
          "epoch %d has %d operations and a utilization of %s",
          epoch.epoch(),
          epoch.flops(),
          epoch.utilization());
    }
  }

  private static void require(boolean holds, String fault, Object... numbers) {
    if (!holds) {
      throw new IllegalArgumentException(fault.formatted(numbers));
    }
  }
}
