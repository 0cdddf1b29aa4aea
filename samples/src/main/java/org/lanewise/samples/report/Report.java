package org.lanewise.samples.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.lanewise.nn.io.AtomicFile;
import org.lanewise.nn.train.EpochResult;

/**
 * How the training of a classifier went.
 *
 * @param title what was trained
 * @param epochs each with its evaluation
 * @param classes names of the classes
 * @param confusion number of test samples by class (row) and predicted class (column)
 * @param mistakes the worst, in order
 * @param configuration settings by name
 * @param machine properties of the machine by name
 * @param summary the model as a table
 */
public record Report(
    String title,
    List<EpochResult> epochs,
    List<String> classes,
    List<List<Integer>> confusion,
    List<Mistake> mistakes,
    Map<String, String> configuration,
    Map<String, String> machine,
    String summary) {

  /**
   * A misclassified sample.
   *
   * @param picture a data URI
   * @param label name of its class
   * @param prediction name of the class that the model takes it for
   * @param probability the probability that the model gives to the prediction
   */
  public record Mistake(String picture, String label, String prediction, double probability) {}

  /**
   * Writes an HTML page that needs no other file.
   *
   * @throws IOException if writing fails
   */
  public void write(Path file) throws IOException {
    byte[] html = Page.of(this).getBytes(StandardCharsets.UTF_8);
    AtomicFile.write(file, out -> out.write(html));
  }
}
