package org.lanewise.kernels.scalar;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The elementary functions against f64, within the error that they document. */
class ScalarMathTest {
  private static final int PATTERNS = 1 << 21;

  /** Odd, so that its multiples visit every bit pattern, and far from any pattern's period. */
  private static final int STRIDE = 0x9E3779B1;

  @FunctionalInterface
  interface Function {
    float apply(float x);
  }

  /** The last two are a range in which the function is neither constant nor linear. */
  static Stream<Arguments> functions() {
    return Stream.of(
        arguments("exp", ScalarMath::exp, StrictMath::exp, MathConstants.EXP_MAX_ULP, -104, 89),
        arguments("log", ScalarMath::log, StrictMath::log, MathConstants.LOG_MAX_ULP, 0.1, 10),
        arguments(
            "sigmoid",
            ScalarMath::sigmoid,
            x -> x < 0 ? StrictMath.exp(x) / (1 + StrictMath.exp(x)) : 1 / (1 + StrictMath.exp(-x)),
            MathConstants.SIGMOID_MAX_ULP,
            -20,
            20),
        arguments(
            "tanh", ScalarMath::tanh, StrictMath::tanh, MathConstants.TANH_MAX_ULP, -9.1, 9.1),
        arguments(
            "silu", ScalarMath::silu, ScalarMathTest::silu, MathConstants.SILU_MAX_ULP, -87, 20),
        arguments(
            "gelu", ScalarMath::gelu, ScalarMathTest::gelu, MathConstants.GELU_MAX_ULP, -9.98, 6));
  }

  private static double silu(double x) {
    return xTimesSigmoid(x, x);
  }

  /** The tanh form. */
  private static double gelu(double x) {
    double factor = 2 * StrictMath.sqrt(2 / StrictMath.PI);
    return xTimesSigmoid(x, factor * (x + 0.044715 * x * x * x));
  }

  private static double xTimesSigmoid(double x, double y) {
    double e = StrictMath.exp(-Math.abs(y));
    return e == 0 && x < 0 ? -0.0 : x * (y < 0 ? e : 1) / (1 + e);
  }

  private static Arguments arguments(
      String name,
      Function function,
      DoubleUnaryOperator reference,
      double maxUlp,
      double low,
      double high) {
    return Arguments.of(name, function, reference, maxUlp, low, high);
  }

  @ParameterizedTest(name = "{0} within {3} ULP")
  @MethodSource("functions")
  void staysWithinItsMaximumError(
      String name,
      Function function,
      DoubleUnaryOperator reference,
      double maxUlp,
      double low,
      double high) {
    double worst = 0;
    float worstAt = 0;
    for (int i = 0; i < 2 * PATTERNS; i++) {
      float x =
          i < PATTERNS
              ? Float.intBitsToFloat(i * STRIDE)
              : (float) (low + (high - low) * (i - PATTERNS) / PATTERNS);
      if (isBelowUlpRange(name, x)) {
        continue;
      }
      double error = ulps(function.apply(x), reference.applyAsDouble(x));
      if (error > worst) {
        worst = error;
        worstAt = x;
      }
    }
    assertThat(worst).as("%s(%s)", name, worstAt).isLessThanOrEqualTo(maxUlp);
    // A bound that is far from what is reached would promise too little and hide a worse version.
    assertThat(worst).as("%s(%s)", name, worstAt).isGreaterThan(maxUlp / 2);
  }

  /** Where silu and gelu multiply a subnormal sigmoid, their error is bounded absolutely. */
  private static boolean isBelowUlpRange(String name, float x) {
    return switch (name) {
      case "silu" -> x < MathConstants.SILU_ULP_FROM;
      case "gelu" -> x < MathConstants.GELU_ULP_FROM;
      default -> false;
    };
  }

  @Test
  void siluStaysWithinItsAbsoluteErrorBelow() {
    assertThat(worstErrorBelow(MathConstants.SILU_ULP_FROM, ScalarMath::silu, ScalarMathTest::silu))
        .isLessThanOrEqualTo(MathConstants.SILU_MAX_ERROR_BELOW);
  }

  @Test
  void geluStaysWithinItsAbsoluteErrorBelow() {
    assertThat(worstErrorBelow(MathConstants.GELU_ULP_FROM, ScalarMath::gelu, ScalarMathTest::gelu))
        .isLessThanOrEqualTo(MathConstants.GELU_MAX_ERROR_BELOW);
  }

  private static double worstErrorBelow(
      float high, Function function, DoubleUnaryOperator reference) {
    double worst = 0;
    for (float x = high; x > 1.5f * high; x = Math.nextDown(x)) {
      worst = Math.max(worst, Math.abs(function.apply(x) - reference.applyAsDouble(x)));
    }
    return worst;
  }

  /** The distance in units in the last place of the exact value, rounded to f32. */
  private static double ulps(float actual, double exact) {
    float rounded = (float) exact;
    if (Float.isNaN(rounded) || Float.isInfinite(rounded)) {
      return Float.compare(actual, rounded) == 0 ? 0 : Double.POSITIVE_INFINITY;
    }
    return Math.abs(actual - exact) / Math.ulp(rounded);
  }

  @ParameterizedTest
  @CsvSource({
    "exp, 0, 1",
    "exp, -0.0, 1",
    "exp, Infinity, Infinity",
    "exp, -Infinity, 0",
    "exp, NaN, NaN",
    "exp, 88.73, Infinity",
    "exp, -103.9, 1.4E-45",
    "exp, -104.1, 0",
    "log, 0, -Infinity",
    "log, -0.0, -Infinity",
    "log, 1, 0",
    "log, Infinity, Infinity",
    "log, -1, NaN",
    "log, -Infinity, NaN",
    "log, NaN, NaN",
    "sigmoid, 0, 0.5",
    "sigmoid, -0.0, 0.5",
    "sigmoid, Infinity, 1",
    "sigmoid, -Infinity, 0",
    "sigmoid, NaN, NaN",
    "tanh, 0, 0",
    "tanh, -0.0, -0.0",
    "tanh, 1.4E-45, 1.4E-45",
    "tanh, -1.4E-45, -1.4E-45",
    "tanh, Infinity, 1",
    "tanh, -Infinity, -1",
    "tanh, NaN, NaN",
    "silu, 0, 0",
    "silu, -0.0, -0.0",
    "silu, 2.8E-45, 1.4E-45",
    "silu, 1.17549435E-38, 5.877472E-39",
    "silu, 1E30, 1E30",
    "silu, -1E30, -0.0",
    "silu, Infinity, Infinity",
    "silu, -Infinity, -0.0",
    "silu, NaN, NaN",
    "gelu, 0, 0",
    "gelu, -0.0, -0.0",
    "gelu, 2.8E-45, 1.4E-45",
    "gelu, 1.17549435E-38, 5.877472E-39",
    "gelu, 1E30, 1E30",
    "gelu, -1E30, -0.0",
    "gelu, Infinity, Infinity",
    "gelu, -Infinity, -0.0",
    "gelu, NaN, NaN"
  })
  void isExactAtSpecialValues(String name, float x, float expected) {
    float actual =
        switch (name) {
          case "exp" -> ScalarMath.exp(x);
          case "log" -> ScalarMath.log(x);
          case "sigmoid" -> ScalarMath.sigmoid(x);
          case "tanh" -> ScalarMath.tanh(x);
          case "silu" -> ScalarMath.silu(x);
          case "gelu" -> ScalarMath.gelu(x);
          default -> throw new IllegalArgumentException(name);
        };
    assertThat(Float.floatToIntBits(actual)).isEqualTo(Float.floatToIntBits(expected));
  }

  @Test
  void sinTurnStaysWithinItsMaximumError() {
    double worst = 0;
    for (int i = 0; i < PATTERNS; i++) {
      int turn = i * STRIDE;
      double exact = StrictMath.sin(turn * (StrictMath.PI * 0x1p-31));
      worst = Math.max(worst, Math.abs(ScalarMath.sinTurn(turn) - exact));
    }
    assertThat(worst).isLessThanOrEqualTo(MathConstants.SIN_TURN_MAX_ERROR);
    assertThat(ScalarMath.sinTurn(0)).isZero();
    assertThat(ScalarMath.sinTurn(Integer.MIN_VALUE)).isZero();
  }
}
