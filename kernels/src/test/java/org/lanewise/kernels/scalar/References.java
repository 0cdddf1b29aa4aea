package org.lanewise.kernels.scalar;

/**
 * Elementary functions in f64, with errors that are nothing beside a unit in the last place of f32.
 * Where a function is flat or linear it is computed as such, so that all floats can be tried.
 */
final class References {
  /** Below it, in magnitude, the terms that are left out are below 2⁻³⁹. */
  private static final double TINY = 0x1p-13;

  private static final double SLOPE = 2 * StrictMath.sqrt(2 / StrictMath.PI);
  private static final double DENSITY = SLOPE / 4;

  private References() {}

  static double exp(double x) {
    if (Math.abs(x) < TINY) {
      return 1 + x + x * x / 2 + x * x * x / 6;
    }
    return x < -120 ? 0 : x > 120 ? Double.POSITIVE_INFINITY : StrictMath.exp(x);
  }

  static double expm1(double x) {
    if (Math.abs(x) < TINY) {
      return x * (1 + x / 2 + x * x / 6);
    }
    return x < -120 ? -1 : x > 120 ? Double.POSITIVE_INFINITY : StrictMath.expm1(x);
  }

  static double log1p(double x) {
    return Math.abs(x) < TINY ? x * (1 - x / 2 + x * x / 3) : StrictMath.log1p(x);
  }

  static double tanh(double x) {
    return Math.abs(x) < TINY ? x * (1 - x * x / 3) : StrictMath.tanh(x);
  }

  static double sigmoid(double x) {
    double e = exp(-Math.abs(x));
    return (x < 0 ? e : 1) / (1 + e);
  }

  static double softplus(double x) {
    return (x > 0 ? x : 0) + StrictMath.log1p(exp(-Math.abs(x)));
  }

  static double silu(double x) {
    return x == Double.NEGATIVE_INFINITY ? -0.0 : x * sigmoid(x);
  }

  static double siluDerivative(double x) {
    double s = sigmoid(x);
    return s + bounded(x) * s * sigmoid(-x);
  }

  static double geluTanh(double x) {
    return x == Double.NEGATIVE_INFINITY ? -0.0 : x * sigmoid(SLOPE * (x + 0.044715 * x * x * x));
  }

  static double geluTanhDerivative(double x) {
    x = bounded(x);
    double u = SLOPE * (x + 0.044715 * x * x * x);
    return sigmoid(u) + x * sigmoid(u) * sigmoid(-u) * SLOPE * (1 + 3 * 0.044715 * x * x);
  }

  static double erf(double x) {
    double a = Math.abs(x);
    double y = a > 6 ? 1 : a < 0.5 ? erfSeries(a) : 1 - Erfc.erfc(a);
    return Math.copySign(Double.isNaN(x) ? x : y, x);
  }

  /** {@code 2/√π · Σ (−1)ⁿ x²ⁿ⁺¹ / (n!·(2n + 1))}. */
  private static double erfSeries(double x) {
    double sum = x;
    double power = x;
    for (int n = 1; Math.abs(power) > 1e-17 * x; n++) {
      power *= -x * x / n;
      sum += power / (2 * n + 1);
    }
    return 2 / StrictMath.sqrt(StrictMath.PI) * sum;
  }

  static double gelu(double x) {
    if (Math.abs(x) < TINY) {
      return x * (0.5 + DENSITY * x - DENSITY * x * x * x / 6);
    }
    return x < -20 ? -0.0 : x > 20 ? x : x * normal(x);
  }

  static double geluDerivative(double x) {
    x = bounded(x);
    return normal(x) + x * DENSITY * StrictMath.exp(-x * x / 2);
  }

  private static double normal(double x) {
    return 0.5 * Erfc.erfc(-x * StrictMath.sqrt(0.5));
  }

  /** Of the range in which a derivative is not constant. */
  private static double bounded(double x) {
    return Math.clamp(x, -200, 200);
  }

  static double rsqrt(double x) {
    return 1 / Math.sqrt(x);
  }
}
