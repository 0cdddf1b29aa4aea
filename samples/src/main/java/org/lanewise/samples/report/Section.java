package org.lanewise.samples.report;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import java.util.Map;

/** A part of a report. */
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "type")
public sealed interface Section {
  /** What stands above it. */
  String title();

  /** How numbers are written. */
  enum Format {
    /** With four decimal places. */
    NUMBER,
    /** From 0 to 1, as a percentage. */
    PERCENT
  }

  /**
   * Curves over the same numbers, which the page also has as a table.
   *
   * @param note what the curves show, in a few words
   * @param xLabel what x counts
   * @param x ascending
   * @param top the highest value that makes sense, or null
   */
  record Curves(
      String title,
      String note,
      String xLabel,
      List<Double> x,
      List<Series> series,
      Format format,
      Double top)
      implements Section {}

  /**
   * One of several curves.
   *
   * @param values by position of x; null where there is none
   */
  record Series(String label, List<Double> values) {}

  /**
   * A confusion matrix.
   *
   * @param note what was counted
   * @param classes names of the classes
   * @param counts number of samples by class (row) and predicted class (column)
   */
  record Confusion(String title, String note, List<String> classes, List<List<Integer>> counts)
      implements Section {}

  /**
   * Pictures that were taken for something else.
   *
   * @param mistakes the worst, in order
   */
  record Mistakes(String title, String note, List<Mistake> mistakes) implements Section {}

  /**
   * A misclassified picture.
   *
   * @param picture a data URI
   * @param label name of its class
   * @param prediction name of the class that the model takes it for
   * @param probability the probability that the model gives to the prediction
   */
  record Mistake(String picture, String label, String prediction, double probability) {}

  /**
   * A table.
   *
   * @param note what is in it; may be empty
   * @param head names of the columns
   * @param rows each as long as the head, its own name first
   */
  record Table(String title, String note, List<String> head, List<List<String>> rows)
      implements Section {}

  /**
   * Properties.
   *
   * @param properties by name
   */
  record Properties(String title, Map<String, String> properties) implements Section {}

  /**
   * Text in columns, as a terminal shows it.
   *
   * @param text lines
   */
  record Text(String title, String text) implements Section {}
}
