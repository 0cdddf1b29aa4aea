package org.lanewise.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.Arrays;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.lanewise.kernels.op.Shape;
import org.lanewise.kernels.op.TensorType;

/** How parameters start: what is drawn, and that it is the same for the same seed and stream. */
class InitTest {
  private static final Shape WEIGHT = Shape.of(64, 40, 3, 5); // fans 600 and 960

  private static float[] fill(Init init, Shape shape, long seed, long stream) {
    HostTensor tensor = HostTensor.zeros(TensorType.f32(shape));
    init.fill(tensor.data(), shape, seed, stream);
    return tensor.toFloats();
  }

  private static float[] fill(Init init, long... dimensions) {
    return fill(init, Shape.of(dimensions), 1, 2);
  }

  static Stream<Arguments> deviations() {
    double relu = Math.sqrt(2);
    return Stream.of(
        arguments("uniform in", Init.kaimingUniform(Fan.IN, relu), Math.sqrt(2 / 600.0)),
        arguments("uniform out", Init.kaimingUniform(Fan.OUT, 1), Math.sqrt(1 / 960.0)),
        arguments("normal in", Init.kaimingNormal(Fan.IN, 1), Math.sqrt(1 / 600.0)),
        arguments("normal out", Init.kaimingNormal(Fan.OUT, relu), Math.sqrt(2 / 960.0)),
        arguments("Xavier uniform", Init.xavierUniform(5 / 3.0), 5 / 3.0 * Math.sqrt(2 / 1560.0)),
        arguments("Xavier normal", Init.xavierNormal(1), Math.sqrt(2 / 1560.0)),
        arguments("linear layers", Init.kaimingUniform(600), Math.sqrt(1 / 1800.0)),
        // the deviation within ±2, and ±1/2, of a standard normal distribution
        arguments("truncated", Init.truncatedNormal(0.1f, -0.2f, 0.2f), 0.1 * 0.879626),
        arguments("narrow", Init.truncatedNormal(2f, -1f, 1f), 2 * 0.283882));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("deviations")
  void hasMeanAndDeviation(String name, Init init, double deviation) {
    float[] values = fill(init, WEIGHT, 7, 8);
    double sum = 0;
    double squares = 0;
    for (float value : values) {
      sum += value;
      squares += (double) value * value;
    }
    double n = values.length;
    // five standard deviations of the mean, and of the deviation of a normal distribution
    assertThat(sum / n).isCloseTo(0, within(5 * deviation / Math.sqrt(n)));
    assertThat(Math.sqrt(squares / n) / deviation).isCloseTo(1, within(5 / Math.sqrt(2 * n)));
    assertThat(fill(init, WEIGHT, 7, 8)).as("again").isEqualTo(values);
    assertThat(fill(init, WEIGHT, 7, 9)).as("another stream").isNotEqualTo(values);
    assertThat(fill(init, WEIGHT, 8, 8)).as("another seed").isNotEqualTo(values);
  }

  @Test
  void uniformStaysInItsBound() {
    float bound = (float) Math.sqrt(6.0 / 1560);
    for (float value : fill(Init.xavierUniform(1), WEIGHT, 1, 2)) {
      assertThat(value).isBetween(-bound, bound);
    }
  }

  @ParameterizedTest
  @CsvSource({"1, -2, 2", "1, 0, 3", "1, -0.25, 0", "1, -0.01, 1e-3", "1, -9, 9", "0, -1, 1"})
  void truncatedNormalStaysInItsRange(float deviation, float low, float high) {
    float[] values = fill(Init.truncatedNormal(deviation, low, high), 10_007);
    float least = Float.POSITIVE_INFINITY;
    float most = Float.NEGATIVE_INFINITY;
    for (float value : values) {
      assertThat(value).isBetween(low, high);
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
    float from = deviation == 0 ? 0 : Math.max(low, -3 * deviation);
    float to = deviation == 0 ? 0 : Math.min(high, 3 * deviation);
    assertThat(least).isLessThanOrEqualTo(from + 0.02f * (to - from));
    assertThat(most).isGreaterThanOrEqualTo(to - 0.05f * (to - from));
  }

  /** The part below a point, against the normal distribution's. */
  @ParameterizedTest
  @CsvSource({
    "-2, 2, 0, 0.5", // Φ from tables
    "-2, 2, 1, 0.857616", // (Φ(1) − Φ(−2)) / (Φ(2) − Φ(−2))
    "-1, 1, 0.5, 0.780453",
    "0, 3, 1, 0.684538"
  })
  void truncatedNormalHasTheShapeOfTheNormal(float low, float high, float point, double part) {
    float[] values = fill(Init.truncatedNormal(1f, low, high), 100_000);
    long below = 0;
    for (float value : values) {
      below += value < point ? 1 : 0;
    }
    assertThat(below / 1e5).isCloseTo(part, within(5 * Math.sqrt(0.25 / 1e5)));
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 1", "7, 3, 1", "3, 7, 1", "33, 33, 1", "16, 6, 9", "100, 10, 10", "64, 1, 5"})
  void orthogonalHasOrthonormalRowsOrColumns(int rows, int channels, int kernel) {
    double gain = 1.5;
    int columns = channels * kernel;
    float[] q = fill(Init.orthogonal(gain), rows, channels, kernel);
    int vectors = Math.min(rows, columns);
    for (int a = 0; a < vectors; a++) {
      for (int b = 0; b <= a; b++) {
        double dot = 0;
        for (int i = 0; i < Math.max(rows, columns); i++) {
          dot +=
              rows <= columns
                  ? (double) q[a * columns + i] * q[b * columns + i]
                  : (double) q[i * columns + a] * q[i * columns + b];
        }
        assertThat(dot).isCloseTo(a == b ? gain * gain : 0, within(1e-6));
      }
    }
  }

  @Test
  void orthogonalIsTheSameAgain() {
    float[] q = fill(Init.orthogonal(1), 40, 30);
    assertThat(fill(Init.orthogonal(1), 40, 30)).isEqualTo(q);
    assertThat(fill(Init.orthogonal(1), Shape.of(40, 30), 1, 3)).isNotEqualTo(q);
    assertThat(fill(Init.orthogonal(1), 0, 2)).isEmpty();
  }

  /** Which of the two signs a vector has is as random as the rest. */
  @Test
  void orthogonalHasBothSigns() {
    float[] first = new float[64];
    for (int stream = 0; stream < first.length; stream++) {
      first[stream] = fill(Init.orthogonal(1), Shape.of(1, 1), 1, stream)[0];
    }
    assertThat(first).containsOnly(-1f, 1f).contains(-1f).contains(1f);
  }

  @Test
  void dependentVectorsCannotBeMadeOrthonormal() {
    assertThat(Orthogonal.orthonormalize(new double[][] {{1, 2, 3}, {2, 4, 6}})).isFalse();
    assertThat(Orthogonal.orthonormalize(new double[][] {{0}})).isFalse();
    assertThat(Orthogonal.orthonormalize(new double[][] {{1, 2, 3}, {2, 4, 5}})).isTrue();
  }

  @Test
  void constantsAreTheSameEverywhere() {
    assertThat(fill(Init.constant(2.5f), 3, 2)).containsOnly(2.5f);
    assertThat(fill(Init.values(1, 2, 3), 3)).containsExactly(1, 2, 3);
  }

  static Stream<Arguments> refused() {
    String noFan =
        "a weight must have at least 2 axes to start by its inputs and outputs but is [3]";
    return Stream.of(
        arguments((ThrowingCallable) () -> fill(Init.kaimingNormal(Fan.IN, 1), 3), noFan),
        arguments((ThrowingCallable) () -> fill(Init.xavierUniform(1), 3), noFan),
        arguments(
            (ThrowingCallable) () -> fill(Init.orthogonal(1), 3),
            "an orthogonal weight must have at least 2 axes but is [3]"),
        arguments(
            (ThrowingCallable) () -> Init.kaimingUniform(Fan.IN, Double.NaN),
            "gain must be finite and at least 0 but is NaN"),
        arguments(
            (ThrowingCallable) () -> Init.orthogonal(-1),
            "gain must be finite and at least 0 but is -1.0"),
        arguments(
            (ThrowingCallable) () -> Init.truncatedNormal(1f, 1f, 2f),
            "low and high must be a finite range around 0 but are 1.0 and 2.0"),
        arguments(
            (ThrowingCallable) () -> Init.truncatedNormal(1f, 0f, 0f),
            "low and high must be a finite range around 0 but are 0.0 and 0.0"),
        arguments(
            (ThrowingCallable) () -> Init.truncatedNormal(-1f, -1f, 1f),
            "standardDeviation must be at least 0 and finite but is -1.0"));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void refusesWhatIsOutOfRange(ThrowingCallable call, String message) {
    assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
  }

  @Test
  void countsInputsAndOutputs() {
    assertThat(Arrays.stream(Fan.values()).map(fan -> fan.of(WEIGHT))).containsExactly(600L, 960L);
    assertThat(Fan.IN.of(Shape.of(7, 5))).isEqualTo(5);
    assertThat(Fan.OUT.of(Shape.of(7, 5))).isEqualTo(7);
    assertThat(Fan.IN.of(Shape.of(7, 0))).isEqualTo(1);
  }
}
