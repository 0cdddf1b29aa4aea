package org.lanewise.samples.mnist;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.lanewise.nn.train.Trainer;
import org.lanewise.samples.report.Machine;
import org.lanewise.samples.report.Pictures;
import org.lanewise.samples.report.Report;

/** Makes the report on a trained digit classifier. */
final class MnistReport {
  private static final int MISTAKES_SHOWN = 24;

  private MnistReport() {}

  /** A test picture, what it shows and what the classifier reads in it. */
  private record Verdict(int index, int label, Reading reading) {
    int prediction() {
      return reading.digit();
    }

    boolean wrong() {
      return prediction() != label;
    }

    double labelProbability() {
      return reading.probability(label);
    }
  }

  static Report of(
      Trainer trainer,
      DigitReader reader,
      Digits test,
      String summary,
      Map<String, String> configuration) {
    List<Verdict> verdicts = judge(reader, test);
    return new Report(
        "MNIST digits",
        trainer.history().epochs(),
        IntStream.range(0, Digits.CLASSES).mapToObj(Integer::toString).toList(),
        confusion(verdicts),
        verdicts.stream()
            .filter(Verdict::wrong)
            .sorted(Comparator.comparingDouble(Verdict::labelProbability)) // highest loss first
            .limit(MISTAKES_SHOWN)
            .map(verdict -> mistake(verdict, test))
            .toList(),
        configuration,
        Machine.describe(trainer.session().device()),
        summary);
  }

  private static List<Verdict> judge(DigitReader reader, Digits test) {
    List<Reading> readings = reader.read(test.pictures());
    int[] labels = test.labels();
    return IntStream.range(0, labels.length)
        .mapToObj(i -> new Verdict(i, labels[i], readings.get(i)))
        .toList();
  }

  private static List<List<Integer>> confusion(List<Verdict> verdicts) {
    Integer[][] counts = new Integer[Digits.CLASSES][Digits.CLASSES];
    Arrays.stream(counts).forEach(row -> Arrays.fill(row, 0));
    for (Verdict verdict : verdicts) {
      counts[verdict.label][verdict.prediction()]++;
    }
    return Arrays.stream(counts).map(List::of).toList();
  }

  private static Report.Mistake mistake(Verdict verdict, Digits test) {
    int prediction = verdict.prediction();
    return new Report.Mistake(
        Pictures.dataUri(test.picture(verdict.index), Digits.SIDE),
        Integer.toString(verdict.label),
        Integer.toString(prediction),
        verdict.reading.probability(prediction));
  }
}
