package org.lanewise.kernels.simd.elementwise;

import static org.lanewise.kernels.simd.Lanes.COUNT;
import static org.lanewise.kernels.simd.Lanes.F32;
import static org.lanewise.kernels.simd.Lanes.FLOAT;
import static org.lanewise.kernels.simd.Lanes.FLOATS;
import static org.lanewise.kernels.simd.Lanes.ORDER;
import static org.lanewise.kernels.simd.Lanes.vectorEnd;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import org.lanewise.kernels.op.BinaryFunction;
import org.lanewise.kernels.scalar.ScalarElementwiseKernels;
import org.lanewise.kernels.simd.Lanes;

/**
 * Functions of two tensors, and of a tensor and a number, a loop for each. Element i meets element
 * {@code i − yStart} of y and goes to element {@code i − zStart} of z, so that either can be an
 * excerpt that begins elsewhere; z may be x or y at the same place.
 */
final class BinaryLoops {
  private BinaryLoops() {}

  /** {@code z = f(x, y)} for elements {@code from ≤ i < to}. */
  static void apply(
      BinaryFunction f,
      MemorySegment x,
      MemorySegment y,
      long yStart,
      MemorySegment z,
      long zStart,
      long from,
      long to) {
    long end = vectorEnd(from, to);
    if (from < end) {
      switch (f) {
        case ADD -> add(x, y, yStart, z, zStart, from, end);
        case SUBTRACT -> subtract(x, y, yStart, z, zStart, from, end);
        case MULTIPLY -> multiply(x, y, yStart, z, zStart, from, end);
        case DIVIDE -> divide(x, y, yStart, z, zStart, from, end);
        case MAXIMUM -> maximum(x, y, yStart, z, zStart, from, end);
        case MINIMUM -> minimum(x, y, yStart, z, zStart, from, end);
        case LESS -> ComparisonLoops.less(x, 0, y, yStart, z, zStart, from, end);
        case LESS_OR_EQUAL -> ComparisonLoops.lessOrEqual(x, 0, y, yStart, z, zStart, from, end);
        case GREATER -> ComparisonLoops.less(y, yStart, x, 0, z, zStart, from, end);
        case GREATER_OR_EQUAL -> ComparisonLoops.lessOrEqual(y, yStart, x, 0, z, zStart, from, end);
        case EQUAL -> ComparisonLoops.equal(x, 0, y, yStart, z, zStart, from, end);
        case NOT_EQUAL -> ComparisonLoops.notEqual(x, 0, y, yStart, z, zStart, from, end);
      }
    }
    for (long i = end; i < to; i++) {
      float other = y.getAtIndex(FLOAT, i - yStart);
      z.setAtIndex(
          FLOAT, i - zStart, ScalarElementwiseKernels.apply(f, x.getAtIndex(FLOAT, i), other));
    }
  }

  /** {@code z = f(x, y)} for elements {@code from ≤ i < to}; f is no comparison. */
  static void apply(
      BinaryFunction f,
      MemorySegment x,
      float y,
      MemorySegment z,
      long zStart,
      long from,
      long to) {
    long end = vectorEnd(from, to);
    if (from < end) {
      switch (f) {
        case ADD -> add(x, y, z, zStart, from, end);
        case SUBTRACT -> subtract(x, y, z, zStart, from, end);
        case MULTIPLY -> multiply(x, y, z, zStart, from, end);
        case DIVIDE -> divide(x, y, z, zStart, from, end);
        case MAXIMUM -> maximum(x, y, z, zStart, from, end);
        case MINIMUM -> minimum(x, y, z, zStart, from, end);
        default -> throw new IllegalArgumentException(f + " of a number");
      }
    }
    for (long i = end; i < to; i++) {
      z.setAtIndex(FLOAT, i - zStart, ScalarElementwiseKernels.apply(f, x.getAtIndex(FLOAT, i), y));
    }
  }

  private static void add(
      MemorySegment x,
      MemorySegment y,
      long yStart,
      MemorySegment z,
      long zStart,
      long from,
      long to) {
    x = Lanes.memory(x);
    y = Lanes.memory(y);
    z = Lanes.memory(z);
    long i = from;
    while (i != to) {
      FloatVector a = FLOATS.cast(FloatVector.fromMemorySegment(F32, x, i * Float.BYTES, ORDER));
      FloatVector b =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, y, (i - yStart) * Float.BYTES, ORDER));
      a.add(b).intoMemorySegment(z, (i - zStart) * Float.BYTES, ORDER);
      i += COUNT;
    }
  }

  private static void subtract(
      MemorySegment x,
      MemorySegment y,
      long yStart,
      MemorySegment z,
      long zStart,
      long from,
      long to) {
    x = Lanes.memory(x);
    y = Lanes.memory(y);
    z = Lanes.memory(z);
    long i = from;
    while (i != to) {
      FloatVector a = FLOATS.cast(FloatVector.fromMemorySegment(F32, x, i * Float.BYTES, ORDER));
      FloatVector b =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, y, (i - yStart) * Float.BYTES, ORDER));
      a.sub(b).intoMemorySegment(z, (i - zStart) * Float.BYTES, ORDER);
      i += COUNT;
    }
  }

  private static void multiply(
      MemorySegment x,
      MemorySegment y,
      long yStart,
      MemorySegment z,
      long zStart,
      long from,
      long to) {
    x = Lanes.memory(x);
    y = Lanes.memory(y);
    z = Lanes.memory(z);
    long i = from;
    while (i != to) {
      FloatVector a = FLOATS.cast(FloatVector.fromMemorySegment(F32, x, i * Float.BYTES, ORDER));
      FloatVector b =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, y, (i - yStart) * Float.BYTES, ORDER));
      a.mul(b).intoMemorySegment(z, (i - zStart) * Float.BYTES, ORDER);
      i += COUNT;
    }
  }

  private static void divide(
      MemorySegment x,
      MemorySegment y,
      long yStart,
      MemorySegment z,
      long zStart,
      long from,
      long to) {
    x = Lanes.memory(x);
    y = Lanes.memory(y);
    z = Lanes.memory(z);
    long i = from;
    while (i != to) {
      FloatVector a = FLOATS.cast(FloatVector.fromMemorySegment(F32, x, i * Float.BYTES, ORDER));
      FloatVector b =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, y, (i - yStart) * Float.BYTES, ORDER));
      a.div(b).intoMemorySegment(z, (i - zStart) * Float.BYTES, ORDER);
      i += COUNT;
    }
  }

  private static void maximum(
      MemorySegment x,
      MemorySegment y,
      long yStart,
      MemorySegment z,
      long zStart,
      long from,
      long to) {
    x = Lanes.memory(x);
    y = Lanes.memory(y);
    z = Lanes.memory(z);
    long i = from;
    while (i != to) {
      FloatVector a = FLOATS.cast(FloatVector.fromMemorySegment(F32, x, i * Float.BYTES, ORDER));
      FloatVector b =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, y, (i - yStart) * Float.BYTES, ORDER));
      a.blend(b, b.compare(VectorOperators.GT, a))
          .blend(b, b.compare(VectorOperators.NE, b))
          .intoMemorySegment(z, (i - zStart) * Float.BYTES, ORDER);
      i += COUNT;
    }
  }

  private static void minimum(
      MemorySegment x,
      MemorySegment y,
      long yStart,
      MemorySegment z,
      long zStart,
      long from,
      long to) {
    x = Lanes.memory(x);
    y = Lanes.memory(y);
    z = Lanes.memory(z);
    long i = from;
    while (i != to) {
      FloatVector a = FLOATS.cast(FloatVector.fromMemorySegment(F32, x, i * Float.BYTES, ORDER));
      FloatVector b =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, y, (i - yStart) * Float.BYTES, ORDER));
      a.blend(b, b.compare(VectorOperators.LT, a))
          .blend(b, b.compare(VectorOperators.NE, b))
          .intoMemorySegment(z, (i - zStart) * Float.BYTES, ORDER);
      i += COUNT;
    }
  }

  private static void add(
      MemorySegment x, float y, MemorySegment z, long zStart, long from, long to) {
    x = Lanes.memory(x);
    z = Lanes.memory(z);
    FloatVector b = FLOATS.cast(FloatVector.broadcast(F32, y));
    long i = from;
    while (i != to) {
      FloatVector a = FLOATS.cast(FloatVector.fromMemorySegment(F32, x, i * Float.BYTES, ORDER));
      a.add(b).intoMemorySegment(z, (i - zStart) * Float.BYTES, ORDER);
      i += COUNT;
    }
  }

  private static void subtract(
      MemorySegment x, float y, MemorySegment z, long zStart, long from, long to) {
    x = Lanes.memory(x);
    z = Lanes.memory(z);
    FloatVector b = FLOATS.cast(FloatVector.broadcast(F32, y));
    long i = from;
    while (i != to) {
      FloatVector a = FLOATS.cast(FloatVector.fromMemorySegment(F32, x, i * Float.BYTES, ORDER));
      a.sub(b).intoMemorySegment(z, (i - zStart) * Float.BYTES, ORDER);
      i += COUNT;
    }
  }

  private static void multiply(
      MemorySegment x, float y, MemorySegment z, long zStart, long from, long to) {
    x = Lanes.memory(x);
    z = Lanes.memory(z);
    FloatVector b = FLOATS.cast(FloatVector.broadcast(F32, y));
    long i = from;
    while (i != to) {
      FloatVector a = FLOATS.cast(FloatVector.fromMemorySegment(F32, x, i * Float.BYTES, ORDER));
      a.mul(b).intoMemorySegment(z, (i - zStart) * Float.BYTES, ORDER);
      i += COUNT;
    }
  }

  private static void divide(
      MemorySegment x, float y, MemorySegment z, long zStart, long from, long to) {
    x = Lanes.memory(x);
    z = Lanes.memory(z);
    FloatVector b = FLOATS.cast(FloatVector.broadcast(F32, y));
    long i = from;
    while (i != to) {
      FloatVector a = FLOATS.cast(FloatVector.fromMemorySegment(F32, x, i * Float.BYTES, ORDER));
      a.div(b).intoMemorySegment(z, (i - zStart) * Float.BYTES, ORDER);
      i += COUNT;
    }
  }

  private static void maximum(
      MemorySegment x, float y, MemorySegment z, long zStart, long from, long to) {
    x = Lanes.memory(x);
    z = Lanes.memory(z);
    FloatVector b = FLOATS.cast(FloatVector.broadcast(F32, y));
    long i = from;
    while (i != to) {
      FloatVector a = FLOATS.cast(FloatVector.fromMemorySegment(F32, x, i * Float.BYTES, ORDER));
      a.blend(b, b.compare(VectorOperators.GT, a))
          .blend(b, b.compare(VectorOperators.NE, b))
          .intoMemorySegment(z, (i - zStart) * Float.BYTES, ORDER);
      i += COUNT;
    }
  }

  private static void minimum(
      MemorySegment x, float y, MemorySegment z, long zStart, long from, long to) {
    x = Lanes.memory(x);
    z = Lanes.memory(z);
    FloatVector b = FLOATS.cast(FloatVector.broadcast(F32, y));
    long i = from;
    while (i != to) {
      FloatVector a = FLOATS.cast(FloatVector.fromMemorySegment(F32, x, i * Float.BYTES, ORDER));
      a.blend(b, b.compare(VectorOperators.LT, a))
          .blend(b, b.compare(VectorOperators.NE, b))
          .intoMemorySegment(z, (i - zStart) * Float.BYTES, ORDER);
      i += COUNT;
    }
  }
}
