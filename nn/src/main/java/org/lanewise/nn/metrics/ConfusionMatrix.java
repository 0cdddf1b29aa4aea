package org.lanewise.nn.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/**
 * How many rows of each class get which class. A {@link ConfusionCounter} makes it:
 *
 * <pre>{@code
 * ConfusionCounter counter = ConfusionMatrix.counter(Source.CLASSES, "cat", "dog");
 * trainer.evaluate(test, counter);
 * System.out.println(counter.matrix());
 * }</pre>
 *
 * @param classes names of the classes
 * @param counts rows by their label, and then by the class that they get
 * @param unanswered rows by their label that get no class, as a score of theirs is not a number
 */
public record ConfusionMatrix(
    List<String> classes, List<List<Long>> counts, List<Long> unanswered) {
  /**
   * A matrix of copies.
   *
   * @throws IllegalArgumentException if there is not a count for each pair of classes
   */
  public ConfusionMatrix {
    classes = List.copyOf(classes);
    counts = counts.stream().map(List::copyOf).toList();
    unanswered = List.copyOf(unanswered);
    int size = classes.size();
    if (counts.size() != size
        || unanswered.size() != size
        || counts.stream().anyMatch(row -> row.size() != size)) {
      throw new IllegalArgumentException(
          "%d classes need counts [%d, %d] and %d unanswered but have %s and %s"
              .formatted(size, size, size, size, counts, unanswered));
    }
  }

  /**
   * Starts to count the rows of a data set.
   *
   * @param classes names of all classes, or none for their numbers
   */
  public static ConfusionCounter counter(Source source, String... classes) {
    return new ConfusionCounter(source, List.of(classes));
  }

  /** Rows with one label that get some class. */
  public long count(int label, int predicted) {
    return counts.get(label).get(predicted);
  }

  /** All rows. */
  public long total() {
    return LongStream.of(byClass().actual()).sum();
  }

  /** The share of rows that get the class of their label. */
  public double accuracy() {
    return recall(Average.MICRO);
  }

  /** Which part of the rows that get a class are of it: 0 if none gets it. */
  public double precision(int label) {
    return byClass().precision(label);
  }

  /** Which part of the rows of a class get it: 0 if there are none. */
  public double recall(int label) {
    return byClass().recall(label);
  }

  /** The harmonic mean of both. */
  public double f1(int label) {
    return byClass().f1(label);
  }

  /** The precision of all classes. */
  public double precision(Average average) {
    return byClass().precision(average);
  }

  /** The recall of all classes. */
  public double recall(Average average) {
    return byClass().recall(average);
  }

  /** The F1 of all classes. */
  public double f1(Average average) {
    return byClass().f1(average);
  }

  private ClassCounts byClass() {
    ClassCounts sums = ClassCounts.of(classes.size());
    for (int label = 0; label < classes.size(); label++) {
      sums.correct()[label] = count(label, label);
      sums.actual()[label] = unanswered.get(label);
      for (int predicted = 0; predicted < classes.size(); predicted++) {
        sums.actual()[label] += count(label, predicted);
        sums.predicted()[predicted] += count(label, predicted);
      }
    }
    return sums;
  }

  /** A table with a line for each label and a column for each class that rows get. */
  @Override
  public String toString() {
    List<List<String>> lines = new ArrayList<>();
    List<String> head = new ArrayList<>(List.of(""));
    head.addAll(classes);
    boolean hasUnanswered = unanswered.stream().anyMatch(count -> count > 0);
    if (hasUnanswered) {
      head.add("none");
    }
    lines.add(head);
    for (int label = 0; label < classes.size(); label++) {
      List<String> line = new ArrayList<>(List.of(classes.get(label)));
      counts.get(label).forEach(count -> line.add(count.toString()));
      if (hasUnanswered) {
        line.add(unanswered.get(label).toString());
      }
      lines.add(line);
    }
    return table(lines);
  }

  private static String table(List<List<String>> lines) {
    StringBuilder table = new StringBuilder();
    for (List<String> line : lines) {
      for (int column = 0; column < line.size(); column++) {
        int index = column;
        int width = lines.stream().mapToInt(row -> row.get(index).length()).max().orElse(0);
        String padding = " ".repeat(width - line.get(column).length());
        table
            .append(column == 0 ? "" : "  " + padding)
            .append(line.get(column))
            .append(column == 0 ? padding : "");
      }
      table.append('\n');
    }
    return table.toString();
  }
}
