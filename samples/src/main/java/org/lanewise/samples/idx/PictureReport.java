package org.lanewise.samples.idx;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.lanewise.nn.train.Trainer;
import org.lanewise.samples.report.ConfusionMatrix;
import org.lanewise.samples.report.Epochs;
import org.lanewise.samples.report.Machine;
import org.lanewise.samples.report.Pictures;
import org.lanewise.samples.report.Report;
import org.lanewise.samples.report.Section;
import org.lanewise.samples.report.Section.Confusion;
import org.lanewise.samples.report.Section.Mistake;
import org.lanewise.samples.report.Section.Mistakes;
import org.lanewise.samples.report.Section.Properties;
import org.lanewise.samples.report.Section.Text;
import org.lanewise.samples.training.Prediction;

/**
 * The report on a trained classifier of pictures.
 *
 * @param title what was trained
 * @param classes their names
 * @param test the pictures that it was tested with
 * @param predictions what it makes of each
 */
public record PictureReport(
    String title, List<String> classes, LabelledPictures test, List<Prediction> predictions) {
  private static final int MISTAKES_SHOWN = 24;

  /**
   * Makes the report.
   *
   * @param summary the model as a table
   * @param configuration settings by name
   */
  public Report of(Trainer trainer, String summary, Map<String, String> configuration) {
    int[] labels = test.labels();
    int[] read = predictions.stream().mapToInt(Prediction::label).toArray();
    ConfusionMatrix confusion = ConfusionMatrix.of(classes.size(), labels, read);
    var epochs = trainer.history().epochs();
    List<Section> sections = new ArrayList<>(Epochs.curves(epochs));
    sections.add(
        new Confusion(
            "Confusion matrix",
            "Test samples by their class (row) and what the model took them for (column).",
            classes,
            confusion.counts()));
    sections.add(mistakes(labels, read));
    sections.add(Epochs.table(epochs));
    sections.add(new Properties("Configuration", configuration));
    sections.add(new Properties("Machine", Machine.describe(trainer.session().device())));
    sections.add(new Text("Model", summary));
    return new Report(
        title + ": training report",
        Epochs.headline(epochs, confusion.wrong(), confusion.samples()),
        sections);
  }

  private Mistakes mistakes(int[] labels, int[] read) {
    List<Mistake> worst =
        IntStream.range(0, labels.length)
            .filter(i -> read[i] != labels[i])
            .boxed()
            .sorted( // highest loss first
                Comparator.comparingDouble(i -> predictions.get(i).probability(labels[i])))
            .limit(MISTAKES_SHOWN)
            .map(i ->
                new Mistake(
                    Pictures.dataUri(test.picture(i), LabelledPictures.SIDE),
                    classes.get(labels[i]),
                    classes.get(read[i]),
                    predictions.get(i).probability(read[i])))
            .toList();
    String note =
        worst.isEmpty()
            ? "None: every test sample was classified rightly."
            : "The wrongly classified test samples of the highest loss, with the probability that"
                + " the model gave to its reading.";
    return new Mistakes("Worst mistakes", note, worst);
  }
}
