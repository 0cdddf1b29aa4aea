package org.lanewise.samples.dna;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.lanewise.samples.report.ConfusionMatrix;
import org.lanewise.samples.report.Epochs;
import org.lanewise.samples.report.Machine;
import org.lanewise.samples.report.Report;
import org.lanewise.samples.report.Report.Fact;
import org.lanewise.samples.report.Section;
import org.lanewise.samples.report.Section.Confusion;
import org.lanewise.samples.report.Section.Curves;
import org.lanewise.samples.report.Section.Format;
import org.lanewise.samples.report.Section.Properties;
import org.lanewise.samples.report.Section.Series;
import org.lanewise.samples.report.Section.Table;
import org.lanewise.samples.report.Section.Text;

/**
 * The report on networks that find splice sites.
 *
 * @param thousand how they did under the protocol of KBANN's authors
 * @param all how they did on all examples
 */
record DnaReport(Outcome thousand, Outcome all) {
  /**
   * Error rates of KBANN in percent, neither, EI and IE, as the description of the data set in the
   * UCI repository has them.
   */
  private static final List<Double> KBANN = List.of(4.62, 7.56, 8.47);

  private static final List<Site> ORDER = List.of(Site.N, Site.EI, Site.IE);
  private static final String NAME = "%-22s";

  /** The error rates as a table of text. */
  String table() {
    StringBuilder text = new StringBuilder(NAME.formatted("error rates"));
    ORDER.forEach(site -> text.append("%16s".formatted(site.description())));
    text.append("%10s%n".formatted("all"));
    for (List<String> row : rows()) {
      text.append(NAME.formatted(row.getFirst()));
      row.subList(1, row.size() - 1).forEach(cell -> text.append("%16s".formatted(cell)));
      text.append("%10s%n".formatted(row.getLast()));
    }
    return text.toString();
  }

  private List<List<String>> rows() {
    Stream<String> kbann = KBANN.stream().map(rate -> "%.2f %%".formatted(rate));
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        Stream.of(Stream.of("KBANN, 1,000 examples"), kbann, Stream.of("–"))
            .flatMap(cells -> cells)
            .toList());
    rows.add(row(thousand));
    rows.add(row(all));
    return rows;
  }

  private static List<String> row(Outcome outcome) {
    ConfusionMatrix confusion = outcome.confusion();
    List<String> cells = new ArrayList<>(List.of(outcome.protocol().name()));
    ORDER.forEach(site -> cells.add(percent(confusion.errorRate(site.ordinal()))));
    cells.add(percent(1 - outcome.accuracy()));
    return cells;
  }

  private static String percent(double share) {
    return Double.isNaN(share) ? "–" : Epochs.percent(share);
  }

  /**
   * Makes the report.
   *
   * @param configuration settings by name
   * @param device in words
   * @param summary the model as a table
   */
  Report of(Map<String, String> configuration, String device, String summary) {
    List<Section> sections = new ArrayList<>();
    List<String> head = new ArrayList<>(List.of("protocol"));
    ORDER.forEach(site -> head.add(site.description()));
    head.add("all");
    sections.add(
        new Table(
            "Error rates",
            "Shares of the examples of each class that were classified wrongly by networks that had"
                + " not seen them: KBANN's and these.",
            head,
            rows()));
    sections.add(attention());
    sections.add(confusion(thousand));
    sections.add(confusion(all));
    sections.add(
        new Table(
            "Folds",
            "",
            List.of("fold", "wrong", "examples", "seconds"),
            Stream.of(thousand, all).flatMap(outcome -> outcome.rows().stream()).toList()));
    sections.add(new Properties("Configuration", configuration));
    sections.add(new Properties("Machine", Machine.describe(device)));
    sections.add(new Text("Model", summary));
    return new Report("Splice sites in DNA: training report", headline(), sections);
  }

  private List<Fact> headline() {
    return Stream.of(thousand, all)
        .flatMap(outcome ->
            Stream.of(
                new Fact("accuracy, " + outcome.protocol().name(), percent(outcome.accuracy())),
                new Fact(
                    "wrong, " + outcome.protocol().name(),
                    String.format(Locale.ROOT, "%,d", outcome.confusion().wrong()))))
        .toList();
  }

  private static Confusion confusion(Outcome outcome) {
    return new Confusion(
        "Confusion matrix, " + outcome.protocol().name(),
        "Examples by their class (row) and what the networks took them for (column).",
        Arrays.stream(Site.values()).map(Site::description).toList(),
        outcome.confusion().counts());
  }

  /** There is no position 0: the site is between the bases −1 and 1. */
  private Section attention() {
    int middle = Bases.WINDOW / 2;
    return new Curves(
        "Where the networks look",
        "mean |gradient × input| of the logit of an example's class, in examples not trained on",
        "base, counted from the site",
        IntStream.range(0, Bases.WINDOW)
            .mapToObj(i -> (double) (i < middle ? i - middle : i - middle + 1))
            .toList(),
        Arrays.stream(Site.values())
            .map(site -> new Series(site.description(), all.attribution().ofSite(site)))
            .toList(),
        Format.NUMBER,
        null);
  }
}
