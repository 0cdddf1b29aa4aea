package org.lanewise.kernels.scalar;

/**
 * Coefficients and bounds of the elementary functions, shared by the vector functions and their
 * scalar twins.
 *
 * <p>The polynomials are minimax approximations on the reduced range, found by the Remez algorithm
 * and rounded to f32. A suffix is the power of the argument that the coefficient belongs to.
 */
public final class MathConstants {
  /** Maximum error of {@code exp}, over all floats, in units in the last place of the result. */
  public static final double EXP_MAX_ULP = 1.0;

  /** Maximum error of {@code log}, over all floats, in units in the last place of the result. */
  public static final double LOG_MAX_ULP = 1.0;

  /**
   * Maximum error of {@code sigmoid}, over all floats, in units in the last place of the result.
   */
  public static final double SIGMOID_MAX_ULP = 2.0;

  /** Maximum error of {@code tanh}, over all floats, in units in the last place of the result. */
  public static final double TANH_MAX_ULP = 1.5;

  /**
   * Maximum error of {@code silu} from {@link #SILU_ULP_FROM} on, in units in the last place of the
   * result.
   */
  public static final double SILU_MAX_ULP = 3.5;

  /** Below it {@code silu} multiplies a subnormal number, which has few bits. */
  public static final float SILU_ULP_FROM = -87f;

  /** Maximum error of {@code silu} below {@link #SILU_ULP_FROM}, absolute. */
  public static final double SILU_MAX_ERROR_BELOW = 0x1p-142;

  /**
   * Maximum error of {@code gelu} from {@link #GELU_ULP_FROM} on, in units in the last place of the
   * result of its tanh form.
   */
  public static final double GELU_MAX_ULP = 4.0;

  /** Below it {@code gelu} multiplies a subnormal number, which has few bits. */
  public static final float GELU_ULP_FROM = -9.98f;

  /** Maximum error of {@code gelu} below {@link #GELU_ULP_FROM}, absolute. */
  public static final double GELU_MAX_ERROR_BELOW = 0x1p-144;

  /** Maximum error of {@code sinTurn}, over all angles, absolute. */
  public static final double SIN_TURN_MAX_ERROR = 0x1.4p-23;

  /**
   * Adding it to {@code |x| < 2²¹} rounds x to an integer n and leaves {@code n + 2·127} in the low
   * bits of the sum, where 127 is the bias of an exponent: the bits halved end in {@code ⌊n/2⌋ +
   * 127}, and what is then left in {@code ⌈n/2⌉ + 127}.
   */
  public static final float ROUND = 0x1.8p23f + 2 * 127;

  /** Bits of the mantissa, below the exponent. */
  public static final int MANTISSA_BITS = 23;

  /** Selects the mantissa. */
  public static final int MANTISSA_MASK = 0x7fffff;

  /** Selects the sign. */
  public static final int SIGN_MASK = 0x80000000;

  /** {@code 1 / ln 2}. */
  public static final float LOG2_E = 0x1.715476p+0f;

  /** {@code ln 2} rounded to f32. */
  public static final float LN2_HIGH = 0x1.62e43p-1f;

  /** {@code ln 2 − LN2_HIGH}. */
  public static final float LN2_LOW = -0x1.05c61p-29f;

  /** Above it {@code eˣ} overflows. */
  public static final float EXP_HIGH = 89f;

  /** Below it {@code eˣ} rounds to 0. */
  public static final float EXP_LOW = -104f;

  // eʳ = 1 + r + r²·(…), |r| ≤ ½ ln 2; relative error 2⁻²⁸
  public static final float EXP_2 = 0x1.fffffcp-2f;
  public static final float EXP_3 = 0x1.55548ap-3f;
  public static final float EXP_4 = 0x1.555916p-5f;
  public static final float EXP_5 = 0x1.123fc6p-7f;
  public static final float EXP_6 = 0x1.6a1a72p-10f;

  /** Bits of 2/3: mantissas are reduced to [2/3, 4/3). */
  public static final int TWO_THIRDS_BITS = 0x3f2aaaab;

  /** Brings subnormals into the normal range: {@code 2²³}. */
  public static final float SUBNORMAL_SCALE = 0x1p23f;

  // log(1 + f) = f + f²·(…), −1/3 ≤ f < 1/3; relative error 2⁻²⁷
  public static final float LOG_2 = -0.5f;
  public static final float LOG_3 = 0x1.555502p-2f;
  public static final float LOG_4 = -0x1.fffe84p-3f;
  public static final float LOG_5 = 0x1.99d1f2p-3f;
  public static final float LOG_6 = -0x1.55a754p-3f;
  public static final float LOG_7 = 0x1.1ebe68p-3f;
  public static final float LOG_8 = -0x1.f25ddcp-4f;
  public static final float LOG_9 = 0x1.1ed142p-3f;
  public static final float LOG_10 = -0x1.0931ep-3f;

  /** Below it tanh is a polynomial, above it comes from the exponential. */
  public static final float TANH_SMALL = 0.625f;

  // tanh a = a + a³·(…) in a², 0 ≤ a ≤ TANH_SMALL; relative error 2⁻²⁷
  public static final float TANH_3 = -0x1.555534p-2f;
  public static final float TANH_5 = 0x1.110768p-3f;
  public static final float TANH_7 = -0x1.b84448p-5f;
  public static final float TANH_9 = 0x1.5256d8p-6f;
  public static final float TANH_11 = -0x1.76ac1ap-8f;

  // gelu x = x · sigmoid(2u), 2u = 2√(2/π)·x + 2√(2/π)·0.044715·x³; each as a sum of two floats
  public static final float GELU_1 = 0x1.988454p+0f;
  public static final float GELU_1_LOW = -0x1.857936p-25f;
  public static final float GELU_3 = 0x1.2444f2p-4f;
  public static final float GELU_3_LOW = 0x1.49b16ap-29f;

  /** Above it gelu is x, below its negative it is −0. */
  public static final float GELU_HIGH = 16f;

  /** {@code 2π / 2³²}: radians of one step of a 32-bit turn. */
  public static final float TURN_STEP = 0x1.921fb6p-30f;

  /** A quarter turn. */
  public static final int QUARTER_TURN = 1 << 30;

  // sin a = a + a³·(…) in a², |a| ≤ π/2; relative error 2⁻²⁷
  public static final float SIN_3 = -0x1.55554ep-3f;
  public static final float SIN_5 = 0x1.110f02p-7f;
  public static final float SIN_7 = -0x1.9f781ap-13f;
  public static final float SIN_9 = 0x1.5e2a3ep-19f;

  private MathConstants() {}
}
