package org.lanewise.kernels.scalar;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
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

  static List<MathCase> functions() {
    return MathCase.all();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("functions")
  void staysWithinItsMaximumError(MathCase f) {
    double worst = 0;
    float worstAt = 0;
    for (float x : f.arguments(PATTERNS)) {
      double error = f.ulps(x, f.twin().apply(x));
      if (error > worst) {
        worst = error;
        worstAt = x;
      }
    }
    assertThat(worst).as("%s(%s)", f, worstAt).isLessThanOrEqualTo(f.maxUlp());
    // A bound that is far from what is reached would promise too little and hide a worse version.
    assertThat(worst).as("%s(%s)", f, worstAt).isGreaterThan(f.maxUlp() / 2);
  }

  static Stream<Arguments> derivatives() {
    return Stream.of(
        derivative("silu", ScalarMath::siluDerivative, References::siluDerivative),
        derivative("gelu", ScalarMath::geluDerivative, References::geluDerivative),
        derivative("geluTanh", ScalarMath::geluTanhDerivative, References::geluTanhDerivative));
  }

  private static Arguments derivative(
      String name, MathCase.Twin function, DoubleUnaryOperator reference) {
    return Arguments.of(name, function, reference);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("derivatives")
  void derivativesStayWithinTheirMaximumError(
      String name, MathCase.Twin function, DoubleUnaryOperator reference) {
    double worst = 0;
    for (int i = 0; i < PATTERNS; i++) {
      float x = i % 2 == 0 ? Float.intBitsToFloat(i * STRIDE) : 40f * i / PATTERNS - 20f;
      if (!Float.isNaN(x)) {
        worst = Math.max(worst, Math.abs(function.apply(x) - reference.applyAsDouble(x)));
      }
    }
    assertThat(worst).isBetween(0x1p-24, MathConstants.DERIVATIVE_MAX_ERROR);
    assertThat(function.apply(Float.NaN)).isNaN();
    assertThat(function.apply(Float.POSITIVE_INFINITY)).isEqualTo(1f);
    assertThat(function.apply(Float.NEGATIVE_INFINITY)).isZero();
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
    "expm1, 0, 0",
    "expm1, -0.0, -0.0",
    "expm1, -1.4E-45, -1.4E-45",
    "expm1, Infinity, Infinity",
    "expm1, 88.73, Infinity",
    "expm1, -20, -1",
    "expm1, -Infinity, -1",
    "expm1, NaN, NaN",
    "log1p, 0, 0",
    "log1p, -0.0, -0.0",
    "log1p, -1.4E-45, -1.4E-45",
    "log1p, -1, -Infinity",
    "log1p, -1.0000001, NaN",
    "log1p, -Infinity, NaN",
    "log1p, Infinity, Infinity",
    "log1p, NaN, NaN",
    "erf, 0, 0",
    "erf, -0.0, -0.0",
    "erf, -1.4E-45, -1.4E-45",
    "erf, 4, 1",
    "erf, Infinity, 1",
    "erf, -Infinity, -1",
    "erf, NaN, NaN",
    "sin, 0, 0",
    "sin, -0.0, -0.0",
    "sin, -1.4E-45, -1.4E-45",
    "sin, Infinity, NaN",
    "sin, -Infinity, NaN",
    "sin, NaN, NaN",
    "cos, 0, 1",
    "cos, -0.0, 1",
    "cos, Infinity, NaN",
    "cos, NaN, NaN",
    "rsqrt, 0, Infinity",
    "rsqrt, -0.0, -Infinity",
    "rsqrt, 4, 0.5",
    "rsqrt, Infinity, 0",
    "rsqrt, -1, NaN",
    "rsqrt, NaN, NaN",
    "softplus, Infinity, Infinity",
    "softplus, -Infinity, 0",
    "softplus, NaN, NaN",
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
    "gelu, NaN, NaN",
    "gelu_tanh, 0, 0",
    "gelu_tanh, -0.0, -0.0",
    "gelu_tanh, 2.8E-45, 1.4E-45",
    "gelu_tanh, 1.17549435E-38, 5.877472E-39",
    "gelu_tanh, 1E30, 1E30",
    "gelu_tanh, -1E30, -0.0",
    "gelu_tanh, Infinity, Infinity",
    "gelu_tanh, -Infinity, -0.0",
    "gelu_tanh, NaN, NaN"
  })
  void isExactAtSpecialValues(String name, float x, float expected) {
    MathCase f = functions().stream().filter(c -> c.name().equals(name)).findFirst().orElseThrow();
    float actual = f.twin().apply(x);
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
