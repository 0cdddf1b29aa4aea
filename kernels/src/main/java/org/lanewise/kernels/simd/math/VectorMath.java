package org.lanewise.kernels.simd.math;

import static org.lanewise.kernels.scalar.MathConstants.LN2_HIGH;
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
import static org.lanewise.kernels.scalar.MathConstants.SIN_3;
import static org.lanewise.kernels.scalar.MathConstants.SIN_5;
import static org.lanewise.kernels.scalar.MathConstants.SIN_7;
import static org.lanewise.kernels.scalar.MathConstants.SIN_9;
import static org.lanewise.kernels.scalar.MathConstants.TURN_STEP;
import static org.lanewise.kernels.scalar.MathConstants.TWO_THIRDS_BITS;
import static org.lanewise.kernels.simd.Lanes.F32;
import static org.lanewise.kernels.simd.Lanes.FLOATS;
import static org.lanewise.kernels.simd.Lanes.I32;
import static org.lanewise.kernels.simd.Lanes.INTS;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import org.lanewise.kernels.scalar.ScalarMath;

/**
 * Functions of {@link ScalarMath} on all lanes of a vector, with the same bits. They are small
 * enough to be inlined into a loop; what is not is a loop of its own, as in {@link
 * ExponentialLoops}.
 */
public final class VectorMath {
  private VectorMath() {}

  /** {@link ScalarMath#log} of each lane, which must be positive, finite and not subnormal. */
  public static FloatVector log(FloatVector x) {
    IntVector bits = INTS.cast(x.reinterpretShape(I32, 0)).sub(TWO_THIRDS_BITS);
    FloatVector k = toFloat(bits.lanewise(VectorOperators.ASHR, MANTISSA_BITS));
    FloatVector m =
        FLOATS.cast(bits.and(MANTISSA_MASK).add(TWO_THIRDS_BITS).reinterpretShape(F32, 0));
    FloatVector f = m.sub(1f);
    FloatVector p =
        f.fma(all(LOG_10), all(LOG_9))
            .fma(f, all(LOG_8))
            .fma(f, all(LOG_7))
            .fma(f, all(LOG_6))
            .fma(f, all(LOG_5))
            .fma(f, all(LOG_4))
            .fma(f, all(LOG_3))
            .fma(f, all(LOG_2));
    return k.fma(all(LN2_HIGH), p.fma(f.mul(f), f));
  }

  /** {@link ScalarMath#sinTurn} of each lane. */
  public static FloatVector sinTurn(IntVector turn) {
    IntVector outer = turn.lanewise(VectorOperators.XOR, turn.lanewise(VectorOperators.LSHL, 1));
    IntVector reflected = INTS.cast(turn.broadcast(Integer.MIN_VALUE)).sub(turn);
    IntVector inner = turn.blend(reflected, outer.compare(VectorOperators.LT, 0));
    FloatVector a = toFloat(inner).mul(TURN_STEP);
    FloatVector z = a.mul(a);
    FloatVector p = z.fma(all(SIN_9), all(SIN_7)).fma(z, all(SIN_5)).fma(z, all(SIN_3));
    return p.mul(z).fma(a, a);
  }

  /** Each lane's integer as the nearest float. */
  public static FloatVector toFloat(IntVector x) {
    return FLOATS.cast(x.convert(VectorOperators.I2F, 0));
  }

  private static FloatVector all(float value) {
    return FloatVector.broadcast(F32, value);
  }
}
