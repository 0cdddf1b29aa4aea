package org.lanewise.nn.metrics;

import java.util.function.Function;
import org.lanewise.nn.HostTensor;

/** The mean of a number of each row, summed in f64 in the order of the rows. */
class RowMean implements Metric.Measurement {
  /** A number of a row. */
  interface OfRow {
    double of(Rows rows, long row, int label);
  }

  private final Source source;
  private final OfRow number;
  private double sum;
  private long count;

  RowMean(Source source, OfRow number) {
    this.source = source;
    this.number = number;
  }

  @Override
  public void add(Function<String, HostTensor> tensors, int samples) {
    Rows rows = source.rows(tensors);
    rows.forEach((row, label) -> {
      sum += number.of(rows, row, label);
      count++;
    });
  }

  @Override
  public double value() {
    return sum / count;
  }
}
