package org.lanewise.samples.training;

import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;
import java.util.function.ToDoubleFunction;
import org.lanewise.nn.metrics.Metric;
import org.lanewise.nn.train.Evaluation;

/**
 * What the epochs of a training are judged by, and in what its speed is counted.
 *
 * @param name what files call it, after {@code test_}
 * @param metrics that it is made of
 * @param value of an evaluation
 * @param text of a value, for a line
 * @param unit of the speed, in the plural
 * @param unitsPerSample how many a sample has
 */
public record Measure(
    String name,
    List<Metric> metrics,
    ToDoubleFunction<Evaluation> value,
    DoubleFunction<String> text,
    String unit,
    int unitsPerSample) {
  /** The share of samples that are classified rightly. */
  public static final Measure ACCURACY =
      new Measure(
          "accuracy",
          List.of(Metric.accuracy()),
          Evaluation::accuracy,
          share -> String.format(Locale.ROOT, "test accuracy %.2f %%", 100 * share),
          "samples",
          1);

  /** A measure with a copy of the metrics. */
  public Measure {
    metrics = List.copyOf(metrics);
  }
}
