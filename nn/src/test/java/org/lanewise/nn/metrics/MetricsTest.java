package org.lanewise.nn.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lanewise.kernels.op.ShapeException;
import org.lanewise.nn.HostTensor;

/** Metrics against their definitions, on random numbers of which many are equal. */
class MetricsTest {
  private static final int ROWS = 97;
  private static final int CLASSES = 4;
  private static final int IGNORED = -100;

  /**
   * Rows of scores with labels.
   *
   * @param scores [rows][columns]
   */
  private record Data(float[][] scores, int[] labels) {
    static Data random(int columns, int seed, boolean hasIgnored, boolean hasNan) {
      SplittableRandom random = new SplittableRandom(seed);
      int classes = columns == 1 ? 2 : columns;
      float[][] scores = new float[ROWS][columns];
      int[] labels = new int[ROWS];
      for (int i = 0; i < ROWS; i++) {
        labels[i] = hasIgnored && i % 7 == 3 ? IGNORED : random.nextInt(classes);
        for (int c = 0; c < columns; c++) {
          scores[i][c] = random.nextInt(5) - 2f;
        }
        if (hasNan && i % 11 == 5) {
          scores[i][random.nextInt(columns)] = Float.NaN;
        }
      }
      return new Data(scores, labels);
    }

    /** The metric from batches of some size. */
    double measure(Metric metric, int size) {
      Metric.Measurement measurement = metric.start();
      assertThat(measurement.value()).isNaN();
      for (int from = 0; from < labels.length; from += size) {
        add(measurement, from, Math.min(labels.length, from + size));
      }
      return measurement.value();
    }

    void add(Metric.Measurement measurement, int from, int to) {
      int columns = scores[0].length;
      float[] batch = new float[(to - from) * columns];
      int[] ofBatch = new int[to - from];
      for (int i = from; i < to; i++) {
        System.arraycopy(scores[i], 0, batch, (i - from) * columns, columns);
        ofBatch[i - from] = labels[i];
      }
      measurement.add(
          Map.of(
                  "logits", HostTensor.of(batch, to - from, columns),
                  "label", HostTensor.of(ofBatch, to - from))
              ::get,
          to - from);
    }

    List<Integer> counting() {
      return IntStream.range(0, labels.length).filter(i -> labels[i] != IGNORED).boxed().toList();
    }

    boolean isNumber(int row) {
      for (float score : scores[row]) {
        if (Float.isNaN(score)) {
          return false;
        }
      }
      return true;
    }

    /** The class of a row, or −1. */
    int predicted(int row) {
      if (!isNumber(row)) {
        return -1;
      }
      float[] of = scores[row];
      return of.length == 1
          ? of[0] > 0 ? 1 : 0
          : IntStream.range(0, of.length)
              .boxed()
              .max((a, b) -> of[a] != of[b] ? Float.compare(of[a], of[b]) : b - a)
              .orElseThrow();
    }

    long count(int label, int predicted) {
      return counting().stream()
          .filter(i -> labels[i] == label && predicted(i) == predicted)
          .count();
    }
  }

  private record Definition(Metric metric, int columns, ToDoubleFunction<Data> value) {
    @Override
    public String toString() {
      return metric.name() + " of " + columns;
    }
  }

  static Stream<Definition> definitions() {
    Source source = Source.CLASSES.ignoreIndex(IGNORED);
    List<Definition> all = new ArrayList<>();
    for (int columns : new int[] {1, 2, CLASSES}) {
      all.add(new Definition(Metric.accuracy(source), columns, MetricsTest::accuracy));
      all.add(new Definition(Metric.perplexity(source), columns, MetricsTest::perplexity));
      for (Average average : Average.values()) {
        if (columns < 3 || average != Average.BINARY) {
          all.add(
              new Definition(
                  Metric.precision(average, source),
                  columns,
                  data -> average(data, average, MetricsTest::precision)));
          all.add(
              new Definition(
                  Metric.recall(average, source),
                  columns,
                  data -> average(data, average, MetricsTest::recall)));
          all.add(
              new Definition(
                  Metric.f1(average, source),
                  columns,
                  data ->
                      average(
                          data,
                          average,
                          (correct, answered, actual) -> 2 * correct / (answered + actual))));
        }
      }
      if (columns < 3) {
        all.add(new Definition(Metric.rocAuc(source), columns, MetricsTest::area));
      }
    }
    for (int k = 1; k <= CLASSES + 1; k++) {
      int best = k;
      all.add(new Definition(Metric.topK(k, source), CLASSES, data -> topK(data, best)));
    }
    return all.stream();
  }

  private static double accuracy(Data data) {
    return data.counting().stream()
        .mapToInt(i -> data.predicted(i) == data.labels[i] ? 1 : 0)
        .average()
        .orElse(Double.NaN);
  }

  /** Whether fewer than k classes are better, of which a first one is of equal ones. */
  private static double topK(Data data, int k) {
    return data.counting().stream()
        .mapToInt(i -> {
          float[] of = data.scores[i];
          int label = data.labels[i];
          List<Integer> order =
              IntStream.range(0, of.length)
                  .boxed()
                  .sorted((a, b) -> of[a] != of[b] ? Float.compare(of[b], of[a]) : a - b)
                  .limit(k)
                  .toList();
          return data.isNumber(i) && order.contains(label) ? 1 : 0;
        })
        .average()
        .orElse(Double.NaN);
  }

  /** Of rows that are right, that get a class, and that are of it. */
  private interface Score {
    double of(double correct, double answered, double actual);
  }

  private static double precision(double correct, double answered, double actual) {
    return answered == 0 ? 0 : correct / answered;
  }

  private static double recall(double correct, double answered, double actual) {
    return actual == 0 ? 0 : correct / actual;
  }

  private static double average(Data data, Average average, Score score) {
    int classes = Math.max(2, data.scores[0].length);
    double[] sums = new double[3];
    double sum = 0;
    int occurring = 0;
    for (int c = 0; c < classes; c++) {
      int label = c;
      double correct = data.count(c, c);
      double answered = IntStream.range(0, classes).mapToLong(l -> data.count(l, label)).sum();
      double actual = IntStream.range(-1, classes).mapToLong(p -> data.count(label, p)).sum();
      if (answered + actual > 0) {
        occurring++;
        sum += score.of(correct, answered, actual);
      }
      sums[0] += correct;
      sums[1] += answered;
      sums[2] += actual;
      if (average == Average.BINARY && c == 1) {
        return score.of(correct, answered, actual);
      }
    }
    return average == Average.MACRO ? sum / occurring : score.of(sums[0], sums[1], sums[2]);
  }

  private static double area(Data data) {
    double right = 0;
    double pairs = 0;
    for (int high : data.counting()) {
      for (int low : data.counting()) {
        if (data.labels[high] == 1 && data.labels[low] == 0) {
          double difference = score(data, high) - score(data, low);
          right += difference > 0 ? 1 : difference == 0 ? 0.5 : 0;
          pairs++;
        }
      }
    }
    return right / pairs;
  }

  private static double score(Data data, int row) {
    float[] of = data.scores[row];
    return of.length == 1 ? of[0] : of[1] - of[0];
  }

  private static double perplexity(Data data) {
    return Math.exp(
        data.counting().stream()
            .mapToDouble(i -> {
              float[] of = data.scores[i];
              double[] x = of.length == 1 ? new double[] {0, of[0]} : new double[of.length];
              double sum = 0;
              for (int c = 0; c < x.length; c++) {
                x[c] = of.length == 1 ? x[c] : of[c];
                sum += Math.exp(x[c]);
              }
              return Math.log(sum) - x[data.labels[i]];
            })
            .average()
            .orElse(Double.NaN));
  }

  @ParameterizedTest
  @MethodSource("definitions")
  void followsItsDefinition(Definition definition) {
    for (int seed = 0; seed < 20; seed++) {
      Data data = Data.random(definition.columns, seed, seed % 2 == 1, seed % 4 > 1);
      double expected = definition.value.applyAsDouble(data);
      double value = data.measure(definition.metric, ROWS);
      if (Double.isNaN(expected)) {
        assertThat(value).as("seed %d", seed).isNaN();
      } else {
        assertThat(value).as("seed %d", seed).isCloseTo(expected, within(1e-12 * expected));
      }
      for (int size : new int[] {1, 2, 13, 96}) {
        assertThat(data.measure(definition.metric, size))
            .as("in batches of %d", size)
            .isEqualTo((Double) value);
      }
    }
  }

  // ---- What is no number ----------------------------------------------------------------------

  @ParameterizedTest
  @ValueSource(ints = {1, 2, CLASSES})
  void outputsThatAreNotNumbersAreNeverRight(int columns) {
    Data data = Data.random(columns, 1, false, false);
    for (float[] row : data.scores) {
      row[0] = Float.NaN;
    }
    for (Metric metric :
        List.of(
            Metric.accuracy(),
            Metric.precision(Average.MACRO),
            Metric.recall(Average.MICRO),
            Metric.f1(Average.MACRO))) {
      assertThat(data.measure(metric, 10)).as(metric.name()).isZero();
    }
    assertThat(data.measure(Metric.perplexity(), 10)).isNaN();
    if (columns < 3) {
      assertThat(data.measure(Metric.rocAuc(), 10)).isZero();
    }
    if (columns > 1) {
      assertThat(data.measure(Metric.topK(columns), 10)).isZero();
    }
  }

  @Test
  void infinitiesAreNumbers() {
    float inf = Float.POSITIVE_INFINITY;
    Data data = new Data(new float[][] {{inf}, {-inf}, {inf}, {0}}, new int[] {1, 0, 0, 1});
    assertThat(data.measure(Metric.accuracy(), 3)).isEqualTo(0.5);
    assertThat(data.measure(Metric.rocAuc(), 3)).isEqualTo((1 + 0.5 + 1 + 0) / 4);
  }

  /** The negative zero is not less. */
  @Test
  void bothZerosAreEqualScores() {
    Data data = new Data(new float[][] {{-0f}, {0f}, {0f}, {-0f}}, new int[] {1, 0, 1, 0});
    assertThat(data.measure(Metric.rocAuc(), 4)).isEqualTo(0.5);
  }

  @Test
  void aClassWithoutRowsHasNoArea() {
    Data data = new Data(new float[][] {{1}, {2}}, new int[] {1, 1});
    assertThat(data.measure(Metric.rocAuc(), 1)).isNaN();
  }

  // ---- The confusion matrix -------------------------------------------------------------------

  @Test
  void aConfusionMatrixCountsAndPrints() {
    Data data =
        new Data(
            new float[][] {
              {2, 1, 0}, {0, 3, 1}, {1, 1, 0}, {0, 0, Float.NaN}, {0, 1, 5}, {0, 2, 1}
            },
            new int[] {0, 1, 1, 2, 2, 2});
    ConfusionCounter counter = ConfusionMatrix.counter(Source.CLASSES, "cat", "dog", "owl");
    data.add(counter, 0, 4);
    data.add(counter, 4, 6);
    ConfusionMatrix matrix = counter.matrix();
    assertThat(matrix.counts())
        .containsExactly(List.of(1L, 0L, 0L), List.of(1L, 1L, 0L), List.of(0L, 1L, 1L));
    assertThat(matrix.unanswered()).containsExactly(0L, 0L, 1L);
    assertThat(matrix.total()).isEqualTo(6);
    assertThat(matrix.accuracy()).isEqualTo(0.5).isEqualTo(counter.value());
    assertThat(matrix.precision(0)).isEqualTo(0.5);
    assertThat(matrix.recall(2)).isEqualTo(1 / 3d);
    assertThat(matrix.f1(2)).isEqualTo(0.5);
    assertThat(matrix.precision(Average.MICRO)).isEqualTo(3 / 5d);
    assertThat(matrix.recall(Average.MACRO)).isCloseTo((1 + 0.5 + 1 / 3d) / 3, within(1e-15));
    assertThat(matrix)
        .hasToString(
            """
                 cat  dog  owl  none
            cat    1    0    0     0
            dog    1    1    0     0
            owl    0    1    1     1
            """);
  }

  @ParameterizedTest
  @EnumSource
  void aConfusionMatrixKnowsTheMetricsOfItsClasses(Average average) {
    for (int seed = 0; seed < 10; seed++) {
      Data data = Data.random(2, seed, false, seed % 2 == 0);
      ConfusionCounter counter = ConfusionMatrix.counter(Source.CLASSES);
      data.add(counter, 0, ROWS);
      assertThat(counter.matrix().classes()).containsExactly("0", "1");
      assertThat(counter.matrix().precision(average))
          .isEqualTo(data.measure(Metric.precision(average), 9));
      assertThat(counter.matrix().recall(average))
          .isEqualTo(data.measure(Metric.recall(average), 9));
      assertThat(counter.matrix().f1(average)).isEqualTo(data.measure(Metric.f1(average), 9));
    }
  }

  // ---- Labels ---------------------------------------------------------------------------------

  private static double measure(Metric metric, HostTensor output, HostTensor target) {
    Metric.Measurement measurement = metric.start();
    measurement.add(
        Map.of("logits", output, "label", target, "output", output, "target", target)::get,
        (int) output.type().shape().dimension(0));
    return measurement.value();
  }

  @Test
  void labelsMayBeOfAnyTypeAndHaveMoreAxes() {
    HostTensor logits = HostTensor.of(new float[] {1, 2, 3, 1, 2, 0, 4, 9}, 2, 2, 2);
    for (HostTensor labels :
        List.of(
            HostTensor.of(new int[] {1, 0, 0, 0}, 2, 2),
            HostTensor.of(new long[] {1, 0, 0, 0}, 2, 2),
            HostTensor.of(new byte[] {1, 0, 0, 0}, 2, 2),
            HostTensor.of(new float[] {1, 0, 0, 0}, 2, 2))) {
      assertThat(measure(Metric.accuracy(), logits, labels)).isEqualTo(0.75);
    }
    HostTensor one = HostTensor.of(new float[] {1, -2, 3, 0}, 4, 1);
    assertThat(measure(Metric.accuracy(), one, HostTensor.of(new float[] {1, 0, 0, 0}, 4, 1)))
        .isEqualTo(0.75);
  }

  @Test
  void namesWhatDoesNotFit() {
    HostTensor logits = HostTensor.of(new float[6], 2, 3);
    assertThatThrownBy(() -> measure(Metric.accuracy(), logits, HostTensor.of(new int[3], 3)))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining("f32[2, 3]")
        .hasMessageContaining("i32[3]");
    assertThatThrownBy(() -> measure(Metric.accuracy(), logits, HostTensor.of(new int[] {0, 3}, 2)))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .hasMessage("label 3.0 of row 1 of 'label' is not one of the 3 classes");
    assertThatThrownBy(
            () -> measure(Metric.accuracy(), logits, HostTensor.of(new float[] {0, 0.5f}, 2)))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .hasMessageContaining("label 0.5");
    HostTensor labels = HostTensor.of(new int[] {0, 1}, 2);
    assertThatThrownBy(() -> measure(Metric.f1(Average.BINARY), logits, labels))
        .hasMessage("a binary metric needs 2 classes but there are 3");
    assertThatThrownBy(() -> measure(Metric.rocAuc(), logits, labels))
        .hasMessage("roc_auc needs 2 classes but 'logits' has 3");
    assertThatThrownBy(() -> measure(Metric.rSquared(), logits, labels))
        .isInstanceOf(ShapeException.class)
        .hasMessage("'output' f32[2, 3] must have the shape of 'target' i32[2]");
    assertThatThrownBy(() -> Metric.topK(0)).hasMessage("k must be at least 1 but is 0");
    assertThatThrownBy(
            () -> new ConfusionMatrix(List.of("a", "b"), List.of(List.of(1L)), List.of(0L)))
        .hasMessageContaining("2 classes need counts [2, 2] and 2 unanswered but have [[1]]");
    ConfusionCounter counter = ConfusionMatrix.counter(Source.CLASSES, "a", "b");
    assertThatThrownBy(() -> counter.add(Map.of("logits", logits, "label", labels)::get, 2))
        .hasMessage("'logits' has 3 classes but the matrix has 2");
    assertThatThrownBy(() -> ConfusionMatrix.counter(Source.CLASSES).matrix())
        .isInstanceOf(IllegalStateException.class);
  }

  // ---- Regressions ----------------------------------------------------------------------------

  private static double regression(
      Metric metric, float[] outputs, float[] targets, int columns, int size) {
    Metric.Measurement measurement = metric.start();
    assertThat(measurement.value()).isNaN();
    int rows = outputs.length / columns;
    for (int from = 0; from < rows; from += size) {
      int to = Math.min(rows, from + size);
      Map<String, HostTensor> batch =
          Map.of(
              "output",
              part(outputs, from, to, columns),
              "target",
              part(targets, from, to, columns));
      measurement.add(batch::get, to - from);
    }
    return measurement.value();
  }

  private static HostTensor part(float[] all, int from, int to, int columns) {
    return HostTensor.of(Arrays.copyOfRange(all, from * columns, to * columns), to - from, columns);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void errorsFollowTheirDefinitions(int columns) {
    SplittableRandom random = new SplittableRandom(columns);
    int rows = 50;
    float[] outputs = new float[rows * columns];
    float[] targets = new float[rows * columns];
    for (int i = 0; i < outputs.length; i++) {
      targets[i] = 10_000 + random.nextInt(5); // far from 0, where a difference of squares fails
      outputs[i] = targets[i] + random.nextInt(3) - 1;
    }
    double squares = 0;
    double absolute = 0;
    double r2 = 0;
    for (int c = 0; c < columns; c++) {
      double mean = 0;
      for (int i = c; i < targets.length; i += columns) {
        mean += targets[i] / (double) rows;
      }
      double residual = 0;
      double around = 0;
      for (int i = c; i < targets.length; i += columns) {
        double error = (double) outputs[i] - targets[i];
        residual += error * error;
        absolute += Math.abs(error);
        around += (targets[i] - mean) * (targets[i] - mean);
      }
      squares += residual;
      r2 += (1 - residual / around) / columns;
    }
    Map<Metric, Double> expected =
        Map.of(
            Metric.rootMeanSquaredError(),
            Math.sqrt(squares / outputs.length),
            Metric.meanAbsoluteError(),
            absolute / outputs.length,
            Metric.rSquared(),
            r2);
    expected.forEach((metric, value) -> {
      double whole = regression(metric, outputs, targets, columns, rows);
      assertThat(whole).as(metric.name()).isCloseTo(value, within(1e-10));
      for (int size : new int[] {1, 7, 49}) {
        assertThat(regression(metric, outputs, targets, columns, size)).isEqualTo(whole);
      }
    });
  }

  @Test
  void errorsOfWhatIsNoNumberAreNone() {
    float[] outputs = {1, Float.NaN};
    float[] targets = {1, 2};
    for (Metric metric :
        List.of(Metric.rootMeanSquaredError(), Metric.meanAbsoluteError(), Metric.rSquared())) {
      assertThat(regression(metric, outputs, targets, 1, 2)).as(metric.name()).isNaN();
    }
    assertThat(regression(Metric.rSquared(), new float[] {1, 2}, new float[] {3, 3}, 1, 2))
        .isEqualTo(Double.NEGATIVE_INFINITY);
  }

  @Test
  void metricsHaveNamesWithoutSpaces() {
    assertThat(
            Stream.of(
                    Metric.accuracy(),
                    Metric.topK(5),
                    Metric.precision(Average.BINARY),
                    Metric.recall(Average.MACRO),
                    Metric.f1(Average.MICRO),
                    Metric.rocAuc(),
                    Metric.perplexity(),
                    Metric.rootMeanSquaredError(),
                    Metric.meanAbsoluteError(),
                    Metric.rSquared(),
                    Metric.accuracy().named("of_tokens"))
                .map(Metric::name))
        .containsExactly(
            "accuracy",
            "top_5",
            "precision",
            "macro_recall",
            "micro_f1",
            "roc_auc",
            "perplexity",
            "rmse",
            "mae",
            "r2",
            "of_tokens");
  }
}
