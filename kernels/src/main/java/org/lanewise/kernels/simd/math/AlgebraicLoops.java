package org.lanewise.kernels.simd.math;

import static org.lanewise.kernels.simd.Lanes.COUNT;
import static org.lanewise.kernels.simd.Lanes.F32;
import static org.lanewise.kernels.simd.Lanes.FLOATS;
import static org.lanewise.kernels.simd.Lanes.ORDER;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import org.lanewise.kernels.scalar.ScalarMath;
import org.lanewise.kernels.simd.Lanes;

/**
 * Roots, powers and magnitudes, which vectors have instructions for, as {@link ExponentialLoops}.
 */
public final class AlgebraicLoops {
  private AlgebraicLoops() {}

  /** {@code y = √x}, rounded once. */
  public static void sqrt(MemorySegment x, MemorySegment y, long from, long to) {
    if (from == to) {
      return;
    }
    x = Lanes.memory(x);
    y = Lanes.memory(y);
    for (long i = from; i < to; i += COUNT) {
      FloatVector v = FLOATS.cast(FloatVector.fromMemorySegment(F32, x, i * Float.BYTES, ORDER));
      v.sqrt().intoMemorySegment(y, i * Float.BYTES, ORDER);
    }
  }

  /** {@code y = 1/√x}, as {@link ScalarMath#rsqrt}. */
  public static void rsqrt(MemorySegment x, MemorySegment y, long from, long to) {
    if (from == to) {
      return;
    }
    x = Lanes.memory(x);
    y = Lanes.memory(y);
    for (long i = from; i < to; i += COUNT) {
      FloatVector v = FLOATS.cast(FloatVector.fromMemorySegment(F32, x, i * Float.BYTES, ORDER));
      FLOATS
          .cast(FloatVector.broadcast(F32, 1f))
          .div(v.sqrt())
          .intoMemorySegment(y, i * Float.BYTES, ORDER);
    }
  }

  /** {@code y = 1/x}, rounded once. */
  public static void reciprocal(MemorySegment x, MemorySegment y, long from, long to) {
    if (from == to) {
      return;
    }
    x = Lanes.memory(x);
    y = Lanes.memory(y);
    for (long i = from; i < to; i += COUNT) {
      FloatVector v = FLOATS.cast(FloatVector.fromMemorySegment(F32, x, i * Float.BYTES, ORDER));
      FLOATS
          .cast(FloatVector.broadcast(F32, 1f))
          .div(v)
          .intoMemorySegment(y, i * Float.BYTES, ORDER);
    }
  }

  /** {@code y = x²}, rounded once. */
  public static void square(MemorySegment x, MemorySegment y, long from, long to) {
    if (from == to) {
      return;
    }
    x = Lanes.memory(x);
    y = Lanes.memory(y);
    for (long i = from; i < to; i += COUNT) {
      FloatVector v = FLOATS.cast(FloatVector.fromMemorySegment(F32, x, i * Float.BYTES, ORDER));
      v.mul(v).intoMemorySegment(y, i * Float.BYTES, ORDER);
    }
  }

  /** {@code y = |x|}. */
  public static void abs(MemorySegment x, MemorySegment y, long from, long to) {
    if (from == to) {
      return;
    }
    x = Lanes.memory(x);
    y = Lanes.memory(y);
    for (long i = from; i < to; i += COUNT) {
      FloatVector v = FLOATS.cast(FloatVector.fromMemorySegment(F32, x, i * Float.BYTES, ORDER));
      v.abs().intoMemorySegment(y, i * Float.BYTES, ORDER);
    }
  }
}
