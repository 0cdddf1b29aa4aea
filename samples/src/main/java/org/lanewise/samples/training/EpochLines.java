package org.lanewise.samples.training;

import java.io.PrintWriter;
import java.util.Locale;
import org.lanewise.nn.train.Callback;
import org.lanewise.nn.train.EpochResult;
import org.lanewise.nn.train.Trainer;

/** Prints a line after each epoch. */
record EpochLines(PrintWriter out, int epochs) implements Callback {
  @Override
  public void onEpoch(Trainer trainer, EpochResult result) {
    out.printf(
        Locale.ROOT,
        "epoch %d/%d   train loss %.4f   test accuracy %.2f %%   %,.0f samples/s   %.2f s%s%n",
        result.epoch(),
        epochs,
        result.trainLoss(),
        100 * result.validation().accuracy(),
        result.samplesPerSecond(),
        result.seconds(),
        Double.isNaN(result.utilization())
            ? ""
            : String.format(Locale.ROOT, "   %.0f %% of peak", 100 * result.utilization()));
    out.flush();
  }
}
