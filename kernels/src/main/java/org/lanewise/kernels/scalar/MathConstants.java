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

  /** Maximum error of {@code expm1}, over all floats, in units in the last place of the result. */
  public static final double EXPM1_MAX_ULP = 1.5;

  /** Maximum error of {@code log}, over all floats, in units in the last place of the result. */
  public static final double LOG_MAX_ULP = 1.0;

  /** Maximum error of {@code log1p}, over all floats, in units in the last place of the result. */
  public static final double LOG1P_MAX_ULP = 1.5;

  /** Maximum error of {@code tanh}, over all floats, in units in the last place of the result. */
  public static final double TANH_MAX_ULP = 2.0;

  /**
   * Maximum error of {@code sigmoid}, over all floats, in units in the last place of the result.
   */
  public static final double SIGMOID_MAX_ULP = 2.0;

  /**
   * Maximum error of {@code softplus}, over all floats, in units in the last place of the result.
   */
  public static final double SOFTPLUS_MAX_ULP = 2.0;

  /** Maximum error of {@code silu}, over all floats, in units in the last place of the result. */
  public static final double SILU_MAX_ULP = 3.0;

  /** Maximum error of {@code erf}, over all floats, in units in the last place of the result. */
  public static final double ERF_MAX_ULP = 2.0;

  /** Maximum error of {@code gelu}, over all floats, in units in the last place of the result. */
  public static final double GELU_MAX_ULP = 4.0;

  /**
   * Maximum error of {@code geluTanh}, over all floats, in units in the last place of the result.
   */
  public static final double GELU_TANH_MAX_ULP = 3.0;

  /** Maximum error of {@code sin}, over all floats, in units in the last place of the result. */
  public static final double SIN_MAX_ULP = 2.0;

  /** Maximum error of {@code cos}, over all floats, in units in the last place of the result. */
  public static final double COS_MAX_ULP = 2.0;

  /** Maximum error of {@code rsqrt}, over all floats, in units in the last place of the result. */
  public static final double RSQRT_MAX_ULP = 1.5;

  /**
   * Maximum error of the derivatives of {@code silu}, {@code gelu} and {@code geluTanh}, absolute.
   */
  public static final double DERIVATIVE_MAX_ERROR = 0x1p-21;

  /** Maximum error of {@code sinTurn}, over all angles, absolute. */
  public static final double SIN_TURN_MAX_ERROR = 0x1.4p-23;

  /**
   * Adding it to {@code |x| < 2²¹} rounds x to an integer n and leaves {@code n + 2·127} in the low
   * bits of the sum, where 127 is the bias of an exponent: the bits halved end in {@code ⌊n/2⌋ +
   * 127}, and what is then left in {@code ⌈n/2⌉ + 127}.
   */
  public static final float ROUND = 0x1.8p23f + 2 * 127;

  /** The same with {@code n + 127} in the low bits: those of 2ⁿ once they are shifted. */
  public static final float ROUND_POWER = 0x1.8p23f + 127;

  /** The same with {@code n − 1 + 127} in the low bits. */
  public static final float ROUND_HALF_POWER = 0x1.8p23f + 126;

  /** The same with {@code n + 64 + 127} in the low bits, for n down to −190. */
  public static final float ROUND_SCALED_POWER = 0x1.8p23f + 64 + 127;

  /** What a {@linkplain #ROUND_SCALED_POWER scaled power} is multiplied by at the end. */
  public static final float UNSCALE = 0x1p-64f;

  /** The same with n in the low bits. */
  public static final float ROUND_TURN = 0x1.8p23f;

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

  /** Below it {@code eˣ} rounds to 0. */
  public static final float EXP_LOW = -104f;

  /** Greatest bits of a sum with {@link #ROUND}: n = 129, where {@code eˣ} overflows. */
  public static final int EXP_ROUNDED_MAX = 0x4b400000 + 2 * 127 + 129;

  // eʳ = 1 + r + r²·(…), |r| ≤ ½ ln 2; relative error 2⁻²⁸
  public static final float EXP_2 = 0x1.fffffcp-2f;
  public static final float EXP_3 = 0x1.55548ap-3f;
  public static final float EXP_4 = 0x1.555916p-5f;
  public static final float EXP_5 = 0x1.123fc6p-7f;
  public static final float EXP_6 = 0x1.6a1a72p-10f;

  /** Below it {@code eˣ − 1} rounds to −1. */
  public static final float EXPM1_LOW = -18f;

  /** Below it, in magnitude, {@code eˣ − 1} is x. */
  public static final float EXPM1_LINEAR = 0x1p-25f;

  /** Greatest bits of a sum with {@link #ROUND_HALF_POWER}: n = 128. */
  public static final int EXPM1_ROUNDED_MAX = 0x4b400000 + 126 + 128;

  // eʳ − 1 = r + r²·(…), |r| ≤ ½ ln 2; relative error 2⁻²⁶
  public static final float EXPM1_2 = 0x1.fffffep-2f;
  public static final float EXPM1_3 = 0x1.5554aap-3f;
  public static final float EXPM1_4 = 0x1.55579ep-5f;
  public static final float EXPM1_5 = 0x1.122c86p-7f;
  public static final float EXPM1_6 = 0x1.6ab16cp-10f;

  /** Above it tanh rounds to 1. */
  public static final float TANH_HIGH = 9.02f;

  /** Less the bits of 2ⁿ it is those of {@code 2⁻ⁿ⁻¹}. */
  public static final int TANH_RECIPROCAL_BITS = 253 << 23;

  /** Above it {@code x·e⁻ˣ} rounds to 0. */
  public static final float SILU_HIGH = 110f;

  public static final int SILU_HIGH_BITS = 0x42dc0000;

  /** Bits of 2/3: mantissas are reduced to [2/3, 4/3). */
  public static final int TWO_THIRDS_BITS = 0x3f2aaaab;

  /** Bits of 4. */
  public static final int FOUR_BITS = 0x40800000;

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

  /** Bits of 3/4: for log1p, mantissas are reduced to [3/4, 3/2). */
  public static final int THREE_QUARTERS_BITS = 0x3f400000;

  // log(1 + f) = f + f²·(…), −1/4 ≤ f < 1/2; relative error 2⁻²⁷
  public static final float LOG1P_2 = -0.5f;
  public static final float LOG1P_3 = 0x1.5555acp-2f;
  public static final float LOG1P_4 = -0x1.00008p-2f;
  public static final float LOG1P_5 = 0x1.99676ep-3f;
  public static final float LOG1P_6 = -0x1.54d9b6p-3f;
  public static final float LOG1P_7 = 0x1.28730cp-3f;
  public static final float LOG1P_8 = -0x1.0e4838p-3f;
  public static final float LOG1P_9 = 0x1.b084cep-4f;
  public static final float LOG1P_10 = -0x1.77157p-5f;

  // log(1 + e) = e + e²·(…), 0 ≤ e ≤ 1; relative error 2⁻²⁷
  public static final float SOFTPLUS_2 = -0x1.ffffd2p-2f;
  public static final float SOFTPLUS_3 = 0x1.554ddp-2f;
  public static final float SOFTPLUS_4 = -0x1.ff23e6p-3f;
  public static final float SOFTPLUS_5 = 0x1.934b6ep-3f;
  public static final float SOFTPLUS_6 = -0x1.3a44dep-3f;
  public static final float SOFTPLUS_7 = 0x1.b4bbc4p-4f;
  public static final float SOFTPLUS_8 = -0x1.d6e594p-5f;
  public static final float SOFTPLUS_9 = 0x1.497384p-6f;
  public static final float SOFTPLUS_10 = -0x1.b0351p-9f;

  /** Below it erf is a polynomial, above it {@code 1 − 2ᵗ} with a polynomial t. */
  public static final float ERF_SMALL = 0.84f;

  /** Above it erf rounds to 1. */
  public static final float ERF_HIGH = 3.95f;

  // erf a = a + a·(…) in a², 0 ≤ a ≤ ERF_SMALL; relative error 2⁻²⁷
  public static final float ERF_1 = 0x1.06eba8p-3f;
  public static final float ERF_3 = -0x1.812728p-2f;
  public static final float ERF_5 = 0x1.ce25fap-4f;
  public static final float ERF_7 = -0x1.b74178p-6f;
  public static final float ERF_9 = 0x1.4bcfc6p-8f;
  public static final float ERF_11 = -0x1.4eab06p-11f;

  // log₂(1 − erf a) on ERF_SMALL ≤ a ≤ ERF_HIGH; the error of erf is 2⁻²⁸
  public static final float ERFC_0 = -0x1.fb703cp-14f;
  public static final float ERFC_1 = -0x1.a0a8f8p+0f;
  public static final float ERFC_2 = -0x1.d60d7ap-1f;
  public static final float ERFC_3 = -0x1.3545dcp-3f;
  public static final float ERFC_4 = 0x1.0b062p-5f;
  public static final float ERFC_5 = -0x1.28a252p-8f;
  public static final float ERFC_6 = 0x1.373ffcp-12f;

  // 2ʳ = 1 + r·(…), |r| ≤ ½; relative error 2⁻²³
  public static final float EXP2_1 = 0x1.62e42ap-1f;
  public static final float EXP2_2 = 0x1.ebf9ap-3f;
  public static final float EXP2_3 = 0x1.c6b586p-5f;
  public static final float EXP2_4 = 0x1.3cf5ap-7f;
  public static final float EXP2_5 = 0x1.5ccc02p-10f;

  /** Above it gelu is x, below its negative it is −0. */
  public static final float GELU_HIGH = 14.5f;

  public static final int GELU_HIGH_BITS = 0x41680000;

  // ½ erfc(a/√2)·exp(a²/2) = t·(…) in t − GELU_CENTER with t = 1/(1 + GELU_T·a), 0 ≤ a ≤
  // GELU_HIGH; relative error 2⁻²⁸
  public static final float GELU_T = 0.3f;
  public static final float GELU_CENTER = 0.125f;
  public static final float GELU_0 = 0x1.179d3ep-3f;
  public static final float GELU_1 = 0x1.363fdcp-3f;
  public static final float GELU_2 = 0x1.2e6922p-3f;
  public static final float GELU_3 = 0x1.eaae22p-4f;
  public static final float GELU_4 = 0x1.3e1d44p-4f;
  public static final float GELU_5 = 0x1.593276p-10f;
  public static final float GELU_6 = 0x1.34ca82p-5f;
  public static final float GELU_7 = -0x1.046b52p-3f;
  public static final float GELU_8 = 0x1.6cfaf4p-4f;
  public static final float GELU_9 = -0x1.516288p-6f;

  /** {@code 1/√(2π)}: the normal density at 0. */
  public static final float NORMAL_DENSITY = 0x1.988454p-2f;

  // geluTanh x = x · sigmoid(2u), 2u = 2√(2/π)·x + 2√(2/π)·0.044715·x³; each the sum of two floats
  public static final float GELU_TANH_1 = 0x1.988454p+0f;
  public static final float GELU_TANH_1_LOW = -0x1.857936p-25f;
  public static final float GELU_TANH_3 = 0x1.2444f2p-4f;
  public static final float GELU_TANH_3_LOW = 0x1.49b16ap-29f;

  /** Above it geluTanh is x, below its negative it is −0. */
  public static final float GELU_TANH_HIGH = 11f;

  public static final int GELU_TANH_HIGH_BITS = 0x41300000;

  /** Below it, in magnitude, sin and cos are reduced in f32, else left to {@link StrictMath}. */
  public static final float TURNS_HIGH = 30_000f;

  /** {@code 2/π}. */
  public static final float TWO_OVER_PI = 0x1.45f306p-1f;

  // π/2 as a sum of three floats, each rounded down: multiples of the first are exact in an fma,
  // and positive parts keep −0
  public static final float HALF_PI_HIGH = 0x1.921fb4p+0f;
  public static final float HALF_PI_MIDDLE = 0x1.4442dp-24f;
  public static final float HALF_PI_LOW = 0x1.846988p-48f;

  // sin r = r + r³·(…) and cos r = 1 − r²/2 + r⁴·(…) in r², |r| ≤ π/4; relative error 2⁻²⁷, 2⁻³²
  public static final float SINE_3 = -0x1.555546p-3f;
  public static final float SINE_5 = 0x1.110774p-7f;
  public static final float SINE_7 = -0x1.9951e8p-13f;
  public static final float COSINE_4 = 0x1.55554ap-5f;
  public static final float COSINE_6 = -0x1.6c0c28p-10f;
  public static final float COSINE_8 = 0x1.99e80cp-16f;

  /** {@code 2π / 2³²}: radians of one step of a 32-bit turn. */
  public static final float TURN_STEP = 0x1.921fb6p-30f;

  /** A quarter turn. */
  public static final int QUARTER_TURN = 1 << 30;

  // sin a = a + a³·(…) in a², |a| ≤ π/2; relative error 2⁻²⁷
  public static final float SIN_3 = -0x1.55554ep-3f;
  public static final float SIN_5 = 0x1.110f02p-7f;
  public static final float SIN_7 = -0x1.9f781ap-13f;
  public static final float SIN_9 = 0x1.5e2a3ep-19f;

  public static final float ONE_SIXTH = 0x1.555556p-3f;
  public static final float ONE_THIRD = 0x1.555556p-2f;

  private MathConstants() {}
}
