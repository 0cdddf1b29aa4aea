package org.lanewise.nn.metrics;

import java.util.function.Function;
import java.util.stream.IntStream;
import org.lanewise.nn.HostTensor;

/**
 * The coefficient of determination, {@code 1 − Σ (output − target)² / Σ (target − mean target)²},
 * or the mean of those of each element of a sample. Of targets that are all the same it is −∞, or
 * NaN if the outputs are, too. Sums are formed in f64, and those around the mean as Welford does
 * (Technometrics 4(3), 1962), so that a large mean costs no precision.
 */
record RSquared(Source source) implements Metric {
  @Override
  public String name() {
    return "r2";
  }

  @Override
  public Measurement start() {
    return new Measurement() {
      private Column[] columns;

      @Override
      public void add(Function<String, HostTensor> tensors, int samples) {
        Values values = source.values(tensors);
        int width = samples == 0 ? 0 : Math.toIntExact(values.count() / samples);
        if (columns == null) {
          columns = IntStream.range(0, width).mapToObj(_ -> new Column()).toArray(Column[]::new);
        }
        if (width != columns.length) {
          throw new IllegalArgumentException(
              "'%s' has %d elements for each sample, after batches of %d"
                  .formatted(source.output(), width, columns.length));
        }
        for (long i = 0; i < values.count(); i++) {
          columns[(int) (i % width)].add(values.output(i), values.target(i));
        }
      }

      @Override
      public double value() {
        return columns == null
            ? Double.NaN
            : IntStream.range(0, columns.length)
                .mapToDouble(i -> 1 - columns[i].squaredErrors / columns[i].deviations)
                .average()
                .orElse(Double.NaN);
      }
    };
  }

  /** The sums of one element of all samples. */
  private static final class Column {
    private long count;
    private double mean;
    private double deviations;
    private double squaredErrors;

    void add(double output, double target) {
      squaredErrors += (output - target) * (output - target);
      count++;
      double before = target - mean;
      mean += before / count;
      deviations += before * (target - mean);
    }
  }
}
