package org.lanewise.samples.report;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How often samples of each class were taken for each class.
 *
 * @param counts by class (row) and predicted class (column)
 */
public record ConfusionMatrix(List<List<Integer>> counts) {
  /** Counts predictions. */
  public static ConfusionMatrix of(int classes, int[] labels, int[] predictions) {
    Integer[][] counts = new Integer[classes][classes];
    Arrays.stream(counts).forEach(row -> Arrays.fill(row, 0));
    for (int i = 0; i < labels.length; i++) {
      counts[labels[i]][predictions[i]]++;
    }
    return new ConfusionMatrix(Arrays.stream(counts).map(List::of).toList());
  }

  /** All samples. */
  public long samples() {
    return counts.stream().flatMap(List::stream).mapToLong(Integer::longValue).sum();
  }

  /** Samples that were taken for another class than theirs. */
  public long wrong() {
    return IntStream.range(0, counts.size()).mapToLong(this::wrong).sum();
  }

  /** The share of a class's samples that were taken for another one. */
  public double errorRate(int label) {
    long all = counts.get(label).stream().mapToLong(Integer::longValue).sum();
    return (double) wrong(label) / all;
  }

  private long wrong(int label) {
    List<Integer> row = counts.get(label);
    return row.stream().mapToLong(Integer::longValue).sum() - row.get(label);
  }
}
