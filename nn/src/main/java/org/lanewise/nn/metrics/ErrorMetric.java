package org.lanewise.nn.metrics;

import java.util.function.Function;
import org.lanewise.nn.HostTensor;

/** A mean of errors, summed in f64 in the order of the elements; NaN if an output is. */
record ErrorMetric(Kind kind, Source source) implements Metric {
  enum Kind {
    ROOT_MEAN_SQUARE("rmse"),
    MEAN_ABSOLUTE("mae");

    private final String label;

    Kind(String label) {
      this.label = label;
    }
  }

  @Override
  public String name() {
    return kind.label;
  }

  @Override
  public Measurement start() {
    return new Measurement() {
      private double sum;
      private long count;

      @Override
      public void add(Function<String, HostTensor> tensors, int samples) {
        Values values = source.values(tensors);
        for (long i = 0; i < values.count(); i++) {
          double error = values.output(i) - values.target(i);
          sum += kind == Kind.MEAN_ABSOLUTE ? Math.abs(error) : error * error;
        }
        count += values.count();
      }

      @Override
      public double value() {
        double mean = sum / count;
        return kind == Kind.MEAN_ABSOLUTE ? mean : Math.sqrt(mean);
      }
    };
  }
}
