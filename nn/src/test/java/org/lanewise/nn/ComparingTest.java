package org.lanewise.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.params.provider.Arguments.arguments;
import static org.lanewise.kernels.op.TensorType.f32;
import static org.lanewise.kernels.op.TensorType.i32;
import static org.lanewise.nn.Constant.constant;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.lanewise.kernels.op.ShapeException;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.nn.session.Session;
import org.lanewise.nn.weights.Weights;

/** Losses: what PyTorch says they are, and what is no number, empty or of another shape. */
class ComparingTest {
  record Nothing() {}

  private static final LossReduction NONE = LossReduction.NONE;
  private static final LossReduction SUM = LossReduction.SUM;
  private static final LossReduction MEAN = LossReduction.MEAN;

  private static float[] run(Function<Tensors, Tensor> loss, Map<String, HostTensor> inputs) {
    try (Session session = Session.open("cpu", 1, Weights.of(new Nothing()).initialize(0))) {
      return session.run(loss, inputs).toFloats();
    }
  }

  private static HostTensor matrix(int columns, float... elements) {
    return HostTensor.of(elements, elements.length / columns, columns);
  }

  // ---- PyTorch 1.13's results in f64 ----------------------------------------------------------

  private static final Map<String, HostTensor> INPUTS =
      Map.of(
          "logits", matrix(3, 1, 2, 3, -1, 0, 0.5f, 2, -2, 0, 0.3f, 0.1f, -4),
          "labels", HostTensor.of(new int[] {2, -100, 1, 0}, 4),
          "x", matrix(3, 2, -3, 0.5f, -40, 0.1f, 30),
          "t", matrix(3, 1, 0, 0.25f, 0, 1, 1),
          "p", matrix(3, 0.5f, 0.5f, 0, 0.2f, 0.3f, 0.5f),
          "log", matrix(3, -1, -2, -3, -0.5f, -4, -1),
          "a", matrix(3, 1, 2, 3, -1, 0, 0.5f, 0, 0, 0),
          "b", matrix(3, 1, 1, -3, 2, 0, 0.5f, 1, 2, 3),
          "c", matrix(3, 0, 2, 2, -1, 1, 0.5f, 5, 5, 5),
          "y", HostTensor.of(new float[] {1, -1, -1}, 3));

  private static final CrossEntropy WEIGHTED =
      CrossEntropy.of().ignoreIndex(-100).weights(0.5f, 2, 3);

  private static Tensor logSoftmax(Tensors in) {
    return in.get("logits").slice(0, 0, 2).logSoftmax(-1);
  }

  static Stream<Arguments> references() {
    return Stream.of(
        reference(
            in -> in.get("logits").crossEntropy(in.get("labels"), WEIGHTED.reduction(NONE)),
            1.2228178933331413,
            0,
            8.2858632569998,
            0.30278581405983696),
        reference(
            in ->
                in.get("logits")
                    .crossEntropy(in.get("labels"), WEIGHTED.smoothing(0.1f).reduction(NONE)),
            1.2752638641479637,
            0,
            7.950147729858135,
            0.8268620330299405),
        reference(
            in -> in.get("logits").crossEntropy(in.get("labels"), WEIGHTED.reduction(SUM)),
            9.811466964392778),
        reference(
            in -> in.get("logits").crossEntropy(in.get("labels"), WEIGHTED), 1.7839030844350505),
        reference(
            in -> in.get("logits").crossEntropy(in.get("labels"), WEIGHTED.smoothing(0.1f)),
            1.8276861140065526),
        reference(
            in ->
                in.get("logits")
                    .crossEntropy(
                        in.get("labels"),
                        CrossEntropy.of().ignoreIndex(-100).smoothing(0.1f).reduction(NONE)),
            0.5076059644443804,
            0,
            3.9429316284999003,
            0.7555716288647321),
        reference(
            in -> in.get("x").binaryCrossEntropy(in.get("t"), NONE),
            0.1269280110429726,
            0.048587351573741965,
            0.8490769841801067,
            Math.exp(-40), // where PyTorch, which takes differences, says 0, and below
            0.6443966593657348,
            Math.exp(-30)), // 9.348e-14
        reference(in -> in.get("x").binaryCrossEntropy(in.get("t"), SUM), 1.6689890061626493),
        reference(in -> in.get("x").binaryCrossEntropy(in.get("t")), 0.27816483436044154),
        reference(
            in -> in.get("x").binaryCrossEntropy(in.get("t"), classWeights(), MEAN),
            0.41449335868285636),
        reference(
            in -> logSoftmax(in).klDivergence(in.get("p"), NONE),
            0.8572293919422176,
            0.35722939194221753,
            0,
            0.098938543035057,
            -0.029952648966044826,
            -0.04450828761160852),
        reference(in -> logSoftmax(in).klDivergence(in.get("p"), MEAN), 0.20648939839030644),
        reference(in -> logSoftmax(in).klDivergence(in.get("p")), 0.6194681951709193),
        reference(in -> logSoftmax(in).klDivergenceOfLogs(in.get("log"), SUM), 1.0828722664480583),
        reference(
            in -> in.get("a").cosineSimilarity(in.get("b")),
            -0.4834937784152282,
            -0.7592566023652966,
            0),
        reference(
            in -> in.get("a").cosineEmbedding(in.get("b"), in.get("y"), 0.1f, NONE),
            1.483493778415189,
            0,
            0),
        reference(
            in -> in.get("a").cosineEmbedding(in.get("b"), in.get("y"), 0.1f, MEAN),
            0.4944979261383963),
        reference(
            in -> in.get("a").pairwiseDistance(in.get("b")),
            6.082763681091269,
            2.9999990000003334,
            3.741655783206547),
        reference(
            in -> in.get("a").tripletMargin(in.get("b"), in.get("c"), 1.5f, NONE),
            6.168548704504258,
            3.499999999999333,
            0),
        reference(
            in -> in.get("a").tripletMargin(in.get("b"), in.get("c"), 1.5f, MEAN),
            3.2228495681678635),
        reference(
            in -> in.get("a").huber(in.get("b"), 1.5f, NONE),
            0,
            0.5,
            7.875,
            3.375,
            0,
            0,
            0.5,
            1.875,
            3.375),
        reference(in -> in.get("a").huber(in.get("b"), 1.5f), 1.9444444444444444),
        reference(in -> in.get("a").meanAbsoluteError(in.get("b")), 16 / 9d));
  }

  private static Constant classWeights() {
    return constant(HostTensor.of(new float[] {0.5f, 2, 3}, 3));
  }

  private static Arguments reference(Function<Tensors, Tensor> loss, double... expected) {
    return arguments(loss, expected);
  }

  /** To 8 ULP of each element, or of 1 where a loss is a difference of such numbers. */
  @ParameterizedTest
  @MethodSource("references")
  void isThatOfPyTorch(Function<Tensors, Tensor> loss, double[] expected) {
    float[] actual = run(loss, INPUTS);
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < expected.length; i++) {
      double ulp = Math.ulp((float) expected[i]);
      assertThat((double) actual[i])
          .as("element %d", i)
          .isCloseTo(expected[i], within(8 * (expected[i] < 1e-9 ? ulp : Math.max(ulp, 1e-7))));
    }
  }

  // ---- Rows that do not count -----------------------------------------------------------------

  static Stream<CrossEntropy> ignoring() {
    return Stream.of(-100, 1, 255)
        .map(CrossEntropy.of()::ignoreIndex)
        .flatMap(plain -> Stream.of(plain, plain.smoothing(0.2f)))
        .flatMap(plain -> Stream.of(plain, plain.weights(1, 2, 3)));
  }

  @ParameterizedTest
  @MethodSource("ignoring")
  void theMeanOfNoRowIsNoNumber(CrossEntropy options) {
    int ignored = options.ignoreIndex().getAsInt();
    Map<String, HostTensor> inputs =
        Map.of(
            "x", matrix(3, 1, 2, 3, Float.NaN, 5, 6),
            "labels", HostTensor.of(new int[] {ignored, ignored}, 2));
    assertThat(run(in -> in.get("x").crossEntropy(in.get("labels"), options), inputs))
        .containsExactly(Float.NaN);
    float[] none =
        run(in -> in.get("x").crossEntropy(in.get("labels"), options.reduction(NONE)), inputs);
    assertThat(none).as("of a row that is a number").startsWith(0f);
    assertThat(
            run(
                in -> in.get("x").crossEntropy(in.get("labels"), options.reduction(SUM)),
                Map.of("x", matrix(3, 1, 2, 3), "labels", HostTensor.of(new int[] {ignored}, 1))))
        .containsExactly(0f);
  }

  // ---- What is no number ----------------------------------------------------------------------

  static Stream<Function<Tensors, Tensor>> losses() {
    return Stream.of(LossReduction.values()).flatMap(ComparingTest::losses);
  }

  private static Stream<Function<Tensors, Tensor>> losses(LossReduction of) {
    return Stream.of(
        in -> in.get("x").crossEntropy(in.get("labels"), CrossEntropy.of().reduction(of)),
        in -> in.get("x").crossEntropy(in.get("labels"), WEIGHTED.reduction(of)),
        in -> in.get("x").binaryCrossEntropy(in.get("t"), of),
        in -> in.get("x").binaryCrossEntropy(in.get("t"), constant(2f), of),
        in -> in.get("x").squaredError(in.get("t"), of),
        in -> in.get("x").absoluteError(in.get("t"), of),
        in -> in.get("x").huber(in.get("t"), 1f, of),
        in -> in.get("x").klDivergence(in.get("t"), of),
        in -> in.get("x").klDivergenceOfLogs(in.get("t"), of),
        in -> in.get("x").cosineEmbedding(in.get("t"), in.get("y"), 0f, of),
        in -> in.get("x").tripletMargin(in.get("t"), in.get("t").mul(2f), 9f, of));
  }

  @ParameterizedTest
  @MethodSource("losses")
  void whatIsNoNumberStaysNone(Function<Tensors, Tensor> loss) {
    float[] losses =
        run(
            loss,
            Map.of(
                "x", matrix(3, Float.NaN, 2, 3, 1, 2, 3),
                "t", matrix(3, 1, 1, 1, 0.5f, 0, 1),
                "labels", HostTensor.of(new int[] {0, 1}, 2),
                "y", HostTensor.of(new float[] {1, 1}, 2)));
    assertThat(losses[0]).isNaN();
    if (losses.length > 1) {
      assertThat(losses[losses.length - 1]).as("of the other row").isFinite();
    }
  }

  @Test
  void infiniteLogits() {
    float inf = Float.POSITIVE_INFINITY;
    Map<String, HostTensor> inputs =
        Map.of(
            "x", matrix(3, 1, -inf, 2, 1, -inf, 2, -inf, -inf, -inf, inf, 0, 0),
            "labels", HostTensor.of(new int[] {0, 1, 0, 0}, 4));
    for (CrossEntropy options : List.of(CrossEntropy.of(), CrossEntropy.of().weights(1, 1, 1))) {
      float[] losses =
          run(in -> in.get("x").crossEntropy(in.get("labels"), options.reduction(NONE)), inputs);
      assertThat(losses[0]).isCloseTo((float) Math.log1p(Math.E), within(1e-6f));
      assertThat(losses[1]).isEqualTo(inf);
      assertThat(losses[2]).isNaN();
      assertThat(losses[3]).isNaN();
    }
    assertThat(
            run(
                in -> in.get("x").binaryCrossEntropy(in.get("t"), NONE),
                Map.of("x", matrix(2, inf, -inf), "t", matrix(2, 0, 1))))
        .as("wrong for sure, by 0 · 0 of the other term no number")
        .satisfies(losses -> assertThat(losses[0]).isNotZero());
    assertThat(
            run(
                in -> in.get("x").klDivergence(in.get("t"), NONE),
                Map.of("x", matrix(2, -inf, -inf), "t", matrix(2, 0, 1))))
        .containsExactly(0f, inf);
  }

  // ---- Empty ----------------------------------------------------------------------------------

  private static void trace(Function<Tensors, Tensor> loss, long rows) {
    Components.of(new Nothing())
        .trace(
            Mode.TRAIN,
            Signature.of("x", f32(rows, 3))
                .and("t", f32(rows, 3))
                .and("labels", i32(rows))
                .and("y", f32(rows)),
            in -> Tensors.of("loss", loss.apply(in)));
  }

  @Test
  void theMeanOfNothingIsRefused() {
    losses(MEAN)
        .forEach(loss ->
            assertThatThrownBy(() -> trace(loss, 0))
                .isInstanceOf(ShapeException.class)
                .hasMessageContaining("must not be empty but is"));
  }

  // ---- Shapes ---------------------------------------------------------------------------------

  @ParameterizedTest
  @EnumSource
  void othersOfAnotherShapeAreRefused(LossReduction of) {
    List<Function<Tensor, Function<Tensor, Tensor>>> losses =
        List.of(
            x -> y -> x.binaryCrossEntropy(y, of),
            x -> y -> x.binaryCrossEntropy(y, constant(1f), of),
            x -> y -> x.squaredError(y, of),
            x -> y -> x.absoluteError(y, of),
            x -> y -> x.huber(y, 1f, of),
            x -> y -> x.klDivergence(y, of),
            x -> y -> x.klDivergenceOfLogs(y, of),
            x -> y -> x.tripletMargin(y, x, 1f, of),
            x -> y -> x.tripletMargin(x, y, 1f, of),
            x -> y -> x.cosineEmbedding(y, x.sum(-1), 0f, of));
    for (var loss : losses) {
      for (TensorType other : List.of(f32(3), f32(1, 3), f32(2, 1), f32(3, 2), f32())) {
        assertThatThrownBy(() ->
                Components.of(new Nothing())
                    .trace(
                        Mode.TRAIN,
                        Signature.of("x", f32(2, 3)).and("y", other),
                        in -> Tensors.of("loss", loss.apply(in.get("x")).apply(in.get("y")))))
            .isInstanceOf(ShapeException.class)
            .hasMessageContaining("f32[2, 3]")
            .hasMessageContaining(other.toString());
      }
    }
  }

  @Test
  void labelsWeightsAndTargetsOfAnotherShapeAreRefused() {
    assertRefused(
        in -> in.get("x").crossEntropy(in.get("labels").reshape(2, 1)),
        "labels of logits tensor f32[2, 3] must be i32 of their shape without the last axis but"
            + " are tensor i32[2, 1]");
    assertRefused(
        in -> in.get("x").crossEntropy(in.get("labels"), CrossEntropy.of().weights(1, 2)),
        "weights of the classes of logits tensor f32[2, 3] must be f32[3] but are tensor f32[2]");
    assertRefused(
        in -> in.get("x").cosineEmbedding(in.get("t"), in.get("t"), 0f, MEAN),
        "the target of pairs of tensor f32[2, 3] must be f32[2] but is tensor f32[2, 3]");
    assertThatThrownBy(() -> CrossEntropy.of().smoothing(1f))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("smoothing must be in [0, 1) but is 1.0");
  }

  private static void assertRefused(Function<Tensors, Tensor> loss, String message) {
    assertThatThrownBy(() -> trace(loss, 2))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining(message);
  }

  @Test
  void aLabelThatIsNoClassIsNamed() {
    for (CrossEntropy options :
        List.of(CrossEntropy.of().reduction(NONE), WEIGHTED, CrossEntropy.of().weights(1, 2, 3))) {
      assertThatThrownBy(() ->
              run(
                  in -> in.get("x").crossEntropy(in.get("labels"), options),
                  Map.of("x", matrix(3, 1, 2, 3), "labels", HostTensor.of(new int[] {3}, 1))))
          .isInstanceOf(IndexOutOfBoundsException.class)
          .hasMessageContaining("3");
    }
  }
}
