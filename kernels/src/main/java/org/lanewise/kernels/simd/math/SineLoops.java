package org.lanewise.kernels.simd.math;

import static org.lanewise.kernels.scalar.MathConstants.COSINE_4;
import static org.lanewise.kernels.scalar.MathConstants.COSINE_6;
import static org.lanewise.kernels.scalar.MathConstants.COSINE_8;
import static org.lanewise.kernels.scalar.MathConstants.HALF_PI_HIGH;
import static org.lanewise.kernels.scalar.MathConstants.HALF_PI_LOW;
import static org.lanewise.kernels.scalar.MathConstants.HALF_PI_MIDDLE;
import static org.lanewise.kernels.scalar.MathConstants.ROUND_TURN;
import static org.lanewise.kernels.scalar.MathConstants.SIGN_MASK;
import static org.lanewise.kernels.scalar.MathConstants.SINE_3;
import static org.lanewise.kernels.scalar.MathConstants.SINE_5;
import static org.lanewise.kernels.scalar.MathConstants.SINE_7;
import static org.lanewise.kernels.scalar.MathConstants.TWO_OVER_PI;
import static org.lanewise.kernels.simd.Lanes.COUNT;
import static org.lanewise.kernels.simd.Lanes.F32;
import static org.lanewise.kernels.simd.Lanes.FLOAT;
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

/** Sine and cosine, as {@link ExponentialLoops}. */
final class SineLoops {
  private SineLoops() {}

  /**
   * {@code y = sin(x + quarters·π/2)}, as {@link ScalarMath#sin} and {@link ScalarMath#cos} up to
   * {@code TURNS_HIGH}.
   */
  static void sin(int quarters, MemorySegment x, MemorySegment y, long from, long to) {
    if (from == to) {
      return;
    }
    x = Lanes.memory(x);
    y = Lanes.memory(y);
    for (long i = from; i < to; i += COUNT) {
      FloatVector v = FLOATS.cast(FloatVector.fromMemorySegment(F32, x, i * Float.BYTES, ORDER));
      FloatVector rounded =
          v.fma(FloatVector.broadcast(F32, TWO_OVER_PI), FloatVector.broadcast(F32, ROUND_TURN));
      FloatVector n = rounded.sub(ROUND_TURN);
      FloatVector r = n.fma(FloatVector.broadcast(F32, -HALF_PI_HIGH), v);
      r = n.fma(FloatVector.broadcast(F32, -HALF_PI_MIDDLE), r);
      r = n.fma(FloatVector.broadcast(F32, -HALF_PI_LOW), r);
      FloatVector z = r.mul(r);
      FloatVector p =
          z.fma(FloatVector.broadcast(F32, SINE_7), FloatVector.broadcast(F32, SINE_5))
              .fma(z, FloatVector.broadcast(F32, SINE_3))
              .mul(z)
              .fma(r, r);
      IntVector sine =
          INTS.cast(p.reinterpretShape(I32, 0))
              .or(INTS.cast(r.reinterpretShape(I32, 0)).and(SIGN_MASK));
      FloatVector q =
          z.fma(FloatVector.broadcast(F32, COSINE_8), FloatVector.broadcast(F32, COSINE_6))
              .fma(z, FloatVector.broadcast(F32, COSINE_4))
              .fma(
                  z.mul(z),
                  z.fma(FloatVector.broadcast(F32, -0.5f), FloatVector.broadcast(F32, 1f)));
      IntVector quadrant = INTS.cast(rounded.reinterpretShape(I32, 0)).add(quarters);
      IntVector magnitude =
          sine.blend(
              INTS.cast(q.reinterpretShape(I32, 0)),
              quadrant.and(1).compare(VectorOperators.NE, 0));
      IntVector sign = quadrant.and(2).lanewise(VectorOperators.LSHL, 30);
      FLOATS
          .cast(magnitude.lanewise(VectorOperators.XOR, sign).reinterpretShape(F32, 0))
          .intoMemorySegment(y, i * Float.BYTES, ORDER);
    }
  }

  /** The maximum of {@code |x|}, not counting NaN; the range is not empty. */
  static float maxOfAbs(MemorySegment x, long from, long to, MemorySegment lanes) {
    maxima(x, from, to, lanes);
    float max = 0f;
    for (int lane = 0; lane < COUNT; lane++) {
      max = Math.max(max, lanes.getAtIndex(FLOAT, lane));
    }
    return max;
  }

  private static void maxima(MemorySegment x, long from, long to, MemorySegment lanes) {
    lanes = Lanes.memory(lanes);
    x = Lanes.memory(x);
    FloatVector maxima = FloatVector.broadcast(F32, 0f);
    for (long i = from; i < to; i += COUNT) {
      FloatVector a =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, x, i * Float.BYTES, ORDER)).abs();
      maxima = FLOATS.cast(maxima).blend(a, a.compare(VectorOperators.GT, maxima));
    }
    FLOATS.cast(maxima).intoMemorySegment(lanes, 0, ORDER);
  }
}
