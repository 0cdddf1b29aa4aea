package org.lanewise.nn.metrics;

import org.lanewise.kernels.op.Ranges;

/**
 * The share of rows whose label is among the classes of the k largest scores; of equal scores, the
 * first ones are larger. A row with a NaN has no such classes.
 *
 * @param k at least 1
 */
record TopK(int k, Source source) implements Metric {
  TopK {
    Ranges.atLeast("k", 1, k);
  }

  @Override
  public String name() {
    return "top_" + k;
  }

  @Override
  public Measurement start() {
    return new RowMean(source, (rows, row, label) -> isAmongLargest(rows, row, label) ? 1 : 0);
  }

  private boolean isAmongLargest(Rows rows, long row, int label) {
    if (rows.columns() == 1) {
      throw new IllegalArgumentException(
          name() + " needs a score for each class but '%s' has one".formatted(source.output()));
    }
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
