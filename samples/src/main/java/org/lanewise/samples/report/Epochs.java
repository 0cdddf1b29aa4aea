package org.lanewise.samples.report;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.lanewise.nn.train.EpochResult;
import org.lanewise.samples.report.Report.Fact;
import org.lanewise.samples.report.Section.Curves;
import org.lanewise.samples.report.Section.Format;
import org.lanewise.samples.report.Section.Series;
import org.lanewise.samples.report.Section.Table;

/** The sections of a report that show the epochs of the training of a classifier. */
public final class Epochs {
  private Epochs() {}

  /**
   * What to know first.
   *
   * @param wrong misclassified samples
   * @param samples all test samples
   */
  public static List<Fact> headline(List<EpochResult> epochs, long wrong, long samples) {
    EpochResult last = epochs.getLast();
    double seconds = epochs.stream().mapToDouble(EpochResult::seconds).sum();
    return List.of(
        new Fact("test accuracy", percent(last.validation().accuracy())),
        new Fact("wrong of " + text("%,d", samples), text("%,d", wrong)),
        new Fact("test loss", text("%.4f", last.validation().loss())),
        new Fact("training time", text("%.1f s", seconds)),
        new Fact("samples a second", text("%,.0f", last.samplesPerSecond())));
  }

  /** Loss and accuracy over the epochs. */
  public static List<Section> curves(List<EpochResult> epochs) {
    List<Double> x = values(epochs, EpochResult::epoch);
    return List.of(
        new Curves(
            "Loss",
            "mean cross-entropy, in training before each step",
            "epoch",
            x,
            List.of(
                new Series("training", values(epochs, EpochResult::trainLoss)),
                new Series("test", values(epochs, epoch -> epoch.validation().loss()))),
            Format.NUMBER,
            null),
        new Curves(
            "Test accuracy",
            "after each epoch",
            "epoch",
            x,
            List.of(
                new Series(
                    "test accuracy", values(epochs, epoch -> epoch.validation().accuracy()))),
            Format.PERCENT,
            1d));
  }

  private static List<Double> values(
      List<EpochResult> epochs, ToDoubleFunction<EpochResult> value) {
    return epochs.stream().map(value::applyAsDouble).toList();
  }

  /** All numbers of the epochs. */
  public static Table table(List<EpochResult> epochs) {
    return new Table(
        "Epochs",
        "",
        List.of(
            "epoch", "training loss", "test loss", "test accuracy", "samples a second", "seconds"),
        epochs.stream()
            .map(epoch ->
                List.of(
                    Integer.toString(epoch.epoch()),
                    text("%.4f", epoch.trainLoss()),
                    text("%.4f", epoch.validation().loss()),
                    percent(epoch.validation().accuracy()),
                    text("%,.0f", epoch.samplesPerSecond()),
                    text("%.2f", epoch.seconds())))
            .toList());
  }

  /** A share as a percentage. */
  public static String percent(double share) {
    return text("%.2f %%", 100 * share);
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
