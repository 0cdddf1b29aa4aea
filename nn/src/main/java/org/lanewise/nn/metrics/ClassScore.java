package org.lanewise.nn.metrics;

import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;
import org.lanewise.nn.HostTensor;

/** Precision, recall or F1. A row with a NaN gets no class: recall counts it as not found. */
record ClassScore(Kind kind, Average average, Source source) implements Metric {
  enum Kind {
    PRECISION,
    RECALL,
    F1
  }

  ClassScore {
    Objects.requireNonNull(average, "average");
  }

  @Override
  public String name() {
    String prefix = average == Average.BINARY ? "" : average + "_";
    return (prefix + kind).toLowerCase(Locale.ROOT);
  }

  @Override
  public Measurement start() {
    return new Measurement() {
      private ClassCounts counts;

      @Override
      public void add(Function<String, HostTensor> tensors, int samples) {
        Rows rows = source.rows(tensors);
        if (counts == null) {
          counts = ClassCounts.of(rows.classes());
        }
        rows.forEach((row, label) -> counts.add(label, rows.predicted(row)));
      }

      @Override
      public double value() {
        return counts == null ? Double.NaN : score(counts);
      }
    };
  }

  private double score(ClassCounts counts) {
    return switch (kind) {
      case PRECISION -> counts.precision(average);
      case RECALL -> counts.recall(average);
      case F1 -> counts.f1(average);
    };
  }
}
