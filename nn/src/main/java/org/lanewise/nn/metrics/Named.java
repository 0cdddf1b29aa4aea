package org.lanewise.nn.metrics;

import java.util.Objects;

/** A metric under another name. */
record Named(String name, Metric metric) implements Metric {
  Named {
    Objects.requireNonNull(name, "name");
  }

  @Override
  public Measurement start() {
    return metric.start();
  }
}
