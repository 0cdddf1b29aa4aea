package org.lanewise.kernels.simd.math;

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
import static org.lanewise.kernels.scalar.MathConstants.LN2_HIGH;
import static org.lanewise.kernels.scalar.MathConstants.LN2_LOW;
import static org.lanewise.kernels.scalar.MathConstants.LOG2_E;
import static org.lanewise.kernels.scalar.MathConstants.MANTISSA_BITS;
import static org.lanewise.kernels.scalar.MathConstants.ROUND;
import static org.lanewise.kernels.scalar.MathConstants.ROUND_HALF_POWER;
import static org.lanewise.kernels.scalar.MathConstants.ROUND_SCALED_POWER;
import static org.lanewise.kernels.scalar.MathConstants.UNSCALE;
import static org.lanewise.kernels.simd.Lanes.COUNT;
import static org.lanewise.kernels.simd.Lanes.F32;
import static org.lanewise.kernels.simd.Lanes.FLOATS;
import static org.lanewise.kernels.simd.Lanes.I32;
import static org.lanewise.kernels.simd.Lanes.INTS;
import static org.lanewise.kernels.simd.Lanes.ORDER;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import org.lanewise.kernels.scalar.ScalarMath;
import org.lanewise.kernels.simd.Lanes;

/**
 * Exponentials, as passes over memory with the bits of {@link ScalarMath}. Here and in the classes
 * alike, each pass is one loop that calls the Vector API and nothing else, so that it does not
 * depend on what the compiler inlines; see {@link org.lanewise.kernels.simd}. What loops have in
 * common is therefore not shared.
 *
 * <p>A number of elements is a multiple of {@link Lanes#COUNT}. The result may overwrite an operand
 * at the same place.
 */
public final class ExponentialLoops {
  private ExponentialLoops() {}

  /**
   * {@code y = exp(x − shift)}, as {@link ScalarMath#exp}. Offsets and the count are in elements.
   */
  public static void exp(
      MemorySegment x, long xFrom, float shift, MemorySegment y, long yFrom, long count) {
    if (count == 0) {
      return;
    }
    x = Lanes.memory(x);
    y = Lanes.memory(y);
    long in = xFrom * Float.BYTES;
    long out = yFrom * Float.BYTES;
    for (long i = 0; i < count; i += COUNT) {
      FloatVector v =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, x, in + i * Float.BYTES, ORDER));
      v = v.sub(shift);
      v = v.blend(EXP_LOW, v.compare(VectorOperators.LT, EXP_LOW));
      IntVector bits =
          INTS.cast(
                  v.fma(FloatVector.broadcast(F32, LOG2_E), FloatVector.broadcast(F32, ROUND))
                      .reinterpretShape(I32, 0))
              .min(EXP_ROUNDED_MAX);
      FloatVector n = FLOATS.cast(bits.reinterpretShape(F32, 0)).sub(ROUND);
      FloatVector r = n.fma(FloatVector.broadcast(F32, -LN2_HIGH), v);
      r = n.fma(FloatVector.broadcast(F32, -LN2_LOW), r);
      FloatVector one = FloatVector.broadcast(F32, 1f);
      FloatVector p =
          r.fma(FloatVector.broadcast(F32, EXP_6), FloatVector.broadcast(F32, EXP_5))
              .fma(r, FloatVector.broadcast(F32, EXP_4))
              .fma(r, FloatVector.broadcast(F32, EXP_3))
              .fma(r, FloatVector.broadcast(F32, EXP_2))
              .fma(r, one)
              .fma(r, one);
      IntVector half = bits.lanewise(VectorOperators.ASHR, 1);
      IntVector rest = bits.sub(half);
      p.mul(half.lanewise(VectorOperators.LSHL, MANTISSA_BITS).reinterpretShape(F32, 0))
          .mul(rest.lanewise(VectorOperators.LSHL, MANTISSA_BITS).reinterpretShape(F32, 0))
          .intoMemorySegment(y, out + i * Float.BYTES, ORDER);
    }
  }

  /** {@code y[i − from] = exp(−|x[i]|)}, as {@link ScalarMath#exp}. */
  public static void expOfMinus(MemorySegment x, MemorySegment y, long from, long to) {
    if (from == to) {
      return;
    }
    x = Lanes.memory(x);
    y = Lanes.memory(y);
    for (long i = from; i < to; i += COUNT) {
      FloatVector v = FLOATS.cast(FloatVector.fromMemorySegment(F32, x, i * Float.BYTES, ORDER));
      FloatVector a = v.abs();
      a = a.blend(-EXP_LOW, a.compare(VectorOperators.GT, -EXP_LOW));
      FloatVector rounded =
          a.fma(
              FloatVector.broadcast(F32, -LOG2_E), FloatVector.broadcast(F32, ROUND_SCALED_POWER));
      FloatVector n = rounded.sub(ROUND_SCALED_POWER);
      FloatVector r = n.fma(FloatVector.broadcast(F32, LN2_HIGH), a);
      r = n.fma(FloatVector.broadcast(F32, LN2_LOW), r);
      FloatVector slope =
          r.fma(FloatVector.broadcast(F32, EXP_6), FloatVector.broadcast(F32, -EXP_5))
              .fma(r, FloatVector.broadcast(F32, EXP_4))
              .fma(r, FloatVector.broadcast(F32, -EXP_3))
              .fma(r, FloatVector.broadcast(F32, EXP_2))
              .fma(r, FloatVector.broadcast(F32, -1f));
      FloatVector power =
          FLOATS.cast(
              INTS.cast(rounded.reinterpretShape(I32, 0))
                  .lanewise(VectorOperators.LSHL, MANTISSA_BITS)
                  .reinterpretShape(F32, 0));
      slope
          .fma(r, FloatVector.broadcast(F32, 1f))
          .mul(power)
          .mul(UNSCALE)
          .intoMemorySegment(y, (i - from) * Float.BYTES, ORDER);
    }
  }

  /** {@code y[i − start] = expm1(sign·x[i])} for a sign of ±1, as {@link ScalarMath#expm1}. */
  public static void expm1(
      MemorySegment x, float sign, MemorySegment y, long start, long from, long to) {
    if (from == to) {
      return;
    }
    x = Lanes.memory(x);
    y = Lanes.memory(y);
    for (long i = from; i < to; i += COUNT) {
      FloatVector v =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, x, i * Float.BYTES, ORDER)).mul(sign);
      FloatVector low = v.blend(EXPM1_LOW, v.compare(VectorOperators.LT, EXPM1_LOW));
      IntVector bits =
          INTS.cast(
                  low.fma(
                          FloatVector.broadcast(F32, LOG2_E),
                          FloatVector.broadcast(F32, ROUND_HALF_POWER))
                      .reinterpretShape(I32, 0))
              .min(EXPM1_ROUNDED_MAX);
      FloatVector n = FLOATS.cast(bits.reinterpretShape(F32, 0)).sub(ROUND_HALF_POWER);
      FloatVector high = n.fma(FloatVector.broadcast(F32, -LN2_HIGH), low);
      FloatVector r = n.fma(FloatVector.broadcast(F32, -LN2_LOW), high);
      FloatVector p =
          r.fma(FloatVector.broadcast(F32, EXPM1_6), FloatVector.broadcast(F32, EXPM1_5))
              .fma(r, FloatVector.broadcast(F32, EXPM1_4))
              .fma(r, FloatVector.broadcast(F32, EXPM1_3))
              .fma(r, FloatVector.broadcast(F32, EXPM1_2));
      FloatVector rest = n.fma(FloatVector.broadcast(F32, -LN2_LOW), r.mul(r).mul(p));
      FloatVector half =
          FLOATS.cast(bits.lanewise(VectorOperators.LSHL, MANTISSA_BITS).reinterpretShape(F32, 0));
      FloatVector result = half.fma(rest, half.fma(high, half.sub(0.5f)));
      result
          .add(result)
          .blend(v, v.abs().compare(VectorOperators.LT, EXPM1_LINEAR))
          .intoMemorySegment(y, (i - start) * Float.BYTES, ORDER);
    }
  }
}
