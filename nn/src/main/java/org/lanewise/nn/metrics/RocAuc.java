package org.lanewise.nn.metrics;

import java.util.Arrays;
import java.util.function.Function;
import org.lanewise.nn.HostTensor;

/**
 * The area under the receiver operating characteristic of two classes: the share of pairs of a row
 * of class 1 and one of class 0 in which the first has the higher score, where equal ones count
 * half (Mann and Whitney, 1947). It is exact, and so keeps the score of each row, in 8 bytes. In a
 * pair with a score that is not a number, the first has not the higher one. NaN if a class has no
 * rows.
 *
 * <p>The score is the only column of the output, or by how much the second of two is larger.
 */
record RocAuc(Source source) implements Metric {
  @Override
  public String name() {
    return "roc_auc";
  }

  @Override
  public Measurement start() {
    return new Measurement() {
      private final Scores positive = new Scores();
      private final Scores negative = new Scores();

      @Override
      public void add(Function<String, HostTensor> tensors, int samples) {
        Rows rows = source.rows(tensors);
        if (rows.classes() != 2) {
          throw new IllegalArgumentException(
              "%s needs 2 classes but '%s' has %d"
                  .formatted(name(), source.output(), rows.classes()));
        }
        rows.forEach((row, label) -> (label == 1 ? positive : negative).add(score(rows, row)));
      }

      @Override
      public double value() {
        return area(positive, negative);
      }
    };
  }

  private static double score(Rows rows, long row) {
    float first = rows.score(row, 0);
    return rows.columns() == 1 ? first : (double) rows.score(row, 1) - first;
  }

  /** Goes through the positive scores as they rise, and with them through the lower others. */
  private static double area(Scores positive, Scores negative) {
    double[] high = positive.sorted();
    double[] low = negative.sorted();
    long twice = 0; // of the pairs that are right, so that half a pair is a number
    int below = 0;
    int upTo = 0;
    for (double score : high) {
      while (below < low.length && low[below] < score) {
        below++;
      }
      while (upTo < low.length && low[upTo] <= score) {
        upTo++;
      }
      twice += (long) below + upTo;
    }
    return twice / (2d * positive.count * negative.count);
  }

  /** Numbers as they come, of which those that are not are counted only. */
  private static final class Scores {
    private double[] values = new double[1024];
    private int size;
    private long count;

    void add(double score) {
      count++;
      if (!Double.isNaN(score)) {
        if (size == values.length) {
          values = Arrays.copyOf(values, 2 * size);
        }
        values[size++] = score + 0d; // of the two zeros, the positive one
      }
    }

    double[] sorted() {
      double[] sorted = Arrays.copyOf(values, size);
      Arrays.sort(sorted);
      return sorted;
    }
  }
}
