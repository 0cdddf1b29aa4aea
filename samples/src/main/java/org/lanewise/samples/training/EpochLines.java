package org.lanewise.samples.training;

import java.io.PrintWriter;
import java.util.Locale;
import org.lanewise.nn.train.Callback;
import org.lanewise.nn.train.EpochResult;
import org.lanewise.nn.train.Trainer;

/** Prints a line after each epoch. */
record EpochLines(PrintWriter out, int epochs, Measure measure) implements Callback {
  @Override
  public void onEpoch(Trainer trainer, EpochResult result) {
    out.printf(
        Locale.ROOT,
        "epoch %d/%d   train loss %.4f   %s   %,.0f %s/s   %.2f s%s%n",
        result.epoch(),
        epochs,
        result.trainLoss(),
        measure.text().apply(measure.value().applyAsDouble(result.validation())),
        measure.unitsPerSample() * result.samplesPerSecond(),
        measure.unit(),
        result.seconds(),
        Double.isNaN(result.utilization())
            ? ""
            : String.format(Locale.ROOT, "   %.0f %% of peak", 100 * result.utilization()));
    out.flush();
  }
}
