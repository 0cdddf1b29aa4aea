package org.lanewise.kernels.scalar;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;

/** Elementary functions, one element after the other. */
public final class ScalarFunctionKernels {
  private ScalarFunctionKernels() {}

  /** {@code y = f(x)} for elements {@code from ≤ i < to}; y may be x. */
  public static void apply(MathFunction f, MemorySegment x, MemorySegment y, long from, long to) {
    for (long i = from; i < to; i++) {
      y.setAtIndex(JAVA_FLOAT, i, value(f, x.getAtIndex(JAVA_FLOAT, i)));
    }
  }

  private static float value(MathFunction f, float x) {
    return switch (f) {
      case EXPM1 -> ScalarMath.expm1(x);
      case LOG1P -> ScalarMath.log1p(x);
      case ERF -> ScalarMath.erf(x);
      case SIN -> ScalarMath.sin(x);
      case COS -> ScalarMath.cos(x);
    };
  }
}
