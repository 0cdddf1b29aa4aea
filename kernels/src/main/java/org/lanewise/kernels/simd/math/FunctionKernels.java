package org.lanewise.kernels.simd.math;

import static org.lanewise.kernels.scalar.MathConstants.TURNS_HIGH;
import static org.lanewise.kernels.simd.Lanes.COUNT;
import static org.lanewise.kernels.simd.Lanes.F32;
import static org.lanewise.kernels.simd.Lanes.FLOATS;
import static org.lanewise.kernels.simd.Lanes.ORDER;
import static org.lanewise.kernels.simd.Lanes.vectorEnd;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import org.lanewise.kernels.scalar.MathFunction;
import org.lanewise.kernels.scalar.ScalarFunctionKernels;
import org.lanewise.kernels.simd.Lanes;
import org.lanewise.kernels.simd.Scratch;

/**
 * Elementary functions. The elements after the last whole vector are left to the scalar twin, which
 * gives the same bits. Nothing is checked.
 */
public final class FunctionKernels {
  private FunctionKernels() {}

  /** {@code y = f(x)} for elements {@code from ≤ i < to}; y may be x. */
  public static void apply(MathFunction f, MemorySegment x, MemorySegment y, long from, long to) {
    long end = vectorEnd(from, to);
    switch (f) {
      case EXP -> ExponentialLoops.exp(x, from, 0f, y, from, end - from);
      case EXPM1 -> ExponentialLoops.expm1(x, 1f, y, 0, from, end);
      case LOG -> LogarithmLoops.log(x, y, from, end);
      case LOG1P -> LogarithmLoops.log1p(x, y, from, end);
      case ERF -> ErfLoops.erf(x, y, from, end);
      case SIN, COS -> sin(f, x, y, from, end);
      case RSQRT -> rsqrt(x, y, from, end);
    }
    if (end < to) {
      ScalarFunctionKernels.apply(f, x, y, end, to);
    }
  }

  /** A chunk with an element too large for the loop is left to the twin. */
  private static void sin(MathFunction f, MemorySegment x, MemorySegment y, long from, long to) {
    MemorySegment lanes = Scratch.ofThread().lanes;
    for (long chunk = from; chunk < to; chunk += Scratch.CHUNK) {
      long end = Math.min(chunk + Scratch.CHUNK, to);
      if (SineLoops.maxOfAbs(x, chunk, end, lanes) > TURNS_HIGH) {
        ScalarFunctionKernels.apply(f, x, y, chunk, end);
      } else {
        SineLoops.sin(f == MathFunction.COS ? 1 : 0, x, y, chunk, end);
      }
    }
  }

  private static void rsqrt(MemorySegment x, MemorySegment y, long from, long to) {
    if (from == to) {
      return;
    }
    x = Lanes.memory(x);
    y = Lanes.memory(y);
    for (long i = from; i < to; i += COUNT) {
      FloatVector root =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, x, i * Float.BYTES, ORDER)).sqrt();
      FLOATS
          .cast(FloatVector.broadcast(F32, 1f))
          .div(root)
          .intoMemorySegment(y, i * Float.BYTES, ORDER);
    }
  }
}
