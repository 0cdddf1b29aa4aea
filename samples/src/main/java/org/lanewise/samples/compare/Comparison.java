package org.lanewise.samples.compare;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.lanewise.samples.compare.RunHistory.Epoch;
import org.lanewise.samples.report.Report;
import org.lanewise.samples.report.Report.Fact;
import org.lanewise.samples.report.Section;
import org.lanewise.samples.report.Section.Curves;
import org.lanewise.samples.report.Section.Format;
import org.lanewise.samples.report.Section.Series;
import org.lanewise.samples.report.Section.Table;

/**
 * Several trainings side by side.
 *
 * @param runs at least one
 */
record Comparison(List<RunHistory> runs) {
  private static final List<String> HEAD =
      List.of(
          "run",
          "epochs",
          "training loss",
          "test loss",
          "test accuracy",
          "best",
          "in epoch",
          "samples/s",
          "seconds");

  private static final String NONE = "–";

  /** The table for a terminal: names on the left, numbers on the right of their columns. */
  String table() {
    List<List<String>> lines = new ArrayList<>(List.of(HEAD));
    lines.addAll(rows());
    int[] widths =
        IntStream.range(0, HEAD.size())
            .map(column ->
                lines.stream().mapToInt(line -> line.get(column).length()).max().orElse(0))
            .toArray();
    return lines.stream()
        .map(line ->
            IntStream.range(0, HEAD.size())
                .mapToObj(column -> {
                  String pad = " ".repeat(widths[column] - line.get(column).length());
                  return column == 0 ? line.get(0) + pad : pad + line.get(column);
                })
                .collect(Collectors.joining("   ")))
        .collect(Collectors.joining("\n", "", "\n"));
  }

  private List<List<String>> rows() {
    return runs.stream()
        .map(run -> {
          Epoch last = run.last();
          Epoch best = run.best();
          return List.of(
              run.name(),
              Integer.toString(run.epochs().size()),
              number("%.4f", last.trainLoss()),
              number("%.4f", last.testLoss()),
              percent(last.testAccuracy()),
              percent(best.testAccuracy()),
              Double.isNaN(best.testAccuracy()) ? NONE : Integer.toString(best.number()),
              number("%,.0f", last.samplesPerSecond()),
              number("%,.1f", run.seconds()));
        })
        .toList();
  }

  private static String percent(double share) {
    return number("%.2f %%", 100 * share);
  }

  private static String number(String format, double value) {
    return Double.isNaN(value) ? NONE : String.format(Locale.ROOT, format, value);
  }

  /** The page. */
  Report report() {
    List<Section> sections = new ArrayList<>();
    sections.add(curves("Training loss", Epoch::trainLoss, Format.NUMBER));
    sections.add(curves("Test loss", Epoch::testLoss, Format.NUMBER));
    sections.add(curves("Test accuracy", Epoch::testAccuracy, Format.PERCENT));
    sections.add(new Table("Runs", "As they are after their last epochs.", HEAD, rows()));
    return new Report("Comparison of %d trainings".formatted(runs.size()), headline(), sections);
  }

  private List<Fact> headline() {
    return runs.stream()
        .filter(run -> !Double.isNaN(run.best().testAccuracy()))
        .max(Comparator.comparingDouble(run -> run.best().testAccuracy()))
        .map(run ->
            List.of(
                new Fact("best test accuracy", percent(run.best().testAccuracy())),
                new Fact("in run", run.name()),
                new Fact("after epoch", Integer.toString(run.best().number()))))
        .orElse(List.of());
  }

  private Section curves(String title, ToDoubleFunction<Epoch> value, Format format) {
    TreeSet<Integer> numbers = new TreeSet<>();
    runs.forEach(run -> run.epochs().forEach(epoch -> numbers.add(epoch.number())));
    return new Curves(
        title,
        "after each epoch, by run",
        "epoch",
        numbers.stream().map(Integer::doubleValue).toList(),
        runs.stream().map(run -> series(run, numbers, value)).toList(),
        format,
        format == Format.PERCENT ? 1d : null);
  }

  private static Series series(
      RunHistory run, TreeSet<Integer> numbers, ToDoubleFunction<Epoch> value) {
    Map<Integer, Double> known =
        run.epochs().stream()
            .filter(epoch -> Double.isFinite(value.applyAsDouble(epoch)))
            .collect(Collectors.toMap(Epoch::number, value::applyAsDouble, (_, last) -> last));
    List<Double> values = new ArrayList<>();
    numbers.forEach(number -> values.add(known.get(number))); // null where there is none
    return new Series(run.name(), values);
  }
}
