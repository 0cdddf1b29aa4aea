package org.lanewise.nn.metrics;

import java.util.function.Function;
import org.lanewise.nn.HostTensor;

/** The share of rows whose class is that of their label. A row with a NaN has no class. */
record Accuracy(Source source) implements Metric {
  @Override
  public String name() {
    return "accuracy";
  }

  @Override
  public Measurement start() {
    return new Measurement() {
      private long correct;
      private long count;

      @Override
      public void add(Function<String, HostTensor> tensors, int samples) {
        Rows rows = source.rows(tensors);
        for (long row = 0; row < rows.count(); row++) {
          if (!rows.isIgnored(row)) {
            count++;
            if (rows.predicted(row) == rows.label(row)) {
              correct++;
            }
          }
        }
      }

      @Override
      public double value() {
        return (double) correct / count;
      }
    };
  }
}
