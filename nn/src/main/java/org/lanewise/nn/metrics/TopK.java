package org.lanewise.nn.metrics;

import java.util.function.Function;
import org.lanewise.nn.HostTensor;

/**
 * The share of rows whose label is among the classes of the k largest scores; of equal scores, the
 * first ones are larger. A row with a NaN has no such classes.
 *
 * @param k at least 1
 */
record TopK(int k, Source source) implements Metric {
  TopK {
    if (k < 1) {
      throw new IllegalArgumentException("k must be at least 1 but is " + k);
    }
  }

  @Override
  public String name() {
    return "top_" + k;
  }

  @Override
  public Measurement start() {
    return new Measurement() {
      private long correct;
      private long count;

      @Override
      public void add(Function<String, HostTensor> tensors, int samples) {
        Rows rows = source.rows(tensors);
        if (rows.columns() == 1) {
          throw new IllegalArgumentException(
              name() + " needs a score for each class but '%s' has one".formatted(source.output()));
        }
        for (long row = 0; row < rows.count(); row++) {
          if (!rows.isIgnored(row)) {
            count++;
            if (isAmongLargest(rows, row, rows.label(row))) {
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

  private boolean isAmongLargest(Rows rows, long row, int label) {
    float own = rows.score(row, label);
    int larger = 0;
    for (int i = 0; i < rows.columns(); i++) {
      float score = rows.score(row, i);
      if (Float.isNaN(score)) {
        return false;
      }
      if (score > own || score == own && i < label) {
        larger++;
      }
    }
    return larger < k;
  }
}
