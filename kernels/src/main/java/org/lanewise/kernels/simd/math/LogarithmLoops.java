package org.lanewise.kernels.simd.math;

import static org.lanewise.kernels.scalar.MathConstants.FOUR_BITS;
import static org.lanewise.kernels.scalar.MathConstants.LN2_HIGH;
import static org.lanewise.kernels.scalar.MathConstants.LOG1P_10;
import static org.lanewise.kernels.scalar.MathConstants.LOG1P_2;
import static org.lanewise.kernels.scalar.MathConstants.LOG1P_3;
import static org.lanewise.kernels.scalar.MathConstants.LOG1P_4;
import static org.lanewise.kernels.scalar.MathConstants.LOG1P_5;
import static org.lanewise.kernels.scalar.MathConstants.LOG1P_6;
import static org.lanewise.kernels.scalar.MathConstants.LOG1P_7;
import static org.lanewise.kernels.scalar.MathConstants.LOG1P_8;
import static org.lanewise.kernels.scalar.MathConstants.LOG1P_9;
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
import static org.lanewise.kernels.scalar.MathConstants.SIGN_MASK;
import static org.lanewise.kernels.scalar.MathConstants.SUBNORMAL_SCALE;
import static org.lanewise.kernels.scalar.MathConstants.THREE_QUARTERS_BITS;
import static org.lanewise.kernels.scalar.MathConstants.TWO_THIRDS_BITS;
import static org.lanewise.kernels.simd.Lanes.COUNT;
import static org.lanewise.kernels.simd.Lanes.F32;
import static org.lanewise.kernels.simd.Lanes.FLOATS;
import static org.lanewise.kernels.simd.Lanes.I32;
import static org.lanewise.kernels.simd.Lanes.INTS;
import static org.lanewise.kernels.simd.Lanes.ORDER;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import org.lanewise.kernels.scalar.ScalarMath;
import org.lanewise.kernels.simd.Lanes;

/** Logarithms, as {@link ExponentialLoops}. */
public final class LogarithmLoops {
  private LogarithmLoops() {}

  /** {@code y = log(x)}, as {@link ScalarMath#log}. */
  public static void log(MemorySegment x, MemorySegment y, long from, long to) {
    if (from == to) {
      return;
    }
    x = Lanes.memory(x);
    y = Lanes.memory(y);
    for (long i = from; i < to; i += COUNT) {
      FloatVector v = FLOATS.cast(FloatVector.fromMemorySegment(F32, x, i * Float.BYTES, ORDER));
      VectorMask<Float> subnormal = v.compare(VectorOperators.LT, Float.MIN_NORMAL);
      FloatVector normal = v.blend(v.mul(SUBNORMAL_SCALE), subnormal);
      IntVector bits = INTS.cast(normal.reinterpretShape(I32, 0)).sub(TWO_THIRDS_BITS);
      FloatVector k =
          FLOATS.cast(
              bits.lanewise(VectorOperators.ASHR, MANTISSA_BITS).convert(VectorOperators.I2F, 0));
      k = k.blend(k.sub(MANTISSA_BITS), subnormal);
      FloatVector f =
          FLOATS
              .cast(bits.and(MANTISSA_MASK).add(TWO_THIRDS_BITS).reinterpretShape(F32, 0))
              .sub(1f);
      FloatVector p =
          f.fma(FloatVector.broadcast(F32, LOG_10), FloatVector.broadcast(F32, LOG_9))
              .fma(f, FloatVector.broadcast(F32, LOG_8))
              .fma(f, FloatVector.broadcast(F32, LOG_7))
              .fma(f, FloatVector.broadcast(F32, LOG_6))
              .fma(f, FloatVector.broadcast(F32, LOG_5))
              .fma(f, FloatVector.broadcast(F32, LOG_4))
              .fma(f, FloatVector.broadcast(F32, LOG_3))
              .fma(f, FloatVector.broadcast(F32, LOG_2));
      FloatVector result = k.fma(FloatVector.broadcast(F32, LN2_HIGH), p.fma(f.mul(f), f));
      FLOATS
          .cast(FloatVector.broadcast(F32, Float.NaN))
          .blend(result, v.compare(VectorOperators.GT, 0f))
          .blend(Float.NEGATIVE_INFINITY, v.compare(VectorOperators.EQ, 0f))
          .blend(v, v.compare(VectorOperators.EQ, Float.POSITIVE_INFINITY))
          .intoMemorySegment(y, i * Float.BYTES, ORDER);
    }
  }

  /** {@code y = log1p(x)}, as {@link ScalarMath#log1p}. */
  public static void log1p(MemorySegment x, MemorySegment y, long from, long to) {
    if (from == to) {
      return;
    }
    x = Lanes.memory(x);
    y = Lanes.memory(y);
    for (long i = from; i < to; i += COUNT) {
      FloatVector v = FLOATS.cast(FloatVector.fromMemorySegment(F32, x, i * Float.BYTES, ORDER));
      IntVector bits = INTS.cast(v.add(1f).reinterpretShape(I32, 0)).sub(THREE_QUARTERS_BITS);
      FloatVector k =
          FLOATS.cast(
              bits.lanewise(VectorOperators.ASHR, MANTISSA_BITS).convert(VectorOperators.I2F, 0));
      IntVector exponent = bits.and(~MANTISSA_MASK);
      IntVector own = INTS.cast(v.reinterpretShape(I32, 0));
      FloatVector scaled = FLOATS.cast(own.sub(exponent).reinterpretShape(F32, 0));
      FloatVector scale =
          FLOATS.cast(INTS.cast(own.broadcast(FOUR_BITS)).sub(exponent).reinterpretShape(F32, 0));
      FloatVector f =
          scaled.add(scale.fma(FloatVector.broadcast(F32, 0.25f), FloatVector.broadcast(F32, -1f)));
      FloatVector p =
          f.fma(FloatVector.broadcast(F32, LOG1P_10), FloatVector.broadcast(F32, LOG1P_9))
              .fma(f, FloatVector.broadcast(F32, LOG1P_8))
              .fma(f, FloatVector.broadcast(F32, LOG1P_7))
              .fma(f, FloatVector.broadcast(F32, LOG1P_6))
              .fma(f, FloatVector.broadcast(F32, LOG1P_5))
              .fma(f, FloatVector.broadcast(F32, LOG1P_4))
              .fma(f, FloatVector.broadcast(F32, LOG1P_3))
              .fma(f, FloatVector.broadcast(F32, LOG1P_2));
      FloatVector result =
          FLOATS
              .cast(FloatVector.broadcast(F32, Float.NaN))
              .blend(
                  k.fma(FloatVector.broadcast(F32, LN2_HIGH), p.fma(f.mul(f), f)),
                  v.compare(VectorOperators.GT, -1f))
              .blend(Float.NEGATIVE_INFINITY, v.compare(VectorOperators.EQ, -1f))
              .blend(v, v.compare(VectorOperators.EQ, Float.POSITIVE_INFINITY));
      FLOATS
          .cast(
              INTS.cast(result.reinterpretShape(I32, 0))
                  .or(own.and(SIGN_MASK))
                  .reinterpretShape(F32, 0))
          .intoMemorySegment(y, i * Float.BYTES, ORDER);
    }
  }
}
