package org.lanewise.nn.metrics;

import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.lanewise.nn.HostTensor;

/** Counts the rows of batches in a {@link ConfusionMatrix}, in 8 bytes for each pair of classes. */
public final class ConfusionCounter implements Metric.Measurement {
  private final Source source;
  private final List<String> names;
  private long[][] counts;
  private long[] unanswered;

  ConfusionCounter(Source source, List<String> names) {
    this.source = source;
    this.names = names;
    if (!names.isEmpty()) {
      start(names.size());
    }
  }

  private void start(int classes) {
    counts = new long[classes][classes];
    unanswered = new long[classes];
  }

  @Override
  public void add(Function<String, HostTensor> tensors, int samples) {
    Rows rows = source.rows(tensors);
    if (counts == null) {
      start(rows.classes());
    }
    if (rows.classes() != counts.length) {
      throw new IllegalArgumentException(
          "'%s' has %d classes but the matrix has %d"
              .formatted(source.output(), rows.classes(), counts.length));
    }
    rows.forEach((row, label) -> {
      int predicted = rows.predicted(row);
      if (predicted == Rows.NONE) {
        unanswered[label]++;
      } else {
        counts[label][predicted]++;
      }
    });
  }

  /** The accuracy. */
  @Override
  public double value() {
    return counts == null ? Double.NaN : matrix().accuracy();
  }

  /**
   * The counts so far.
   *
   * @throws IllegalStateException before the first batch, if the classes were not named
   */
  public ConfusionMatrix matrix() {
    if (counts == null) {
      throw new IllegalStateException("no batch has told yet how many classes there are");
    }
    return new ConfusionMatrix(
        names.isEmpty()
            ? IntStream.range(0, counts.length).mapToObj(Integer::toString).toList()
            : names,
        Stream.of(counts).map(row -> LongStream.of(row).boxed().toList()).toList(),
        LongStream.of(unanswered).boxed().toList());
  }
}
