package org.lanewise.kernels.simd;

import static org.lanewise.kernels.scalar.MathConstants.EXP_2;
import static org.lanewise.kernels.scalar.MathConstants.EXP_3;
import static org.lanewise.kernels.scalar.MathConstants.EXP_4;
import static org.lanewise.kernels.scalar.MathConstants.EXP_5;
import static org.lanewise.kernels.scalar.MathConstants.EXP_6;
import static org.lanewise.kernels.scalar.MathConstants.EXP_HIGH;
import static org.lanewise.kernels.scalar.MathConstants.EXP_LOW;
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
import static org.lanewise.kernels.scalar.MathConstants.TANH_11;
import static org.lanewise.kernels.scalar.MathConstants.TANH_3;
import static org.lanewise.kernels.scalar.MathConstants.TANH_5;
import static org.lanewise.kernels.scalar.MathConstants.TANH_7;
import static org.lanewise.kernels.scalar.MathConstants.TANH_9;
import static org.lanewise.kernels.scalar.MathConstants.TANH_SMALL;
import static org.lanewise.kernels.scalar.MathConstants.TURN_STEP;
import static org.lanewise.kernels.scalar.MathConstants.TWO_THIRDS_BITS;
import static org.lanewise.kernels.simd.Lanes.COUNT;
import static org.lanewise.kernels.simd.Lanes.F32;
import static org.lanewise.kernels.simd.Lanes.ORDER;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import org.lanewise.kernels.scalar.ScalarMath;

/**
 * The functions of {@link ScalarMath} on all lanes of a vector, with the same bits.
 *
 * <p>Those on vectors are small enough to be inlined into a loop. The exponential is not: it may be
 * compiled on its own first, into more code than the compiler will inline (2,500 bytes), and then
 * its vectors go through the heap. So it is a loop over memory; sigmoid and tanh are given its
 * results.
 */
public final class VectorMath {
  private VectorMath() {}

  /**
   * {@code y[yFrom + i] = exp(x[xFrom + i] − shift)} for {@code 0 ≤ i < count}, as {@link
   * ScalarMath#exp}; y may be x.
   *
   * @param count a multiple of {@link Lanes#COUNT}
   */
  static void exp(
      MemorySegment x, long xFrom, float shift, MemorySegment y, long yFrom, long count) {
    if (count == 0) {
      return;
    }
    long in = xFrom * Float.BYTES;
    long out = yFrom * Float.BYTES;
    for (long i = 0; i < count; i += COUNT) {
      FloatVector v = FloatVector.fromMemorySegment(F32, x, in + i * Float.BYTES, ORDER);
      v = v.sub(shift);
      v = v.blend(EXP_HIGH, v.compare(VectorOperators.GT, EXP_HIGH));
      v = v.blend(EXP_LOW, v.compare(VectorOperators.LT, EXP_LOW));
      FloatVector rounded =
          v.fma(FloatVector.broadcast(F32, LOG2_E), FloatVector.broadcast(F32, ROUND));
      FloatVector n = rounded.sub(ROUND);
      FloatVector r = n.fma(FloatVector.broadcast(F32, -LN2_HIGH), v);
      r = n.fma(FloatVector.broadcast(F32, -LN2_LOW), r);
      FloatVector one = FloatVector.broadcast(F32, 1f);
      FloatVector p =
          FloatVector.broadcast(F32, EXP_6)
              .fma(r, FloatVector.broadcast(F32, EXP_5))
              .fma(r, FloatVector.broadcast(F32, EXP_4))
              .fma(r, FloatVector.broadcast(F32, EXP_3))
              .fma(r, FloatVector.broadcast(F32, EXP_2))
              .fma(r, one)
              .fma(r, one);
      IntVector exponent = rounded.reinterpretAsInts();
      IntVector half = exponent.lanewise(VectorOperators.ASHR, 1);
      IntVector rest = exponent.sub(half);
      p.mul(half.lanewise(VectorOperators.LSHL, MANTISSA_BITS).reinterpretAsFloats())
          .mul(rest.lanewise(VectorOperators.LSHL, MANTISSA_BITS).reinterpretAsFloats())
          .intoMemorySegment(y, out + i * Float.BYTES, ORDER);
    }
  }

  /** {@link ScalarMath#log} of each lane, which must be positive, finite and not subnormal. */
  static FloatVector log(FloatVector x) {
    IntVector bits = x.reinterpretAsInts().sub(TWO_THIRDS_BITS);
    FloatVector k = toFloat(bits.lanewise(VectorOperators.ASHR, MANTISSA_BITS));
    FloatVector f = bits.and(MANTISSA_MASK).add(TWO_THIRDS_BITS).reinterpretAsFloats().sub(1f);
    FloatVector p =
        all(LOG_10)
            .fma(f, all(LOG_9))
            .fma(f, all(LOG_8))
            .fma(f, all(LOG_7))
            .fma(f, all(LOG_6))
            .fma(f, all(LOG_5))
            .fma(f, all(LOG_4))
            .fma(f, all(LOG_3))
            .fma(f, all(LOG_2));
    return k.fma(all(LN2_HIGH), p.fma(f.mul(f), f));
  }

  /** {@link ScalarMath#sigmoid} of each lane of x. */
  static FloatVector sigmoid(FloatVector x, FloatVector expMinusAbs) {
    FloatVector one = all(1f);
    FloatVector sum = one.add(expMinusAbs);
    FloatVector lost = one.sub(sum).add(expMinusAbs);
    FloatVector y = one.blend(expMinusAbs, x.compare(VectorOperators.LT, 0f)).div(sum);
    return y.neg().fma(lost, y);
  }

  /** {@link ScalarMath#tanh} of each lane of x. */
  static FloatVector tanh(FloatVector x, FloatVector expTwiceAbs) {
    FloatVector a = x.abs();
    FloatVector z = a.mul(a);
    FloatVector p =
        all(TANH_11)
            .fma(z, all(TANH_9))
            .fma(z, all(TANH_7))
            .fma(z, all(TANH_5))
            .fma(z, all(TANH_3));
    FloatVector small = p.mul(z).fma(a, a);
    FloatVector large = all(1f).sub(all(2f).div(expTwiceAbs.add(1f)));
    FloatVector y = large.blend(small, a.compare(VectorOperators.LT, TANH_SMALL));
    IntVector sign = x.reinterpretAsInts().and(SIGN_MASK);
    return y.reinterpretAsInts().or(sign).reinterpretAsFloats();
  }

  /** {@link ScalarMath#sinTurn} of each lane. */
  public static FloatVector sinTurn(IntVector turn) {
    IntVector outer = turn.lanewise(VectorOperators.XOR, turn.lanewise(VectorOperators.LSHL, 1));
    IntVector reflected = turn.broadcast(Integer.MIN_VALUE).sub(turn);
    IntVector inner = turn.blend(reflected, outer.compare(VectorOperators.LT, 0));
    FloatVector a = toFloat(inner).mul(TURN_STEP);
    FloatVector z = a.mul(a);
    FloatVector p = all(SIN_9).fma(z, all(SIN_7)).fma(z, all(SIN_5)).fma(z, all(SIN_3));
    return p.mul(z).fma(a, a);
  }

  /** Each lane's integer as the nearest float. */
  static FloatVector toFloat(IntVector x) {
    return (FloatVector) x.convert(VectorOperators.I2F, 0);
  }

  private static FloatVector all(float value) {
    return FloatVector.broadcast(F32, value);
  }
}
