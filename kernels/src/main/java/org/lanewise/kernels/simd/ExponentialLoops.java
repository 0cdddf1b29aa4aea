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
import static org.lanewise.kernels.scalar.MathConstants.MANTISSA_BITS;
import static org.lanewise.kernels.scalar.MathConstants.ROUND;
import static org.lanewise.kernels.scalar.MathConstants.SIGN_MASK;
import static org.lanewise.kernels.scalar.MathConstants.TANH_11;
import static org.lanewise.kernels.scalar.MathConstants.TANH_3;
import static org.lanewise.kernels.scalar.MathConstants.TANH_5;
import static org.lanewise.kernels.scalar.MathConstants.TANH_7;
import static org.lanewise.kernels.scalar.MathConstants.TANH_9;
import static org.lanewise.kernels.scalar.MathConstants.TANH_SMALL;
import static org.lanewise.kernels.simd.Lanes.COUNT;
import static org.lanewise.kernels.simd.Lanes.F32;
import static org.lanewise.kernels.simd.Lanes.FLOATS;
import static org.lanewise.kernels.simd.Lanes.INTS;
import static org.lanewise.kernels.simd.Lanes.ORDER;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import org.lanewise.kernels.scalar.ScalarMath;

/**
 * The exponential and what is made of it, as passes over memory with the bits of {@link
 * ScalarMath}. Each pass is one loop that calls the Vector API and nothing else, so that it does
 * not depend on what the compiler inlines; see {@link org.lanewise.kernels.simd}.
 *
 * <p>Offsets and counts are in elements; a count is a multiple of {@link Lanes#COUNT}. The result
 * may overwrite an operand at the same place.
 */
final class ExponentialLoops {
  private ExponentialLoops() {}

  /** {@code y = exp(x − shift)}, as {@link ScalarMath#exp}. */
  static void exp(
      MemorySegment x, long xFrom, float shift, MemorySegment y, long yFrom, long count) {
    if (count == 0) {
      return;
    }
    long in = xFrom * Float.BYTES;
    long out = yFrom * Float.BYTES;
    for (long i = 0; i < count; i += COUNT) {
      FloatVector v =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, x, in + i * Float.BYTES, ORDER));
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
          r.fma(FloatVector.broadcast(F32, EXP_6), FloatVector.broadcast(F32, EXP_5))
              .fma(r, FloatVector.broadcast(F32, EXP_4))
              .fma(r, FloatVector.broadcast(F32, EXP_3))
              .fma(r, FloatVector.broadcast(F32, EXP_2))
              .fma(r, one)
              .fma(r, one);
      IntVector exponent = INTS.cast(rounded.reinterpretAsInts());
      IntVector half = exponent.lanewise(VectorOperators.ASHR, 1);
      IntVector rest = exponent.sub(half);
      p.mul(half.lanewise(VectorOperators.LSHL, MANTISSA_BITS).reinterpretAsFloats())
          .mul(rest.lanewise(VectorOperators.LSHL, MANTISSA_BITS).reinterpretAsFloats())
          .intoMemorySegment(y, out + i * Float.BYTES, ORDER);
    }
  }

  /**
   * {@code y = exp(factor · |x|)} for a factor that is a power of two, as {@link ScalarMath#exp}.
   * It is the loop of {@link #exp} but for the argument: to share it takes a method on vectors or
   * two more operations.
   */
  static void expOfAbs(
      MemorySegment x, long xFrom, float factor, MemorySegment y, long yFrom, long count) {
    if (count == 0) {
      return;
    }
    long in = xFrom * Float.BYTES;
    long out = yFrom * Float.BYTES;
    for (long i = 0; i < count; i += COUNT) {
      FloatVector v =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, x, in + i * Float.BYTES, ORDER));
      v = v.abs().mul(factor);
      v = v.blend(EXP_HIGH, v.compare(VectorOperators.GT, EXP_HIGH));
      v = v.blend(EXP_LOW, v.compare(VectorOperators.LT, EXP_LOW));
      FloatVector rounded =
          v.fma(FloatVector.broadcast(F32, LOG2_E), FloatVector.broadcast(F32, ROUND));
      FloatVector n = rounded.sub(ROUND);
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
      IntVector exponent = INTS.cast(rounded.reinterpretAsInts());
      IntVector half = exponent.lanewise(VectorOperators.ASHR, 1);
      IntVector rest = exponent.sub(half);
      p.mul(half.lanewise(VectorOperators.LSHL, MANTISSA_BITS).reinterpretAsFloats())
          .mul(rest.lanewise(VectorOperators.LSHL, MANTISSA_BITS).reinterpretAsFloats())
          .intoMemorySegment(y, out + i * Float.BYTES, ORDER);
    }
  }

  /** {@code y = sigmoid(x)}, as {@link ScalarMath#sigmoid}, from {@code exp[i] = exp(−|x|)}. */
  static void sigmoid(
      MemorySegment x, long xFrom, MemorySegment exp, MemorySegment y, long yFrom, long count) {
    if (count == 0) {
      return;
    }
    long in = xFrom * Float.BYTES;
    long out = yFrom * Float.BYTES;
    for (long i = 0; i < count; i += COUNT) {
      FloatVector v =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, x, in + i * Float.BYTES, ORDER));
      FloatVector e = FLOATS.cast(FloatVector.fromMemorySegment(F32, exp, i * Float.BYTES, ORDER));
      FloatVector one = FLOATS.cast(FloatVector.broadcast(F32, 1f));
      FloatVector sum = one.add(e);
      FloatVector lost = one.sub(sum).add(e);
      FloatVector s = one.blend(e, v.compare(VectorOperators.LT, 0f)).div(sum);
      s.neg().fma(lost, s).intoMemorySegment(y, out + i * Float.BYTES, ORDER);
    }
  }

  /** {@code y = tanh(x)}, as {@link ScalarMath#tanh}, from {@code exp[i] = exp(2|x|)}. */
  static void tanh(
      MemorySegment x, long xFrom, MemorySegment exp, MemorySegment y, long yFrom, long count) {
    if (count == 0) {
      return;
    }
    long in = xFrom * Float.BYTES;
    long out = yFrom * Float.BYTES;
    for (long i = 0; i < count; i += COUNT) {
      FloatVector v =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, x, in + i * Float.BYTES, ORDER));
      FloatVector e = FLOATS.cast(FloatVector.fromMemorySegment(F32, exp, i * Float.BYTES, ORDER));
      FloatVector a = v.abs();
      FloatVector z = a.mul(a);
      FloatVector small =
          z.fma(FloatVector.broadcast(F32, TANH_11), FloatVector.broadcast(F32, TANH_9))
              .fma(z, FloatVector.broadcast(F32, TANH_7))
              .fma(z, FloatVector.broadcast(F32, TANH_5))
              .fma(z, FloatVector.broadcast(F32, TANH_3))
              .mul(z)
              .fma(a, a);
      FloatVector one = FLOATS.cast(FloatVector.broadcast(F32, 1f));
      FloatVector two = FLOATS.cast(FloatVector.broadcast(F32, 2f));
      FloatVector large = one.sub(two.div(e.add(one)));
      FloatVector magnitude = large.blend(small, a.compare(VectorOperators.LT, TANH_SMALL));
      IntVector sign = INTS.cast(v.reinterpretAsInts()).and(SIGN_MASK);
      FLOATS
          .cast(INTS.cast(magnitude.reinterpretAsInts()).or(sign).reinterpretAsFloats())
          .intoMemorySegment(y, out + i * Float.BYTES, ORDER);
    }
  }
}
