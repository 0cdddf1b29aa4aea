package org.lanewise.nn.train;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/**
 * How well a model does on a data set.
 *
 * @param loss mean loss of its samples
 * @param metrics by name
 */
public record Evaluation(double loss, SequencedMap<String, Double> metrics) {
  /** An evaluation with a copy of the metrics. */
  public Evaluation {
    metrics = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(metrics));
  }

  /**
   * A metric by its name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public double metric(String name) {
    Double value = metrics.get(name);
    if (value == null) {
      throw new IllegalArgumentException(
          "no metric is called '%s': there are %s".formatted(name, metrics.keySet()));
    }
    return value;
  }

  /** The metric of that name. */
  public double accuracy() {
    return metric("accuracy");
  }
}
