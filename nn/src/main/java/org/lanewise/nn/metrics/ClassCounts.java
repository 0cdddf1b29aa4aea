package org.lanewise.nn.metrics;

import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * How many rows are of each class.
 *
 * @param actual rows with the label of each class
 * @param predicted rows that get each class
 * @param correct rows of each class that get it
 */
record ClassCounts(long[] actual, long[] predicted, long[] correct) {
  static ClassCounts of(int classes) {
    return new ClassCounts(new long[classes], new long[classes], new long[classes]);
  }

  /** Counts a row. */
  void add(int label, int answer) {
    actual[label]++;
    if (answer != Rows.NONE) {
      predicted[answer]++;
      if (answer == label) {
        correct[label]++;
      }
    }
  }

  int classes() {
    return actual.length;
  }

  /** Which part of the rows that get a class are of it: 0 if none does; NaN if there are none. */
  double precision(int label) {
    return occurs(label) ? part(correct[label], predicted[label]) : Double.NaN;
  }

  /** Which part of the rows of a class get it: 0 if there are none; NaN if none gets it, too. */
  double recall(int label) {
    return occurs(label) ? part(correct[label], actual[label]) : Double.NaN;
  }

  /** The harmonic mean of both. */
  double f1(int label) {
    return 2d * correct[label] / (actual[label] + predicted[label]);
  }

  private boolean occurs(int label) {
    return actual[label] + predicted[label] > 0;
  }

  private static double part(long part, long whole) {
    return whole == 0 ? 0 : (double) part / whole;
  }

  double precision(Average average) {
    return average(average, this::precision, part(sum(correct), sum(predicted)));
  }

  double recall(Average average) {
    return average(average, this::recall, part(sum(correct), sum(actual)));
  }

  double f1(Average average) {
    return average(average, this::f1, 2d * sum(correct) / (sum(actual) + sum(predicted)));
  }

  private double average(Average average, IntToDoubleFunction ofClass, double ofAll) {
    return switch (average) {
      case BINARY -> {
        if (classes() != 2) {
          throw new IllegalArgumentException(
              "a binary metric needs 2 classes but there are " + classes());
        }
        yield ofClass.applyAsDouble(1);
      }
      case MICRO -> sum(actual) == 0 ? Double.NaN : ofAll;
      case MACRO ->
          IntStream.range(0, classes())
              .filter(this::occurs)
              .mapToDouble(ofClass)
              .average()
              .orElse(Double.NaN);
    };
  }

  private static long sum(long[] counts) {
    return LongStream.of(counts).sum();
  }
}
