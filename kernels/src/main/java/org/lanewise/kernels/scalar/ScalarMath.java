package org.lanewise.kernels.scalar;

import static org.lanewise.kernels.scalar.MathConstants.EXP_2;
import static org.lanewise.kernels.scalar.MathConstants.EXP_3;
import static org.lanewise.kernels.scalar.MathConstants.EXP_4;
import static org.lanewise.kernels.scalar.MathConstants.EXP_5;
import static org.lanewise.kernels.scalar.MathConstants.EXP_6;
import static org.lanewise.kernels.scalar.MathConstants.EXP_HIGH;
import static org.lanewise.kernels.scalar.MathConstants.EXP_LOW;
import static org.lanewise.kernels.scalar.MathConstants.GELU_1;
import static org.lanewise.kernels.scalar.MathConstants.GELU_1_LOW;
import static org.lanewise.kernels.scalar.MathConstants.GELU_3;
import static org.lanewise.kernels.scalar.MathConstants.GELU_3_LOW;
import static org.lanewise.kernels.scalar.MathConstants.GELU_HIGH;
import static org.lanewise.kernels.scalar.MathConstants.LN2_HIGH;
import static org.lanewise.kernels.scalar.MathConstants.LN2_LOW;
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
import static org.lanewise.kernels.scalar.MathConstants.ROUND;
import static org.lanewise.kernels.scalar.MathConstants.SIGN_MASK;
import static org.lanewise.kernels.scalar.MathConstants.SIN_3;
import static org.lanewise.kernels.scalar.MathConstants.SIN_5;
import static org.lanewise.kernels.scalar.MathConstants.SIN_7;
import static org.lanewise.kernels.scalar.MathConstants.SIN_9;
import static org.lanewise.kernels.scalar.MathConstants.SUBNORMAL_SCALE;
import static org.lanewise.kernels.scalar.MathConstants.TANH_11;
import static org.lanewise.kernels.scalar.MathConstants.TANH_3;
import static org.lanewise.kernels.scalar.MathConstants.TANH_5;
import static org.lanewise.kernels.scalar.MathConstants.TANH_7;
import static org.lanewise.kernels.scalar.MathConstants.TANH_9;
import static org.lanewise.kernels.scalar.MathConstants.TANH_SMALL;
import static org.lanewise.kernels.scalar.MathConstants.TURN_STEP;
import static org.lanewise.kernels.scalar.MathConstants.TWO_THIRDS_BITS;

/**
 * Elementary functions of one float, from additions, multiplications, divisions, fused
 * multiply-adds and operations on bits only: the same bits on every machine, compiled or not. The
 * vector functions perform the same operations in the same order.
 */
public final class ScalarMath {
  private ScalarMath() {}

  /**
   * {@code eˣ = 2ⁿ · eʳ} with {@code x = n·ln 2 + r}. Maximum error {@value
   * MathConstants#EXP_MAX_ULP} ULP, subnormal results included. NaN gives NaN.
   */
  public static float exp(float x) {
    if (x > EXP_HIGH) {
      x = EXP_HIGH;
    }
    if (x < EXP_LOW) {
      x = EXP_LOW;
    }
    float rounded = Math.fma(x, LOG2_E, ROUND);
    float n = rounded - ROUND;
    float r = Math.fma(n, -LN2_HIGH, x);
    r = Math.fma(n, -LN2_LOW, r);
    float p = Math.fma(EXP_6, r, EXP_5);
    p = Math.fma(p, r, EXP_4);
    p = Math.fma(p, r, EXP_3);
    p = Math.fma(p, r, EXP_2);
    p = Math.fma(p, r, 1f);
    p = Math.fma(p, r, 1f);
    // Two factors, as 2ⁿ itself may lie outside the range of normal floats.
    int exponent = Float.floatToRawIntBits(rounded);
    int half = exponent >> 1;
    return p * biasedPowerOfTwo(half) * biasedPowerOfTwo(exponent - half);
  }

  private static float biasedPowerOfTwo(int exponent) {
    return Float.intBitsToFloat(exponent << MANTISSA_BITS);
  }

  /**
   * {@code ln x = k·ln 2 + ln m} with {@code x = 2ᵏ·m} and m in [2/3, 4/3). Maximum error {@value
   * MathConstants#LOG_MAX_ULP} ULP. ±0 gives −∞, a negative number or NaN gives NaN.
   */
  public static float log(float x) {
    boolean subnormal = x < Float.MIN_NORMAL;
    int bits = Float.floatToRawIntBits(subnormal ? x * SUBNORMAL_SCALE : x) - TWO_THIRDS_BITS;
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
    float y = Math.fma(k, LN2_HIGH, Math.fma(p, f * f, f));
    if (!(x < Float.POSITIVE_INFINITY)) {
      y = x;
    }
    if (x < 0f) {
      y = Float.NaN;
    }
    if (x == 0f) {
      y = Float.NEGATIVE_INFINITY;
    }
    return y;
  }

  /**
   * {@code 1 / (1 + e⁻ˣ)}, computed from {@code e = exp(−|x|)}, which cannot overflow, as {@code
   * 1/(1+e)} or {@code e/(1+e)}. Maximum error {@value MathConstants#SIGMOID_MAX_ULP} ULP,
   * subnormal results included. NaN gives NaN.
   */
  public static float sigmoid(float x) {
    return sigmoid(x, exp(-Math.abs(x)));
  }

  private static float sigmoid(float x, float e) {
    float sum = 1f + e;
    float lost = (1f - sum) + e; // exactly what rounding took from the sum
    float y = (x < 0f ? e : 1f) / sum;
    return Math.fma(-y, lost, y);
  }

  /**
   * Hyperbolic tangent: a polynomial for small arguments, else {@code 1 − 2/(e²ˣ + 1)}. Maximum
   * error {@value MathConstants#TANH_MAX_ULP} ULP. NaN gives NaN, −0 gives −0.
   */
  public static float tanh(float x) {
    float a = Math.abs(x);
    float z = a * a;
    float p = Math.fma(TANH_11, z, TANH_9);
    p = Math.fma(p, z, TANH_7);
    p = Math.fma(p, z, TANH_5);
    p = Math.fma(p, z, TANH_3);
    float small = Math.fma(p * z, a, a);
    float large = 1f - 2f / (exp(a + a) + 1f);
    float y = a < TANH_SMALL ? small : large;
    int sign = Float.floatToRawIntBits(x) & SIGN_MASK;
    return Float.intBitsToFloat(Float.floatToRawIntBits(y) | sign);
  }

  /**
   * {@code x · sigmoid(x)}. Maximum error {@value MathConstants#SILU_MAX_ULP} ULP from {@value
   * MathConstants#SILU_ULP_FROM} on; below, where sigmoid is subnormal, {@value
   * MathConstants#SILU_MAX_ERROR_BELOW}, absolute. NaN gives NaN, −∞ gives −0.
   */
  public static float silu(float x) {
    return (x < EXP_LOW ? EXP_LOW : x) * sigmoid(x);
  }

  /**
   * The tanh form of GELU, {@code ½x · (1 + tanh u)} with {@code u = √(2/π)·(x + 0.044715·x³)},
   * computed as {@code x · sigmoid(2u)}, where nothing cancels. Maximum error {@value
   * MathConstants#GELU_MAX_ULP} ULP from {@value MathConstants#GELU_ULP_FROM} on; below, where
   * sigmoid is subnormal, {@value MathConstants#GELU_MAX_ERROR_BELOW}, absolute. NaN gives NaN, −∞
   * gives −0.
   */
  public static float gelu(float x) {
    float a = Math.abs(x);
    if (a > GELU_HIGH) {
      a = GELU_HIGH;
    }
    // |2u| = a·q. Its error is that of the exponential, so what rounding takes is kept.
    float z = a * a;
    float zError = Math.fma(a, a, -z);
    float p = z * GELU_3;
    float pError = Math.fma(z, GELU_3, -p);
    float q = p + GELU_1;
    float added = q - p;
    float qError = (p - (q - added)) + (GELU_1 - added);
    qError += pError + Math.fma(zError, GELU_3, Math.fma(z, GELU_3_LOW, GELU_1_LOW));
    float argument = a * q;
    float error = Math.fma(a, q, -argument) + a * qError;
    float e = exp(-argument);
    e = Math.fma(-e, error, e);
    return (x < -GELU_HIGH ? -GELU_HIGH : x) * sigmoid(x, e);
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
}
