package org.lanewise.nn.metrics;

/** The share of rows whose class is that of their label. A row with a NaN has no class. */
record Accuracy(Source source) implements Metric {
  @Override
  public String name() {
    return "accuracy";
  }

  @Override
  public Measurement start() {
    return new RowMean(source, (rows, row, label) -> rows.predicted(row) == label ? 1 : 0);
  }
}
