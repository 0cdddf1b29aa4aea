package org.lanewise.nn;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.lanewise.nn.Constant.constant;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.function.BiFunction;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.lanewise.kernels.backend.Backends;
import org.lanewise.kernels.op.Shape;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.nn.gradient.Gradients;
import org.lanewise.nn.graph.Graph;
import org.lanewise.nn.graph.GraphBuilder;
import org.lanewise.nn.graph.Value;

/** Losses against their formulas in f64, and their gradients against differences of these. */
class LossFormulasTest {
  private static final int ROWS = 7;
  private static final int COLUMNS = 5;
  private static final double STEP = 1e-5;

  /** Of the largest element of a result. */
  private static final int VALUE_ULPS = 16;

  private static final int GRADIENT_ULPS = 32;

  private static final float[] CLASS_WEIGHTS = {0.5f, 2f, 1f, 0f, 3f};

  /** A loss of each row or element of tensors by name. */
  private interface Formula extends Function<Map<String, double[]>, double[]> {}

  /**
   * A loss.
   *
   * @param trained names of the tensors that have gradients
   * @param divisor of the mean, where that is not their number
   */
  private record Loss(
      String name,
      List<String> trained,
      BiFunction<Tensors, LossReduction, Tensor> loss,
      Formula formula,
      Function<Map<String, double[]>, Double> divisor) {
    Loss(
        String name,
        List<String> trained,
        BiFunction<Tensors, LossReduction, Tensor> loss,
        Formula formula) {
      this(name, trained, loss, formula, null);
    }
  }

  private record Case(Loss loss, LossReduction reduction, String backend) {
    @Override
    public String toString() {
      return loss.name + " " + reduction + " on " + backend;
    }
  }

  static Stream<Case> cases() {
    return losses()
        .flatMap(loss ->
            Stream.of(LossReduction.values())
                .flatMap(
                    of -> Backends.names().stream().map(backend -> new Case(loss, of, backend))));
  }

  // ---- The losses -----------------------------------------------------------------------------

  private static Stream<Loss> losses() {
    List<Loss> losses = new ArrayList<>();
    for (OptionalInt ignored :
        List.of(OptionalInt.empty(), OptionalInt.of(-100), OptionalInt.of(2))) {
      for (float smoothing : new float[] {0f, 0.1f}) {
        losses.add(crossEntropy(ignored, smoothing, null));
        losses.add(crossEntropy(ignored, smoothing, CLASS_WEIGHTS));
      }
    }
    List<String> x = List.of("x");
    List<String> both = List.of("x", "y");
    losses.add(
        new Loss(
            "binary cross-entropy",
            x,
            (in, of) -> in.get("x").binaryCrossEntropy(in.get("p"), of),
            in -> binaryCrossEntropy(in, new double[] {1})));
    losses.add(
        new Loss(
            "binary cross-entropy with a weight",
            List.of("x", "p"),
            (in, of) -> in.get("x").binaryCrossEntropy(in.get("p"), constant(3f), of),
            in -> binaryCrossEntropy(in, new double[] {3})));
    losses.add(
        new Loss(
            "binary cross-entropy with weights",
            x,
            (in, of) -> in.get("x").binaryCrossEntropy(in.get("p"), classWeights(), of),
            in -> binaryCrossEntropy(in, doubles(CLASS_WEIGHTS))));
    losses.add(
        new Loss(
            "squared",
            x,
            (in, of) -> in.get("x").squaredError(in.get("y"), of),
            in -> ofElements(in, e -> e * e)));
    losses.add(
        new Loss(
            "absolute",
            both,
            (in, of) -> in.get("x").absoluteError(in.get("y"), of),
            in -> ofElements(in, Math::abs)));
    losses.add(
        new Loss(
            "huber",
            x,
            (in, of) -> in.get("x").huber(in.get("y"), 1.25f, of),
            in ->
                ofElements(
                    in, e -> Math.abs(e) <= 1.25 ? e * e / 2 : 1.25 * (Math.abs(e) - 1.25 / 2))));
    losses.add(
        new Loss(
            "divergence",
            x,
            (in, of) -> in.get("x").klDivergence(in.get("p"), of),
            LossFormulasTest::divergence));
    losses.add(
        new Loss(
            "divergence of logarithms",
            both,
            (in, of) -> in.get("x").klDivergenceOfLogs(in.get("y"), of),
            in -> zip(in.get("x"), in.get("y"), (input, log) -> Math.exp(log) * (log - input))));
    losses.add(
        new Loss(
            "cosine",
            both,
            (in, of) -> in.get("x").cosineEmbedding(in.get("y"), in.get("sign"), 0.1f, of),
            LossFormulasTest::cosine));
    losses.add(
        new Loss(
            "triplet",
            List.of("x", "y", "z"),
            (in, of) -> in.get("x").tripletMargin(in.get("y"), in.get("z"), 0.5f, of),
            LossFormulasTest::triplet));
    return losses.stream();
  }

  private static Constant classWeights() {
    return constant(HostTensor.of(CLASS_WEIGHTS, COLUMNS));
  }

  private static Loss crossEntropy(OptionalInt ignored, float smoothing, float[] weights) {
    CrossEntropy plain = new CrossEntropy(ignored, smoothing, Optional.empty(), LossReduction.MEAN);
    CrossEntropy options = weights == null ? plain : plain.weights(weights);
    double[] w = weights == null ? new double[] {1, 1, 1, 1, 1} : doubles(weights);
    String labels = ignored.orElse(0) == -100 ? "labels and others" : "labels";
    return new Loss(
        "cross-entropy %s %s %s".formatted(ignored, smoothing, weights == null ? "" : "weights"),
        List.of("x"),
        (in, of) -> in.get("x").crossEntropy(in.get(labels), options.reduction(of)),
        in -> {
          double[] losses = new double[ROWS];
          for (int i = 0; i < ROWS; i++) {
            int label = (int) in.get(labels)[i];
            if (ignored.isEmpty() || label != ignored.getAsInt()) {
              losses[i] = crossEntropy(in.get("x"), i, label, smoothing, w);
            }
          }
          return losses;
        },
        in -> {
          double sum = 0;
          for (double label : in.get(labels)) {
            if (ignored.isEmpty() || label != ignored.getAsInt()) {
              sum += w[(int) label];
            }
          }
          return sum;
        });
  }

  private static double crossEntropy(double[] x, int row, int label, double smoothing, double[] w) {
    double sum = 0;
    for (int c = 0; c < COLUMNS; c++) {
      sum += Math.exp(x[row * COLUMNS + c]);
    }
    double loss = 0;
    for (int c = 0; c < COLUMNS; c++) {
      double target = (c == label ? 1 - smoothing : 0) + smoothing / COLUMNS;
      loss -= w[c] * target * (x[row * COLUMNS + c] - Math.log(sum));
    }
    return loss;
  }

  private static double[] binaryCrossEntropy(Map<String, double[]> in, double[] weights) {
    double[] losses = new double[ROWS * COLUMNS];
    for (int i = 0; i < losses.length; i++) {
      double x = in.get("x")[i];
      double t = in.get("p")[i];
      losses[i] =
          weights[i % weights.length] * t * Math.log1p(Math.exp(-x))
              + (1 - t) * Math.log1p(Math.exp(x));
    }
    return losses;
  }

  private static double[] divergence(Map<String, double[]> in) {
    return zip(in.get("x"), in.get("p"), (x, p) -> p == 0 ? 0 : p * (Math.log(p) - x));
  }

  private static double[] cosine(Map<String, double[]> in) {
    double[] losses = new double[ROWS];
    for (int i = 0; i < ROWS; i++) {
      double[] x = row(in.get("x"), i);
      double[] y = row(in.get("y"), i);
      double cosine = dot(x, y) / Math.sqrt(dot(x, x) * dot(y, y));
      double sign = in.get("sign")[i];
      losses[i] = sign == 1 ? 1 - cosine : sign == -1 ? Math.max(0, cosine - 0.1) : 0;
    }
    return losses;
  }

  private static double[] triplet(Map<String, double[]> in) {
    double[] losses = new double[ROWS];
    for (int i = 0; i < ROWS; i++) {
      double[] x = row(in.get("x"), i);
      double near = distance(x, row(in.get("y"), i));
      double far = distance(x, row(in.get("z"), i));
      losses[i] = Math.max(0, near - far + 0.5);
    }
    return losses;
  }

  private static double distance(double[] x, double[] y) {
    double[] difference = zip(x, y, (a, b) -> a - b + 1e-6);
    return Math.sqrt(dot(difference, difference));
  }

  private static double dot(double[] x, double[] y) {
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      sum += x[i] * y[i];
    }
    return sum;
  }

  private static double[] row(double[] x, int row) {
    return Arrays.copyOfRange(x, row * COLUMNS, (row + 1) * COLUMNS);
  }

  private static double[] ofElements(Map<String, double[]> in, DoubleUnaryOperator ofError) {
    return zip(in.get("x"), in.get("y"), (x, y) -> ofError.applyAsDouble(x - y));
  }

  private static double[] zip(double[] x, double[] y, DoubleBinaryOperator function) {
    double[] z = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      z[i] = function.applyAsDouble(x[i], y[i]);
    }
    return z;
  }

  private static double[] doubles(float[] floats) {
    double[] doubles = new double[floats.length];
    for (int i = 0; i < floats.length; i++) {
      doubles[i] = floats[i];
    }
    return doubles;
  }

  // ---- The tensors ----------------------------------------------------------------------------

  private static final Signature SIGNATURE = signature();

  private static Signature signature() {
    TensorType matrix = TensorType.f32(ROWS, COLUMNS);
    return Signature.of("x", matrix)
        .and("y", matrix)
        .and("z", matrix)
        .and("p", matrix)
        .and("sign", TensorType.f32(ROWS))
        .and("labels", TensorType.i32(ROWS))
        .and("labels and others", TensorType.i32(ROWS));
  }

  /** Numbers that are f32, so that both sides begin with the same. */
  private static Map<String, double[]> tensors() {
    SplittableRandom random = new SplittableRandom(11);
    Map<String, double[]> tensors = new LinkedHashMap<>();
    SIGNATURE
        .types()
        .forEach((name, type) -> {
          double[] elements = new double[(int) type.shape().size()];
          for (int i = 0; i < elements.length; i++) {
            elements[i] =
                switch (name) {
                  case "p" -> i % 6 == 0 ? 0 : random.nextInt(1, 100) / 128d;
                  case "sign" -> i % 3 - 1;
                  case "labels" -> i % COLUMNS;
                  case "labels and others" -> i % 3 == 1 ? -100 : i % COLUMNS;
                  default -> (float) (4 * random.nextDouble() - 2);
                };
          }
          tensors.put(name, elements);
        });
    return tensors;
  }

  // ---- The comparison -------------------------------------------------------------------------

  @ParameterizedTest
  @MethodSource("cases")
  void lossAndGradientsAreThoseOfTheFormula(Case c) {
    Map<String, double[]> tensors = tensors();
    double[] expected = reduced(c, tensors);
    Function<Tensors, Tensors> function =
        in -> {
          Tensor y = c.loss.loss.apply(in, c.reduction);
          return Tensors.of("y", y).and("total", y.mul(cotangent(y.shape())).sum());
        };
    Graph forward = Components.of(new Nothing()).trace(Mode.TRAIN, SIGNATURE, function);
    GraphBuilder graph = forward.toBuilder();
    List<Value> trained = c.loss.trained.stream().map(forward.inputs()::get).toList();
    Map<Value, Value> gradients = Gradients.append(graph, forward.output("total"), trained);
    gradients.forEach((of, gradient) -> graph.output("d" + of.name(), gradient));
    try (TestRun run = new TestRun(graph.build(), c.backend)) {
      forward.inputs().forEach((name, value) -> run.write(value, tensors.get(name)));
      run.run();
      check("loss", run.read(forward.output("y")), expected, VALUE_ULPS);
      for (Value of : trained) {
        check(
            "gradient of " + of.name(),
            run.read(gradients.get(of)),
            differences(c, tensors, of.name()),
            GRADIENT_ULPS);
      }
    }
  }

  record Nothing() {}

  private static double[] reduced(Case c, Map<String, double[]> tensors) {
    double[] losses = c.loss.formula.apply(tensors);
    double sum = 0;
    for (double loss : losses) {
      sum += loss;
    }
    return switch (c.reduction) {
      case NONE -> losses;
      case SUM -> new double[] {sum};
      case BATCH_MEAN -> new double[] {sum / ROWS};
      case MEAN ->
          new double[] {
            sum / (c.loss.divisor == null ? losses.length : c.loss.divisor.apply(tensors))
          };
    };
  }

  private static Constant cotangent(Shape shape) {
    HostTensor elements = HostTensor.zeros(TensorType.f32(shape));
    for (int i = 0; i < shape.size(); i++) {
      elements.data().setAtIndex(JAVA_FLOAT, i, weight(i));
    }
    return constant(elements);
  }

  private static float weight(int index) {
    return 1f + index % 4 / 4f;
  }

  private static double total(Case c, Map<String, double[]> tensors) {
    double[] losses = reduced(c, tensors);
    double total = 0;
    for (int i = 0; i < losses.length; i++) {
      total += weight(i) * losses[i];
    }
    return total;
  }

  private static double[] differences(Case c, Map<String, double[]> tensors, String name) {
    double[] elements = tensors.get(name);
    double[] gradient = new double[elements.length];
    for (int i = 0; i < elements.length; i++) {
      double before = elements[i];
      if (name.equals("p") && before == 0) {
        gradient[i] = Double.NaN; // the formula ends there
        continue;
      }
      elements[i] = before + STEP;
      double high = total(c, tensors);
      elements[i] = before - STEP;
      double low = total(c, tensors);
      elements[i] = before;
      gradient[i] = (high - low) / (2 * STEP);
    }
    return gradient;
  }

  private static void check(String name, float[] actual, double[] expected, int ulps) {
    assertThat(actual).as(name).hasSameSizeAs(expected);
    double largest = 0;
    for (double element : expected) {
      largest = Math.max(largest, Double.isNaN(element) ? 0 : Math.abs(element));
    }
    double bound = ulps * (double) Math.ulp((float) largest) + 1e-9; // of the differences
    for (int i = 0; i < expected.length; i++) {
      if (!Double.isNaN(expected[i])) {
        assertThat((double) actual[i]).as("%s[%d]", name, i).isCloseTo(expected[i], within(bound));
      }
    }
  }
}
