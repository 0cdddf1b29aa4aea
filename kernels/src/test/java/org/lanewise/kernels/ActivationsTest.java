package org.lanewise.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.lanewise.kernels.op.Activation;
import org.lanewise.kernels.op.Activation.Gradient;

/** Activations and their gradients against formulas in f64. */
class ActivationsTest {
  private static final int[] SIZES = {1, 15, 16, 17, 31, 33, 100, 1000, 1025, 5000};

  static List<Arguments> functionsAndSizes() {
    List<Arguments> cases = new ArrayList<>();
    for (Activation f : Activation.values()) {
      for (int size : SIZES) {
        cases.add(Arguments.of(f, size));
      }
    }
    return cases;
  }

  /** The formula, for arguments that are neither tiny nor large. */
  private static double value(Activation f, double x) {
    return switch (f) {
      case RELU -> Math.max(x, 0);
      case LEAKY_RELU -> x < 0 ? x / 100 : x;
      case ELU -> x < 0 ? StrictMath.exp(x) - 1 : x;
      case SIGMOID -> 1 / (1 + StrictMath.exp(-x));
      case TANH -> StrictMath.tanh(x);
      case SOFTPLUS -> StrictMath.log(1 + StrictMath.exp(x));
      case SILU -> x / (1 + StrictMath.exp(-x));
      case GELU -> x * normal(x);
      case GELU_TANH -> {
        double u = StrictMath.sqrt(2 / StrictMath.PI) * (x + 0.044715 * x * x * x);
        yield 0.5 * x * (1 + StrictMath.tanh(u));
      }
      case HARDSWISH -> x * Math.clamp(x + 3, 0, 6) / 6;
      case EXP -> StrictMath.exp(x);
      case LOG -> StrictMath.log(x);
      case SQRT -> Math.sqrt(x);
      case RSQRT -> 1 / Math.sqrt(x);
      case RECIPROCAL -> 1 / x;
      case SQUARE -> x * x;
      case ABS -> Math.abs(x);
    };
  }

  /** The normal distribution by Simpson's rule, without an error function to get wrong. */
  private static double normal(double x) {
    int steps = 400;
    double h = x / steps;
    double sum = 0;
    for (int i = 0; i <= steps; i++) {
      double weight = i == 0 || i == steps ? 1 : i % 2 == 1 ? 4 : 2;
      sum += weight * StrictMath.exp(-i * h * i * h / 2);
    }
    return 0.5 + sum * h / 3 / StrictMath.sqrt(2 * StrictMath.PI);
  }

  /** Normally distributed, or above 1/2 where the function is not defined or steep elsewhere. */
  private static TestTensor arguments(Arena arena, Activation f, int size) {
    TestTensor x = TestTensor.normal(arena, size, 2, size);
    switch (f) {
      case LOG, SQRT, RSQRT, RECIPROCAL -> {
        for (int i = 0; i < size; i++) {
          x.segment().setAtIndex(ValueLayout.JAVA_FLOAT, i, Math.abs(x.get(i)) + 0.5f);
        }
      }
      default -> {}
    }
    return x;
  }

  private static double derivative(Activation f, double x) {
    double h = 1e-5;
    return (value(f, x + h) - value(f, x - h)) / (2 * h);
  }

  @ParameterizedTest
  @MethodSource("functionsAndSizes")
  void forwardAgreesWithTheFormula(Activation f, int size) {
    try (Arena arena = Arena.ofConfined()) {
      TestTensor x = arguments(arena, f, size);
      TestTensor y = TestTensor.zeros(arena, size);
      Activations.forward(f, size, x.segment(), y.segment());
      for (int i = 0; i < size; i++) {
        double exact = value(f, x.get(i));
        assertThat((double) y.get(i)).isCloseTo(exact, within(3e-7 * (1e-6 + Math.abs(exact))));
      }
      y.assertGuardsIntact();
      Activations.forward(f, size, x.segment(), x.segment());
      assertThat(x.bits()).isEqualTo(y.bits());
    }
  }

  @ParameterizedTest
  @MethodSource("functionsAndSizes")
  void backwardAgreesWithFiniteDifferences(Activation f, int size) {
    try (Arena arena = Arena.ofConfined()) {
      TestTensor x = arguments(arena, f, size);
      TestTensor y = TestTensor.zeros(arena, size);
      TestTensor dy = TestTensor.normal(arena, size, 1, size + 1);
      TestTensor dx = TestTensor.zeros(arena, size);
      Activations.forward(f, size, x.segment(), y.segment());
      TestTensor saved = f.gradient() == Gradient.FROM_INPUT ? x : y;
      Activations.backward(f, false, size, saved.segment(), dy.segment(), dx.segment());
      for (int i = 0; i < size; i++) {
        if (!hasKinkNear(f, x.get(i))) {
          double slope = derivative(f, x.get(i));
          assertThat((double) dx.get(i))
              .isCloseTo(
                  slope * dy.get(i), within(1e-6 * Math.hypot(1, slope) * Math.abs(dy.get(i))));
        }
      }
      float[] once = dx.floats();
      Activations.backward(f, true, size, saved.segment(), dy.segment(), dx.segment());
      for (int i = 0; i < size; i++) {
        assertThat(dx.get(i)).isEqualTo(once[i] + once[i]);
      }
      dx.assertGuardsIntact();
      Activations.backward(f, false, size, saved.segment(), dy.segment(), dy.segment());
      assertThat(dy.floats()).isEqualTo(once);
    }
  }

  private static boolean hasKinkNear(Activation f, double x) {
    return switch (f) {
      case RELU, LEAKY_RELU, ELU, ABS -> Math.abs(x) < 1e-4;
      case HARDSWISH -> Math.abs(Math.abs(x) - 3) < 1e-4;
      default -> false;
    };
  }

  static Stream<Arguments> limits() {
    float infinity = Float.POSITIVE_INFINITY;
    return Stream.of(
        Arguments.of(Activation.RELU, 0f, infinity, 0f, 1f),
        Arguments.of(Activation.LEAKY_RELU, -infinity, infinity, 0.01f, 1f),
        Arguments.of(Activation.ELU, -1f, infinity, 0f, 1f),
        Arguments.of(Activation.SIGMOID, 0f, 1f, 0f, 0f),
        Arguments.of(Activation.TANH, -1f, 1f, 0f, 0f),
        Arguments.of(Activation.SOFTPLUS, 0f, infinity, 0f, 1f),
        Arguments.of(Activation.SILU, -0f, infinity, -0f, 1f),
        Arguments.of(Activation.GELU, -0f, infinity, -0f, 1f),
        Arguments.of(Activation.GELU_TANH, -0f, infinity, -0f, 1f),
        Arguments.of(Activation.HARDSWISH, -0f, infinity, 0f, 1f),
        Arguments.of(Activation.EXP, 0f, infinity, 0f, infinity),
        Arguments.of(Activation.LOG, Float.NaN, infinity, -0f, 0f),
        Arguments.of(Activation.SQRT, Float.NaN, infinity, Float.NaN, 0f),
        Arguments.of(Activation.RSQRT, Float.NaN, 0f, Float.NaN, -0f),
        Arguments.of(Activation.RECIPROCAL, -0f, 0f, -0f, -0f),
        Arguments.of(Activation.SQUARE, infinity, infinity, -infinity, infinity),
        Arguments.of(Activation.ABS, infinity, infinity, -1f, 1f));
  }

  @ParameterizedTest
  @MethodSource("limits")
  void hasItsLimitsAtInfinity(
      Activation f, float low, float high, float lowSlope, float highSlope) {
    try (Arena arena = Arena.ofConfined()) {
      TestTensor x =
          TestTensor.of(arena, Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY, Float.NaN);
      TestTensor y = TestTensor.zeros(arena, 3);
      TestTensor dy = TestTensor.of(arena, 1f, 1f, 1f);
      Activations.forward(f, 3, x.segment(), y.segment());
      assertThat(y.floats()).containsExactly(low, high, Float.NaN);
      TestTensor saved = f.gradient() == Gradient.FROM_INPUT ? x : y;
      Activations.backward(f, false, 3, saved.segment(), dy.segment(), dy.segment());
      assertThat(dy.floats()).startsWith(lowSlope, highSlope);
    }
  }

  /** On three copies: whole vectors at every width, and elements after them. */
  @ParameterizedTest
  @EnumSource(
      value = Activation.class,
      names = {"EXP", "LOG", "SQRT", "RSQRT", "RECIPROCAL", "SQUARE", "ABS"})
  void elementaryFunctionsOfSpecialValuesAreThoseOfMath(Activation f) {
    float[] special = {
      0f,
      -0f,
      1f,
      -1f,
      Float.NaN,
      Float.POSITIVE_INFINITY,
      Float.NEGATIVE_INFINITY,
      Float.MIN_VALUE,
      -Float.MIN_VALUE,
      1e-40f,
      Float.MIN_NORMAL,
      Float.MAX_VALUE,
      -Float.MAX_VALUE,
      1e-30f,
      1e20f,
      88.8f,
      -104f
    };
    try (Arena arena = Arena.ofConfined()) {
      float[] values = new float[3 * special.length];
      for (int i = 0; i < values.length; i++) {
        values[i] = special[i % special.length];
      }
      TestTensor x = TestTensor.of(arena, values);
      Activations.forward(f, values.length, x.segment(), x.segment());
      for (int i = 0; i < values.length; i++) {
        float expected = (float) value(f, values[i]);
        float actual = x.get(i);
        assertThat(Float.compare(actual, expected) == 0 || isNext(actual, expected))
            .as("%s of %s is %s, not %s", f, values[i], expected, actual)
            .isTrue();
      }
    }
  }

  private static boolean isNext(float actual, float expected) {
    return Float.isFinite(expected)
        && expected != 0f
        && Math.abs(actual - expected) <= Math.ulp(expected);
  }

  @Test
  void theMagnitudeHasNoSlopeAtZero() {
    try (Arena arena = Arena.ofConfined()) {
      TestTensor x = TestTensor.of(arena, 0f, -0f, -2f, 2f, Float.NaN, Float.MIN_VALUE);
      TestTensor dy = TestTensor.of(arena, 5f, 5f, 5f, 5f, 5f, 5f);
      Activations.backward(Activation.ABS, false, 6, x.segment(), dy.segment(), dy.segment());
      assertThat(dy.floats()).containsExactly(0f, 0f, -5f, 5f, 5f, 5f);
    }
  }

  @ParameterizedTest
  @EnumSource(Activation.class)
  void nothingIsNoMistake(Activation f) {
    try (Arena arena = Arena.ofConfined()) {
      TestTensor none = TestTensor.zeros(arena, 0);
      Activations.forward(f, 0, none.segment(), none.segment());
      Activations.backward(f, true, 0, none.segment(), none.segment(), none.segment());
      none.assertGuardsIntact();
    }
  }

  /** As in PyTorch: what is not at most 0 has the slope of what is above. */
  @ParameterizedTest
  @EnumSource(
      value = Activation.class,
      names = {"RELU", "LEAKY_RELU"})
  void theGradientWhereTheOutputIsNotANumberIsThatAboveZero(Activation f) {
    try (Arena arena = Arena.ofConfined()) {
      TestTensor y = TestTensor.zeros(arena, 20);
      TestTensor dy = TestTensor.normal(arena, 20, 1, 1);
      TestTensor dx = TestTensor.zeros(arena, 20);
      for (int i = 0; i < 20; i++) {
        y.segment().setAtIndex(ValueLayout.JAVA_FLOAT, i, Float.NaN);
      }
      Activations.backward(f, false, 20, y.segment(), dy.segment(), dx.segment());
      assertThat(dx.floats()).containsExactly(dy.floats());
    }
  }

  @Test
  void hardSwishIsExactWhereItIsLinear() {
    try (Arena arena = Arena.ofConfined()) {
      TestTensor x = TestTensor.of(arena, -3.5f, -3f, 3f, 3.5f, Float.MAX_VALUE);
      Activations.forward(Activation.HARDSWISH, 5, x.segment(), x.segment());
      assertThat(x.floats()).containsExactly(-0f, -0f, 3f, 3.5f, Float.MAX_VALUE);
    }
  }
}
