package org.lanewise.kernels.simd.math;

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
import static org.lanewise.kernels.scalar.MathConstants.EXP_2;
import static org.lanewise.kernels.scalar.MathConstants.EXP_3;
import static org.lanewise.kernels.scalar.MathConstants.EXP_4;
import static org.lanewise.kernels.scalar.MathConstants.EXP_5;
import static org.lanewise.kernels.scalar.MathConstants.EXP_6;
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
import static org.lanewise.kernels.scalar.MathConstants.GELU_HIGH_BITS;
import static org.lanewise.kernels.scalar.MathConstants.GELU_T;
import static org.lanewise.kernels.scalar.MathConstants.LN2_HIGH;
import static org.lanewise.kernels.scalar.MathConstants.LN2_LOW;
import static org.lanewise.kernels.scalar.MathConstants.LOG2_E;
import static org.lanewise.kernels.scalar.MathConstants.MANTISSA_BITS;
import static org.lanewise.kernels.scalar.MathConstants.ROUND_POWER;
import static org.lanewise.kernels.scalar.MathConstants.ROUND_SCALED_POWER;
import static org.lanewise.kernels.scalar.MathConstants.SIGN_MASK;
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

/** The error function and what is made of it, as {@link ExponentialLoops}. */
public final class ErfLoops {
  private ErfLoops() {}

  /** {@code y = erf(x)}, as {@link ScalarMath#erf}. */
  static void erf(MemorySegment x, MemorySegment y, long from, long to) {
    if (from == to) {
      return;
    }
    x = Lanes.memory(x);
    y = Lanes.memory(y);
    for (long i = from; i < to; i += COUNT) {
      FloatVector v = FLOATS.cast(FloatVector.fromMemorySegment(F32, x, i * Float.BYTES, ORDER));
      FloatVector a = v.abs();
      a = a.blend(ERF_HIGH, a.compare(VectorOperators.GT, ERF_HIGH));
      FloatVector z = a.mul(a);
      FloatVector small =
          z.fma(FloatVector.broadcast(F32, ERF_11), FloatVector.broadcast(F32, ERF_9))
              .fma(z, FloatVector.broadcast(F32, ERF_7))
              .fma(z, FloatVector.broadcast(F32, ERF_5))
              .fma(z, FloatVector.broadcast(F32, ERF_3))
              .fma(z, FloatVector.broadcast(F32, ERF_1))
              .fma(a, a);
      FloatVector t =
          a.fma(FloatVector.broadcast(F32, ERFC_6), FloatVector.broadcast(F32, ERFC_5))
              .fma(a, FloatVector.broadcast(F32, ERFC_4))
              .fma(a, FloatVector.broadcast(F32, ERFC_3))
              .fma(a, FloatVector.broadcast(F32, ERFC_2))
              .fma(a, FloatVector.broadcast(F32, ERFC_1))
              .fma(a, FloatVector.broadcast(F32, ERFC_0));
      FloatVector rounded = t.add(ROUND_POWER);
      FloatVector r = t.sub(rounded.sub(ROUND_POWER));
      FloatVector one = FloatVector.broadcast(F32, 1f);
      FloatVector p =
          r.fma(FloatVector.broadcast(F32, EXP2_5), FloatVector.broadcast(F32, EXP2_4))
              .fma(r, FloatVector.broadcast(F32, EXP2_3))
              .fma(r, FloatVector.broadcast(F32, EXP2_2))
              .fma(r, FloatVector.broadcast(F32, EXP2_1))
              .fma(r, one);
      FloatVector power =
          FLOATS.cast(
              INTS.cast(rounded.reinterpretShape(I32, 0))
                  .lanewise(VectorOperators.LSHL, MANTISSA_BITS)
                  .reinterpretShape(F32, 0));
      FloatVector magnitude =
          p.neg().fma(power, one).blend(small, a.compare(VectorOperators.LT, ERF_SMALL));
      IntVector sign = INTS.cast(v.reinterpretShape(I32, 0)).and(SIGN_MASK);
      FLOATS
          .cast(INTS.cast(magnitude.reinterpretShape(I32, 0)).or(sign).reinterpretShape(F32, 0))
          .intoMemorySegment(y, i * Float.BYTES, ORDER);
    }
  }

  /** {@code y = gelu(x)}, as {@link ScalarMath#gelu}. */
  public static void gelu(MemorySegment x, MemorySegment y, long from, long to) {
    if (from == to) {
      return;
    }
    x = Lanes.memory(x);
    y = Lanes.memory(y);
    for (long i = from; i < to; i += COUNT) {
      FloatVector v = FLOATS.cast(FloatVector.fromMemorySegment(F32, x, i * Float.BYTES, ORDER));
      IntVector magnitude = INTS.cast(v.reinterpretShape(I32, 0)).and(~SIGN_MASK);
      FloatVector a = FLOATS.cast(magnitude.min(GELU_HIGH_BITS).reinterpretShape(F32, 0));
      FloatVector z = a.mul(a);
      FloatVector zError = a.fma(a, z.neg());
      FloatVector rounded =
          z.fma(
              FloatVector.broadcast(F32, -0.5f * LOG2_E),
              FloatVector.broadcast(F32, ROUND_SCALED_POWER));
      FloatVector n = rounded.sub(ROUND_SCALED_POWER);
      FloatVector r =
          n.fma(FloatVector.broadcast(F32, 2f * LN2_HIGH), z)
              .add(n.fma(FloatVector.broadcast(F32, 2f * LN2_LOW), zError));
      FloatVector quotient =
          a.div(a.fma(FloatVector.broadcast(F32, GELU_T), FloatVector.broadcast(F32, 1f)));
      FloatVector t =
          quotient.fma(
              FloatVector.broadcast(F32, -GELU_T), FloatVector.broadcast(F32, 1f - GELU_CENTER));
      FloatVector p =
          t.fma(FloatVector.broadcast(F32, GELU_9), FloatVector.broadcast(F32, GELU_8))
              .fma(t, FloatVector.broadcast(F32, GELU_7))
              .fma(t, FloatVector.broadcast(F32, GELU_6))
              .fma(t, FloatVector.broadcast(F32, GELU_5))
              .fma(t, FloatVector.broadcast(F32, GELU_4))
              .fma(t, FloatVector.broadcast(F32, GELU_3))
              .fma(t, FloatVector.broadcast(F32, GELU_2))
              .fma(t, FloatVector.broadcast(F32, GELU_1))
              .fma(t, FloatVector.broadcast(F32, GELU_0));
      FloatVector half = // of the slope, in 2r
          r.fma(FloatVector.broadcast(F32, EXP_6 / 64), FloatVector.broadcast(F32, -EXP_5 / 32))
              .fma(r, FloatVector.broadcast(F32, EXP_4 / 16))
              .fma(r, FloatVector.broadcast(F32, -EXP_3 / 8))
              .fma(r, FloatVector.broadcast(F32, EXP_2 / 4))
              .fma(r, FloatVector.broadcast(F32, -0.5f));
      FloatVector power =
          FLOATS.cast(
              INTS.cast(rounded.reinterpretShape(I32, 0))
                  .lanewise(VectorOperators.LSHL, MANTISSA_BITS)
                  .reinterpretShape(F32, 0));
      FloatVector product = quotient.fma(p, quotient.mul(p).mul(r.mul(half)));
      FloatVector positive = v.blend(-0f, v.compare(VectorOperators.LT, 0f));
      product
          .mul(power)
          .fma(FloatVector.broadcast(F32, -UNSCALE), positive)
          .intoMemorySegment(y, i * Float.BYTES, ORDER);
    }
  }
}
