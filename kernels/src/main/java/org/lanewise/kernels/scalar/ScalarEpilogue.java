package org.lanewise.kernels.scalar;

import org.lanewise.kernels.op.Epilogue;

/** The functions of epilogues on one element, in f32 and f64. */
public final class ScalarEpilogue {
  private static final double SQRT_2_OVER_PI = Math.sqrt(2 / Math.PI);
  private static final double SQRT_HALF = Math.sqrt(0.5);
  private static final double GELU_CUBIC = 0.044715;

  private ScalarEpilogue() {}

  /** The epilogue's function of x. */
  public static float apply(Epilogue epilogue, float x) {
    return switch (epilogue.function()) {
      case NONE -> x;
      case RELU -> x < 0f ? 0f : x;
      case CLAMP ->
          x < (float) epilogue.low()
              ? (float) epilogue.low()
              : x > (float) epilogue.high() ? (float) epilogue.high() : x;
      case TANH -> ScalarMath.tanh(x);
      case SILU -> ScalarMath.silu(x);
      case GELU -> ScalarMath.gelu(x);
      case GELU_TANH -> ScalarMath.geluTanh(x);
    };
  }

  /** The epilogue's function of x. */
  public static double apply(Epilogue epilogue, double x) {
    return switch (epilogue.function()) {
      case NONE -> x;
      case RELU -> x < 0 ? 0 : x;
      case CLAMP -> x < epilogue.low() ? epilogue.low() : x > epilogue.high() ? epilogue.high() : x;
      case TANH -> StrictMath.tanh(x);
      case SILU -> silu(x);
      case GELU -> gelu(x);
      case GELU_TANH -> geluTanh(x);
    };
  }

  private static double silu(double x) {
    return x == Double.NEGATIVE_INFINITY ? -0.0 : x / (1 + StrictMath.exp(-x));
  }

  private static double gelu(double x) {
    return x == Double.NEGATIVE_INFINITY ? -0.0 : 0.5 * x * Erfc.erfc(-x * SQRT_HALF);
  }

  private static double geluTanh(double x) {
    return x == Double.NEGATIVE_INFINITY
        ? -0.0
        : x / (1 + StrictMath.exp(-2 * SQRT_2_OVER_PI * (x + GELU_CUBIC * x * x * x)));
  }
}
