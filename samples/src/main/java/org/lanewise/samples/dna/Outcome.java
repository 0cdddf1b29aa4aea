package org.lanewise.samples.dna;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.IntStream;
import org.lanewise.nn.HostTensor;
import org.lanewise.samples.report.ConfusionMatrix;
import org.lanewise.samples.training.Prediction;

/** What a cross-validation found: predictions for examples that the networks had not seen. */
final class Outcome {
  private final Protocol protocol;
  private final List<Integer> labels = new ArrayList<>();
  private final List<Integer> predictions = new ArrayList<>();
  private final List<Long> wrong = new ArrayList<>();
  private final List<Integer> sizes = new ArrayList<>();
  private final List<Double> seconds = new ArrayList<>();
  private final SequencedMap<String, HostTensor> tensors = new LinkedHashMap<>();
  private final Attribution attribution = new Attribution();

  Outcome(Protocol protocol) {
    this.protocol = protocol;
  }

  /**
   * Adds a fold.
   *
   * @param test the examples of the fold
   * @param predicted what the networks make of them
   * @param trained seconds that the training took
   */
  void add(SpliceJunctions test, List<Prediction> predicted, double trained) {
    int[] own = test.labels();
    long misclassified =
        IntStream.range(0, own.length).filter(i -> predicted.get(i).label() != own[i]).count();
    IntStream.of(own).forEach(labels::add);
    predicted.forEach(prediction -> predictions.add(prediction.label()));
    wrong.add(misclassified);
    sizes.add(own.length);
    seconds.add(trained);
  }

  /** Adds a fold's networks, which are numbered on from those that are there. */
  void add(SequencedMap<String, HostTensor> networks) {
    int first = (wrong.size() - 1) * SpliceClassifier.TOGETHER;
    networks.forEach((name, tensor) -> {
      String[] path = name.split("\\.", 3); // networks, number, what follows
      int number = first + Integer.parseInt(path[1]);
      HostTensor copy = HostTensor.zeros(tensor.type());
      tensor.copyTo(copy);
      tensors.put("%s.%d.%s".formatted(path[0], number, path[2]), copy);
    });
  }

  Protocol protocol() {
    return protocol;
  }

  /** The networks of all folds that were added, by name. */
  SequencedMap<String, HostTensor> tensors() {
    return Collections.unmodifiableSequencedMap(tensors);
  }

  /** Where the networks look. */
  Attribution attribution() {
    return attribution;
  }

  ConfusionMatrix confusion() {
    return ConfusionMatrix.of(
        Site.values().length,
        labels.stream().mapToInt(Integer::intValue).toArray(),
        predictions.stream().mapToInt(Integer::intValue).toArray());
  }

  /** The share of all examples that were classified rightly. */
  double accuracy() {
    ConfusionMatrix confusion = confusion();
    return 1 - (double) confusion.wrong() / confusion.samples();
  }

  /** Misclassified examples of the last fold. */
  long lastWrong() {
    return wrong.getLast();
  }

  /** Rows for the report: fold, wrong, examples, seconds. */
  List<List<String>> rows() {
    return IntStream.range(0, wrong.size())
        .mapToObj(i ->
            List.of(
                "%s, fold %d".formatted(protocol.name(), i + 1),
                Long.toString(wrong.get(i)),
                Integer.toString(sizes.get(i)),
                "%.1f".formatted(seconds.get(i))))
        .toList();
  }
}
