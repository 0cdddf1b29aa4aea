package org.lanewise.kernels.simd.math;

import static org.lanewise.kernels.scalar.MathConstants.TURNS_HIGH;
import static org.lanewise.kernels.simd.Lanes.vectorEnd;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.scalar.MathFunction;
import org.lanewise.kernels.scalar.ScalarFunctionKernels;
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
      case EXPM1 -> ExponentialLoops.expm1(x, 1f, y, 0, from, end);
      case LOG1P -> LogarithmLoops.log1p(x, y, from, end);
      case ERF -> ErfLoops.erf(x, y, from, end);
      case SIN, COS -> sin(f, x, y, from, end);
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
}
