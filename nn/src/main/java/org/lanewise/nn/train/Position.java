package org.lanewise.nn.train;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.lanewise.nn.io.MalformedFileException;

/** How far a training has come: all that a resumed one must know besides tensors. */
final class Position {
  private static final int MAX_SAMPLES = 1 << 30; // as Dataset has it

  /** The checkpoint that the running epoch was begun in; null if it was begun here. */
  Path checkpoint;

  /** Steps since the start. */
  long steps;

  /** Samples of the running epoch that have been trained on. */
  int samplesDone;

  /** Sum of the losses of these samples. */
  double lossSum;

  /** Seconds spent on them. */
  double seconds;

  /** Finished epochs. */
  final List<EpochResult> epochs = new ArrayList<>();

  /** Number of the running epoch, from 1. */
  int epoch() {
    return epochs.size() + 1;
  }

  /** Starts the next epoch. */
  void finish(EpochResult result) {
    epochs.add(result);
    samplesDone = 0;
    lossSum = 0;
    seconds = 0;
    checkpoint = null;
  }

  /**
   * Checks that the numbers can be those of one training.
   *
   * @param batch samples in a step, but for the last one of an epoch
   * @throws IllegalArgumentException with the number that cannot be
   */
  void check(int batch) {
    long expectedSteps = Math.ceilDiv(samplesDone, batch);
    for (EpochResult epoch : epochs) {
      check(epoch);
      expectedSteps += Math.ceilDiv(samples(epoch), batch);
    }
    require(
        samplesDone >= 0 && samplesDone <= MAX_SAMPLES,
        "samples_done is %d, not 0 to 2^30",
        samplesDone);
    require(
        steps == expectedSteps,
        "steps is %d; %d epochs and samples_done %d in batches of %d make %d",
        steps,
        epochs.size(),
        samplesDone,
        batch,
        expectedSteps);
    require(
        Math.abs(lossSum) <= (double) samplesDone * Float.MAX_VALUE,
        "loss_sum is %s after %d samples",
        lossSum,
        samplesDone);
    require(
        seconds >= 0 && (samplesDone > 0 ? seconds < Double.POSITIVE_INFINITY : seconds == 0),
        "seconds is %s after %d samples",
        seconds,
        samplesDone);
  }

  private static void check(EpochResult epoch) {
    int number = epoch.epoch();
    double loss = epoch.trainLoss();
    require(Math.abs(loss) <= Float.MAX_VALUE, "epoch %d has a loss of %s", number, loss);
    long samples = samples(epoch);
    require(
        epoch.seconds() > 0 && samples > 0 && samples <= MAX_SAMPLES,
        "epoch %d has %s samples/s in %s s",
        number,
        epoch.samplesPerSecond(),
        epoch.seconds());
    if (epoch.validation() != null) {
      double accuracy = epoch.validation().accuracy();
      require(
          Double.isNaN(accuracy) || accuracy >= 0 && accuracy <= 1,
          "epoch %d has an accuracy of %s",
          number,
          accuracy);
    }
  }

  /** The product of speed and time is off by less than one in 2⁵⁰, so rounding makes it exact. */
  private static long samples(EpochResult epoch) {
    return Math.round(epoch.samplesPerSecond() * epoch.seconds());
  }

  private static void require(boolean holds, String fault, Object... numbers) {
    if (!holds) {
      throw new IllegalArgumentException(fault.formatted(numbers));
    }
  }

  /**
   * Checks that the running epoch can go on with so many samples.
   *
   * @throws UncheckedIOException with a {@link MalformedFileException} if its beginning is from a
   *     checkpoint that does not fit
   * @throws IllegalArgumentException if its beginning was made here, with other data
   */
  void requireFits(int samples, int batch) {
    if (samplesDone == samples || samplesDone < samples && samplesDone % batch == 0) {
      return;
    }
    String fault =
        "%d samples of epoch %d are done, which cannot be with %d samples in batches of %d"
            .formatted(samplesDone, epoch(), samples, batch);
    if (checkpoint == null) {
      throw new IllegalArgumentException(fault);
    }
    throw new UncheckedIOException(new MalformedFileException(checkpoint, fault));
  }
}
