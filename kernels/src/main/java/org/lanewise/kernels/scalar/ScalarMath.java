package org.lanewise.kernels.scalar;

import static org.lanewise.kernels.scalar.MathConstants.COSINE_4;
import static org.lanewise.kernels.scalar.MathConstants.COSINE_6;
import static org.lanewise.kernels.scalar.MathConstants.COSINE_8;
import static org.lanewise.kernels.scalar.MathConstants.ERFC_0;
import static org.lanewise.kernels.scalar.MathConstants.ERFC_1;
import static org.lanewise.kernels.scalar.MathConstants.ERFC_2;
import static org.lanewise.kernels.scalar.MathConstants.ERFC_3;
import static org.lanewise.kernels.scalar.MathConstants.ERFC_4;
import static org.lanewise.kernels.scalar.MathConstants.ERFC_5;
import static org.lanewise.kernels.scalar.MathConstants.ERFC_6;
import static org.lanewise.kernels.scalar.MathConstants.ERF_1;
import static org.lanewise.kernels.scalar.MathConstants.ERF_11;
import static org.lanewise.kernels.scalar.MathConstants.ERF_3;
import static org.lanewise.kernels.scalar.MathConstants.ERF_5;
import static org.lanewise.kernels.scalar.MathConstants.ERF_7;
import static org.lanewise.kernels.scalar.MathConstants.ERF_9;
import static org.lanewise.kernels.scalar.MathConstants.ERF_HIGH;
import static org.lanewise.kernels.scalar.MathConstants.ERF_SMALL;
import static org.lanewise.kernels.scalar.MathConstants.EXP2_1;
import static org.lanewise.kernels.scalar.MathConstants.EXP2_2;
import static org.lanewise.kernels.scalar.MathConstants.EXP2_3;
import static org.lanewise.kernels.scalar.MathConstants.EXP2_4;
import static org.lanewise.kernels.scalar.MathConstants.EXP2_5;
import static org.lanewise.kernels.scalar.MathConstants.EXPM1_2;
import static org.lanewise.kernels.scalar.MathConstants.EXPM1_3;
import static org.lanewise.kernels.scalar.MathConstants.EXPM1_4;
import static org.lanewise.kernels.scalar.MathConstants.EXPM1_5;
import static org.lanewise.kernels.scalar.MathConstants.EXPM1_6;
import static org.lanewise.kernels.scalar.MathConstants.EXPM1_LINEAR;
import static org.lanewise.kernels.scalar.MathConstants.EXPM1_LOW;
import static org.lanewise.kernels.scalar.MathConstants.EXPM1_ROUNDED_MAX;
import static org.lanewise.kernels.scalar.MathConstants.EXP_2;
import static org.lanewise.kernels.scalar.MathConstants.EXP_3;
import static org.lanewise.kernels.scalar.MathConstants.EXP_4;
import static org.lanewise.kernels.scalar.MathConstants.EXP_5;
import static org.lanewise.kernels.scalar.MathConstants.EXP_6;
import static org.lanewise.kernels.scalar.MathConstants.EXP_LOW;
import static org.lanewise.kernels.scalar.MathConstants.EXP_ROUNDED_MAX;
import static org.lanewise.kernels.scalar.MathConstants.FOUR_BITS;
import static org.lanewise.kernels.scalar.MathConstants.GELU_0;
import static org.lanewise.kernels.scalar.MathConstants.GELU_1;
import static org.lanewise.kernels.scalar.MathConstants.GELU_2;
import static org.lanewise.kernels.scalar.MathConstants.GELU_3;
import static org.lanewise.kernels.scalar.MathConstants.GELU_4;
import static org.lanewise.kernels.scalar.MathConstants.GELU_5;
import static org.lanewise.kernels.scalar.MathConstants.GELU_6;
import static org.lanewise.kernels.scalar.MathConstants.GELU_7;
import static org.lanewise.kernels.scalar.MathConstants.GELU_8;
import static org.lanewise.kernels.scalar.MathConstants.GELU_9;
import static org.lanewise.kernels.scalar.MathConstants.GELU_CENTER;
import static org.lanewise.kernels.scalar.MathConstants.GELU_HIGH;
import static org.lanewise.kernels.scalar.MathConstants.GELU_T;
import static org.lanewise.kernels.scalar.MathConstants.GELU_TANH_1;
import static org.lanewise.kernels.scalar.MathConstants.GELU_TANH_1_LOW;
import static org.lanewise.kernels.scalar.MathConstants.GELU_TANH_3;
import static org.lanewise.kernels.scalar.MathConstants.GELU_TANH_3_LOW;
import static org.lanewise.kernels.scalar.MathConstants.GELU_TANH_HIGH;
import static org.lanewise.kernels.scalar.MathConstants.HALF_PI_HIGH;
import static org.lanewise.kernels.scalar.MathConstants.HALF_PI_LOW;
import static org.lanewise.kernels.scalar.MathConstants.HALF_PI_MIDDLE;
import static org.lanewise.kernels.scalar.MathConstants.LN2_HIGH;
import static org.lanewise.kernels.scalar.MathConstants.LN2_LOW;
import static org.lanewise.kernels.scalar.MathConstants.LOG1P_10;
import static org.lanewise.kernels.scalar.MathConstants.LOG1P_2;
import static org.lanewise.kernels.scalar.MathConstants.LOG1P_3;
import static org.lanewise.kernels.scalar.MathConstants.LOG1P_4;
import static org.lanewise.kernels.scalar.MathConstants.LOG1P_5;
import static org.lanewise.kernels.scalar.MathConstants.LOG1P_6;
import static org.lanewise.kernels.scalar.MathConstants.LOG1P_7;
import static org.lanewise.kernels.scalar.MathConstants.LOG1P_8;
import static org.lanewise.kernels.scalar.MathConstants.LOG1P_9;
import static org.lanewise.kernels.scalar.MathConstants.LOG2_E;
import static org.lanewise.kernels.scalar.MathConstants.LOG_10;
import static org.lanewise.kernels.scalar.MathConstants.LOG_2;
import static org.lanewise.kernels.scalar.MathConstants.LOG_3;
import static org.lanewise.kernels.scalar.MathConstants.LOG_4;
import static org.lanewise.kernels.scalar.MathConstants.LOG_5;
import static org.lanewise.kernels.scalar.MathConstants.LOG_6;
import static org.lanewise.kernels.scalar.MathConstants.LOG_7;
import static org.lanewise.kernels.scalar.MathConstants.LOG_8;
import static org.lanewise.kernels.scalar.MathConstants.LOG_9;
import static org.lanewise.kernels.scalar.MathConstants.MANTISSA_BITS;
import static org.lanewise.kernels.scalar.MathConstants.MANTISSA_MASK;
import static org.lanewise.kernels.scalar.MathConstants.NORMAL_DENSITY;
import static org.lanewise.kernels.scalar.MathConstants.ROUND;
import static org.lanewise.kernels.scalar.MathConstants.ROUND_HALF_POWER;
import static org.lanewise.kernels.scalar.MathConstants.ROUND_POWER;
import static org.lanewise.kernels.scalar.MathConstants.ROUND_SCALED_POWER;
import static org.lanewise.kernels.scalar.MathConstants.ROUND_TURN;
import static org.lanewise.kernels.scalar.MathConstants.SIGN_MASK;
import static org.lanewise.kernels.scalar.MathConstants.SILU_HIGH;
import static org.lanewise.kernels.scalar.MathConstants.SINE_3;
import static org.lanewise.kernels.scalar.MathConstants.SINE_5;
import static org.lanewise.kernels.scalar.MathConstants.SINE_7;
import static org.lanewise.kernels.scalar.MathConstants.SIN_3;
import static org.lanewise.kernels.scalar.MathConstants.SIN_5;
import static org.lanewise.kernels.scalar.MathConstants.SIN_7;
import static org.lanewise.kernels.scalar.MathConstants.SIN_9;
import static org.lanewise.kernels.scalar.MathConstants.SOFTPLUS_10;
import static org.lanewise.kernels.scalar.MathConstants.SOFTPLUS_2;
import static org.lanewise.kernels.scalar.MathConstants.SOFTPLUS_3;
import static org.lanewise.kernels.scalar.MathConstants.SOFTPLUS_4;
import static org.lanewise.kernels.scalar.MathConstants.SOFTPLUS_5;
import static org.lanewise.kernels.scalar.MathConstants.SOFTPLUS_6;
import static org.lanewise.kernels.scalar.MathConstants.SOFTPLUS_7;
import static org.lanewise.kernels.scalar.MathConstants.SOFTPLUS_8;
import static org.lanewise.kernels.scalar.MathConstants.SOFTPLUS_9;
import static org.lanewise.kernels.scalar.MathConstants.SUBNORMAL_SCALE;
import static org.lanewise.kernels.scalar.MathConstants.TANH_HIGH;
import static org.lanewise.kernels.scalar.MathConstants.TANH_RECIPROCAL_BITS;
import static org.lanewise.kernels.scalar.MathConstants.THREE_QUARTERS_BITS;
import static org.lanewise.kernels.scalar.MathConstants.TURNS_HIGH;
import static org.lanewise.kernels.scalar.MathConstants.TURN_STEP;
import static org.lanewise.kernels.scalar.MathConstants.TWO_OVER_PI;
import static org.lanewise.kernels.scalar.MathConstants.TWO_THIRDS_BITS;
import static org.lanewise.kernels.scalar.MathConstants.UNSCALE;

/**
 * Elementary functions of one float, from additions, multiplications, divisions, fused
 * multiply-adds and operations on bits only: the same bits on every machine, compiled or not. The
 * vector loops perform the same operations in the same order.
 */
public final class ScalarMath {
  private ScalarMath() {}

  /**
   * {@code eˣ = 2ⁿ · eʳ} with {@code x = n·ln 2 + r}. Maximum error {@value
   * MathConstants#EXP_MAX_ULP} ULP, subnormal results included. NaN gives NaN.
   */
  public static float exp(float x) {
    if (x < EXP_LOW) {
      x = EXP_LOW;
    }
    // At the high end n is bounded instead: what is left in r makes the polynomial overflow.
    int bits = Math.min(bits(Math.fma(x, LOG2_E, ROUND)), EXP_ROUNDED_MAX);
    float n = Float.intBitsToFloat(bits) - ROUND;
    float r = Math.fma(n, -LN2_HIGH, x);
    r = Math.fma(n, -LN2_LOW, r);
    float p = Math.fma(EXP_6, r, EXP_5);
    p = Math.fma(p, r, EXP_4);
    p = Math.fma(p, r, EXP_3);
    p = Math.fma(p, r, EXP_2);
    p = Math.fma(p, r, 1f);
    p = Math.fma(p, r, 1f);
    // Two factors, as 2ⁿ itself may lie outside the range of normal floats.
    int half = bits >> 1;
    return p * power(half) * power(bits - half);
  }

  /**
   * {@code eˣ − 1 = 2ⁿ·(eʳ − 1) + (2ⁿ − 1)}. Maximum error {@value MathConstants#EXPM1_MAX_ULP}
   * ULP. NaN gives NaN, −0 gives −0.
   */
  public static float expm1(float x) {
    float low = x < EXPM1_LOW ? EXPM1_LOW : x;
    int bits = Math.min(bits(Math.fma(low, LOG2_E, ROUND_HALF_POWER)), EXPM1_ROUNDED_MAX);
    float n = Float.intBitsToFloat(bits) - ROUND_HALF_POWER;
    float high = Math.fma(n, -LN2_HIGH, low);
    float r = Math.fma(n, -LN2_LOW, high);
    float half = power(bits); // 2ⁿ⁻¹, as 2ⁿ may overflow
    float y = Math.fma(half, expm1Rest(n, r), Math.fma(half, high, half - 0.5f));
    return Math.abs(x) < EXPM1_LINEAR ? x : y + y;
  }

  /** {@code eʳ − 1} less the part of r that n·LN2_HIGH leaves. */
  private static float expm1Rest(float n, float r) {
    float p = Math.fma(EXPM1_6, r, EXPM1_5);
    p = Math.fma(p, r, EXPM1_4);
    p = Math.fma(p, r, EXPM1_3);
    p = Math.fma(p, r, EXPM1_2);
    return Math.fma(n, -LN2_LOW, r * r * p);
  }

  /**
   * {@code ln x = k·ln 2 + ln m} with {@code x = 2ᵏ·m} and m in [2/3, 4/3). Maximum error {@value
   * MathConstants#LOG_MAX_ULP} ULP. ±0 gives −∞, a negative number or NaN gives NaN.
   */
  public static float log(float x) {
    boolean subnormal = x < Float.MIN_NORMAL;
    int bits = bits(subnormal ? x * SUBNORMAL_SCALE : x) - TWO_THIRDS_BITS;
    float k = (float) (bits >> MANTISSA_BITS);
    if (subnormal) {
      k -= MANTISSA_BITS;
    }
    float f = Float.intBitsToFloat((bits & MANTISSA_MASK) + TWO_THIRDS_BITS) - 1f;
    float p = Math.fma(LOG_10, f, LOG_9);
    p = Math.fma(p, f, LOG_8);
    p = Math.fma(p, f, LOG_7);
    p = Math.fma(p, f, LOG_6);
    p = Math.fma(p, f, LOG_5);
    p = Math.fma(p, f, LOG_4);
    p = Math.fma(p, f, LOG_3);
    p = Math.fma(p, f, LOG_2);
    float y = x > 0f ? Math.fma(k, LN2_HIGH, Math.fma(p, f * f, f)) : Float.NaN;
    if (x == 0f) {
      y = Float.NEGATIVE_INFINITY;
    }
    return x == Float.POSITIVE_INFINITY ? x : y;
  }

  /**
   * {@code ln(1 + x) = k·ln 2 + ln(1 + f)} with {@code 1 + x = 2ᵏ·(1 + f)} and f in [−1/4, 1/2),
   * which comes from x and not from the rounded sum. Maximum error {@value
   * MathConstants#LOG1P_MAX_ULP} ULP. −0 gives −0, −1 gives −∞, a lesser number or NaN gives NaN.
   */
  public static float log1p(float x) {
    int bits = bits(1f + x) - THREE_QUARTERS_BITS;
    float k = (float) (bits >> MANTISSA_BITS);
    int exponent = bits & ~MANTISSA_MASK;
    float scaled = Float.intBitsToFloat(bits(x) - exponent);
    float f = scaled + Math.fma(Float.intBitsToFloat(FOUR_BITS - exponent), 0.25f, -1f);
    float p = Math.fma(LOG1P_10, f, LOG1P_9);
    p = Math.fma(p, f, LOG1P_8);
    p = Math.fma(p, f, LOG1P_7);
    p = Math.fma(p, f, LOG1P_6);
    p = Math.fma(p, f, LOG1P_5);
    p = Math.fma(p, f, LOG1P_4);
    p = Math.fma(p, f, LOG1P_3);
    p = Math.fma(p, f, LOG1P_2);
    float y = x > -1f ? Math.fma(k, LN2_HIGH, Math.fma(p, f * f, f)) : Float.NaN;
    if (x == -1f) {
      y = Float.NEGATIVE_INFINITY;
    }
    if (x == Float.POSITIVE_INFINITY) {
      y = x;
    }
    return orSign(y, x);
  }

  /**
   * Hyperbolic tangent, {@code m / (m + 2)} with {@code m = e²ˣ − 1} of the magnitude. Maximum
   * error {@value MathConstants#TANH_MAX_ULP} ULP. NaN gives NaN, −0 gives −0.
   */
  public static float tanh(float x) {
    float a = Math.abs(x);
    if (a > TANH_HIGH) {
      a = TANH_HIGH;
    }
    float twice = a + a;
    float rounded = Math.fma(twice, LOG2_E, ROUND_POWER);
    float n = rounded - ROUND_POWER;
    float high = Math.fma(n, -LN2_HIGH, twice);
    float r = Math.fma(n, -LN2_LOW, high);
    float power = power(bits(rounded));
    float m = Math.fma(power, expm1Rest(n, r), Math.fma(power, high, power - 1f));
    float sum = m + 2f;
    float excess = (sum - 2f) - m; // exactly what rounding added to the sum
    float y = m / sum;
    float rest = Math.fma(y, excess, Math.fma(-y, sum, m));
    // Half the power is near enough to the sum to divide the rest by it.
    float reciprocal = Float.intBitsToFloat(TANH_RECIPROCAL_BITS - bits(power));
    return orSign(Math.fma(rest, reciprocal, y), x);
  }

  /**
   * {@code 1 / (1 + e⁻ˣ)}, computed from {@code e = exp(−|x|)}, which cannot overflow, as {@code
   * 1/(1+e)} or {@code e/(1+e)}. Maximum error {@value MathConstants#SIGMOID_MAX_ULP} ULP,
   * subnormal results included. NaN gives NaN.
   */
  public static float sigmoid(float x) {
    float e = exp(-Math.abs(x));
    float sum = 1f + e;
    float lost = (1f - sum) + e; // exactly what rounding took from the sum
    float y = (x < 0f ? e : 1f) / sum;
    return Math.fma(-y, lost, y);
  }

  /**
   * {@code ln(1 + eˣ) = max(x, 0) + ln(1 + e)} with {@code e = exp(−|x|)}. Maximum error {@value
   * MathConstants#SOFTPLUS_MAX_ULP} ULP, subnormal results included. NaN gives NaN.
   */
  public static float softplus(float x) {
    float e = exp(-Math.abs(x));
    float p = Math.fma(SOFTPLUS_10, e, SOFTPLUS_9);
    p = Math.fma(p, e, SOFTPLUS_8);
    p = Math.fma(p, e, SOFTPLUS_7);
    p = Math.fma(p, e, SOFTPLUS_6);
    p = Math.fma(p, e, SOFTPLUS_5);
    p = Math.fma(p, e, SOFTPLUS_4);
    p = Math.fma(p, e, SOFTPLUS_3);
    p = Math.fma(p, e, SOFTPLUS_2);
    return (x > 0f ? x : 0f) + Math.fma(e * e, p, e);
  }

  /**
   * {@code x · sigmoid(x) = max(x, 0) − a·e/(1 + e)} with {@code a = |x|} and {@code e = exp(−a)}.
   * Maximum error {@value MathConstants#SILU_MAX_ULP} ULP, subnormal results included. NaN gives
   * NaN, −∞ gives −0.
   */
  public static float silu(float x) {
    float a = Math.abs(x);
    if (a > SILU_HIGH) {
      a = SILU_HIGH;
    }
    float rounded = Math.fma(a, -LOG2_E, ROUND_SCALED_POWER);
    float n = rounded - ROUND_SCALED_POWER;
    float r = Math.fma(n, LN2_LOW, Math.fma(n, LN2_HIGH, a));
    float slope = expSlope(r);
    float power = power(bits(rounded));
    float sum = Math.fma(Math.fma(slope, r, 1f) * power, UNSCALE, 1f);
    return Math.fma(Math.fma(a * r, slope, a) / sum * power, -UNSCALE, positivePart(x));
  }

  /** {@code (e⁻ʳ − 1) / r}, {@code |r| ≤ ½ ln 2}. */
  private static float expSlope(float r) {
    float p = Math.fma(EXP_6, r, -EXP_5);
    p = Math.fma(p, r, EXP_4);
    p = Math.fma(p, r, -EXP_3);
    p = Math.fma(p, r, EXP_2);
    return Math.fma(p, r, -1f);
  }

  /** {@code max(x, 0)}, but −0 below, so that taking 0 from it leaves −0. */
  private static float positivePart(float x) {
    return x < 0f ? -0f : x;
  }

  /** Derivative of {@link #silu}; its absolute error is below 2⁻²². */
  public static float siluDerivative(float x) {
    float a = Math.abs(x);
    if (a > SILU_HIGH) {
      a = SILU_HIGH;
    }
    return derivative(x, exp(-a), a);
  }

  /** Derivative of {@code x · sigmoid(v)} from {@code exp(−|v|)} and {@code |x·v′|}. */
  private static float derivative(float x, float e, float slope) {
    float s = 1f / (1f + e);
    float q = e * s;
    return (x < 0f ? q : s) * Math.fma(x < 0f ? -s : q, slope, 1f);
  }

  /**
   * The tanh form of GELU, {@code ½x · (1 + tanh u)} with {@code u = √(2/π)·(x + 0.044715·x³)},
   * computed as {@code x · sigmoid(2u)} like {@link #silu}. Maximum error {@value
   * MathConstants#GELU_TANH_MAX_ULP} ULP, subnormal results included. NaN gives NaN, −∞ gives −0.
   */
  public static float geluTanh(float x) {
    float a = Math.abs(x);
    if (a > GELU_TANH_HIGH) {
      a = GELU_TANH_HIGH;
    }
    // |2u| = a·q. Its error is that of the exponential, so what rounding takes is kept.
    float z = a * a;
    float zError = Math.fma(a, a, -z);
    float cubic = z * GELU_TANH_3;
    float cubicError = Math.fma(z, GELU_TANH_3, -cubic);
    float q = cubic + GELU_TANH_1;
    float added = q - cubic;
    float qError = (cubic - (q - added)) + (GELU_TANH_1 - added);
    qError +=
        cubicError + Math.fma(zError, GELU_TANH_3, Math.fma(z, GELU_TANH_3_LOW, GELU_TANH_1_LOW));
    float argument = a * q;
    float error = Math.fma(a, q, -argument) + a * qError;
    float rounded = Math.fma(argument, -LOG2_E, ROUND_SCALED_POWER);
    float n = rounded - ROUND_SCALED_POWER;
    float r = Math.fma(n, LN2_HIGH, argument) + Math.fma(n, LN2_LOW, error);
    float slope = expSlope(r);
    float power = power(bits(rounded));
    float sum = Math.fma(Math.fma(slope, r, 1f) * power, UNSCALE, 1f);
    return Math.fma(Math.fma(a * r, slope, a) / sum * power, -UNSCALE, positivePart(x));
  }

  /** Derivative of {@link #geluTanh}; its absolute error is below 2⁻²¹. */
  public static float geluTanhDerivative(float x) {
    float a = Math.abs(x);
    if (a > GELU_TANH_HIGH) {
      a = GELU_TANH_HIGH;
    }
    float z = a * a;
    float e = exp(-(a * Math.fma(z, GELU_TANH_3, GELU_TANH_1)));
    return derivative(x, e, a * Math.fma(z, 3f * GELU_TANH_3, GELU_TANH_1));
  }

  /**
   * Error function: a polynomial for small arguments, else {@code 1 − 2ᵗ} with a polynomial t.
   * Maximum error {@value MathConstants#ERF_MAX_ULP} ULP. NaN gives NaN, −0 gives −0.
   */
  public static float erf(float x) {
    float a = Math.abs(x);
    if (a > ERF_HIGH) {
      a = ERF_HIGH;
    }
    float z = a * a;
    float q = Math.fma(ERF_11, z, ERF_9);
    q = Math.fma(q, z, ERF_7);
    q = Math.fma(q, z, ERF_5);
    q = Math.fma(q, z, ERF_3);
    q = Math.fma(q, z, ERF_1);
    float small = Math.fma(q, a, a);
    float t = Math.fma(ERFC_6, a, ERFC_5);
    t = Math.fma(t, a, ERFC_4);
    t = Math.fma(t, a, ERFC_3);
    t = Math.fma(t, a, ERFC_2);
    t = Math.fma(t, a, ERFC_1);
    t = Math.fma(t, a, ERFC_0);
    float rounded = t + ROUND_POWER;
    float r = t - (rounded - ROUND_POWER);
    float p = Math.fma(EXP2_5, r, EXP2_4);
    p = Math.fma(p, r, EXP2_3);
    p = Math.fma(p, r, EXP2_2);
    p = Math.fma(p, r, EXP2_1);
    p = Math.fma(p, r, 1f);
    float large = Math.fma(-p, power(bits(rounded)), 1f);
    return orSign(a < ERF_SMALL ? small : large, x);
  }

  /**
   * GELU, {@code x·Φ(x) = max(x, 0) − a·Φ(−a)} with the normal distribution Φ and {@code a = |x|},
   * where {@code Φ(−a) = ½ erfc(a/√2)} is {@code exp(−a²/2)·t·p(t)} with {@code t = 1/(1 + 0.3a)}.
   * Maximum error {@value MathConstants#GELU_MAX_ULP} ULP, subnormal results included. NaN gives
   * NaN, −∞ gives −0.
   */
  public static float gelu(float x) {
    float a = Math.abs(x);
    if (a > GELU_HIGH) {
      a = GELU_HIGH;
    }
    // The error of the argument is that of the exponential, so what rounding takes is kept.
    float z = a * a; // twice the argument, and so are what it is reduced to and its error
    float zError = Math.fma(a, a, -z);
    float rounded = Math.fma(z, -0.5f * LOG2_E, ROUND_SCALED_POWER);
    float n = rounded - ROUND_SCALED_POWER;
    float r = 0.5f * (Math.fma(n, 2f * LN2_HIGH, z) + Math.fma(n, 2f * LN2_LOW, zError));
    float quotient = a / Math.fma(a, GELU_T, 1f);
    float p = geluPolynomial(Math.fma(quotient, -GELU_T, 1f - GELU_CENTER));
    // Of quotient·p·e⁻ʳ, where a product before the last operation would cost as much again.
    float product = Math.fma(quotient, p, quotient * p * (r * expSlope(r)));
    return Math.fma(product * power(bits(rounded)), -UNSCALE, positivePart(x));
  }

  private static float geluPolynomial(float t) {
    float p = Math.fma(GELU_9, t, GELU_8);
    p = Math.fma(p, t, GELU_7);
    p = Math.fma(p, t, GELU_6);
    p = Math.fma(p, t, GELU_5);
    p = Math.fma(p, t, GELU_4);
    p = Math.fma(p, t, GELU_3);
    p = Math.fma(p, t, GELU_2);
    p = Math.fma(p, t, GELU_1);
    return Math.fma(p, t, GELU_0);
  }

  /** Derivative of {@link #gelu}, {@code Φ(x) + x·Φ′(x)}; its absolute error is below 2⁻²². */
  public static float geluDerivative(float x) {
    float a = Math.abs(x);
    if (a > GELU_HIGH) {
      a = GELU_HIGH;
    }
    float t = 1f / Math.fma(a, GELU_T, 1f);
    float ratio = t * geluPolynomial(t - GELU_CENTER);
    float negative = exp(-(0.5f * a * a)) * Math.fma(a, -NORMAL_DENSITY, ratio);
    return x < 0f ? negative : 1f - negative;
  }

  /**
   * Sine. Maximum error {@value MathConstants#SIN_MAX_ULP} ULP; from {@value
   * MathConstants#TURNS_HIGH} on it is the f64 result rounded. NaN and ±∞ give NaN, −0 gives −0.
   */
  public static float sin(float x) {
    return Math.abs(x) > TURNS_HIGH ? (float) StrictMath.sin(x) : sinOfQuarters(x, 0);
  }

  /**
   * Cosine. Maximum error {@value MathConstants#COS_MAX_ULP} ULP; from {@value
   * MathConstants#TURNS_HIGH} on it is the f64 result rounded. NaN and ±∞ give NaN.
   */
  public static float cos(float x) {
    return Math.abs(x) > TURNS_HIGH ? (float) StrictMath.cos(x) : sinOfQuarters(x, 1);
  }

  /** {@code sin(x + quarters·π/2)}. */
  private static float sinOfQuarters(float x, int quarters) {
    float rounded = Math.fma(x, TWO_OVER_PI, ROUND_TURN);
    float n = rounded - ROUND_TURN;
    float r = Math.fma(n, -HALF_PI_HIGH, x);
    r = Math.fma(n, -HALF_PI_MIDDLE, r);
    r = Math.fma(n, -HALF_PI_LOW, r);
    float z = r * r;
    float p = Math.fma(SINE_7, z, SINE_5);
    p = Math.fma(p, z, SINE_3);
    float sine = orSign(Math.fma(p * z, r, r), r);
    float q = Math.fma(COSINE_8, z, COSINE_6);
    q = Math.fma(q, z, COSINE_4);
    float cosine = Math.fma(q, z * z, Math.fma(z, -0.5f, 1f));
    int quadrant = bits(rounded) + quarters;
    float y = (quadrant & 1) == 0 ? sine : cosine;
    return Float.intBitsToFloat(bits(y) ^ (quadrant & 2) << 30);
  }

  /**
   * {@code 1/√x}. Maximum error {@value MathConstants#RSQRT_MAX_ULP} ULP. ±0 gives ±∞, ∞ gives 0, a
   * negative number or NaN gives NaN.
   */
  public static float rsqrt(float x) {
    return 1f / (float) Math.sqrt(x);
  }

  /**
   * {@code sin(2π·turn / 2³²)}. Maximum error {@value MathConstants#SIN_TURN_MAX_ERROR}, absolute.
   */
  public static float sinTurn(int turn) {
    // In the outer half of the circle, sin θ = sin(±π − θ).
    int inner = (turn ^ turn << 1) < 0 ? Integer.MIN_VALUE - turn : turn;
    float a = (float) inner * TURN_STEP;
    float z = a * a;
    float p = Math.fma(SIN_9, z, SIN_7);
    p = Math.fma(p, z, SIN_5);
    p = Math.fma(p, z, SIN_3);
    return Math.fma(p * z, a, a);
  }

  private static int bits(float x) {
    return Float.floatToRawIntBits(x);
  }

  /** The power of 2 whose exponent, biased, is in the low bits. */
  private static float power(int bits) {
    return Float.intBitsToFloat(bits << MANTISSA_BITS);
  }

  /** A magnitude with the sign of x. */
  private static float orSign(float magnitude, float x) {
    return Float.intBitsToFloat(bits(magnitude) | bits(x) & SIGN_MASK);
  }
}
