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
import org.lanewise.kernels.simd.Lanes;

/**
 * Comparisons, which give 1 where they hold and 0 elsewhere, and choices by them, as {@link
 * BinaryLoops}. Every operand may be an excerpt that begins elsewhere.
 */
final class ComparisonLoops {
  private ComparisonLoops() {}

  /** {@code z = x < y}. */
  static void less(
      MemorySegment x,
      long xStart,
      MemorySegment y,
      long yStart,
      MemorySegment z,
      long zStart,
      long from,
      long to) {
    x = Lanes.memory(x);
    y = Lanes.memory(y);
    z = Lanes.memory(z);
    FloatVector zero = FLOATS.cast(FloatVector.zero(F32));
    long i = from;
    while (i != to) {
      FloatVector a =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, x, (i - xStart) * Float.BYTES, ORDER));
      FloatVector b =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, y, (i - yStart) * Float.BYTES, ORDER));
      zero.blend(1f, a.compare(VectorOperators.LT, b))
          .intoMemorySegment(z, (i - zStart) * Float.BYTES, ORDER);
      i += COUNT;
    }
  }

  /** {@code z = x ≤ y}. */
  static void lessOrEqual(
      MemorySegment x,
      long xStart,
      MemorySegment y,
      long yStart,
      MemorySegment z,
      long zStart,
      long from,
      long to) {
    x = Lanes.memory(x);
    y = Lanes.memory(y);
    z = Lanes.memory(z);
    FloatVector zero = FLOATS.cast(FloatVector.zero(F32));
    long i = from;
    while (i != to) {
      FloatVector a =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, x, (i - xStart) * Float.BYTES, ORDER));
      FloatVector b =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, y, (i - yStart) * Float.BYTES, ORDER));
      zero.blend(1f, a.compare(VectorOperators.LE, b))
          .intoMemorySegment(z, (i - zStart) * Float.BYTES, ORDER);
      i += COUNT;
    }
  }

  /** {@code z = x = y}. */
  static void equal(
      MemorySegment x,
      long xStart,
      MemorySegment y,
      long yStart,
      MemorySegment z,
      long zStart,
      long from,
      long to) {
    x = Lanes.memory(x);
    y = Lanes.memory(y);
    z = Lanes.memory(z);
    FloatVector zero = FLOATS.cast(FloatVector.zero(F32));
    long i = from;
    while (i != to) {
      FloatVector a =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, x, (i - xStart) * Float.BYTES, ORDER));
      FloatVector b =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, y, (i - yStart) * Float.BYTES, ORDER));
      zero.blend(1f, a.compare(VectorOperators.EQ, b))
          .intoMemorySegment(z, (i - zStart) * Float.BYTES, ORDER);
      i += COUNT;
    }
  }

  /** {@code z = x ≠ y}. */
  static void notEqual(
      MemorySegment x,
      long xStart,
      MemorySegment y,
      long yStart,
      MemorySegment z,
      long zStart,
      long from,
      long to) {
    x = Lanes.memory(x);
    y = Lanes.memory(y);
    z = Lanes.memory(z);
    FloatVector zero = FLOATS.cast(FloatVector.zero(F32));
    long i = from;
    while (i != to) {
      FloatVector a =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, x, (i - xStart) * Float.BYTES, ORDER));
      FloatVector b =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, y, (i - yStart) * Float.BYTES, ORDER));
      zero.blend(1f, a.compare(VectorOperators.NE, b))
          .intoMemorySegment(z, (i - zStart) * Float.BYTES, ORDER);
      i += COUNT;
    }
  }

  /** {@code z = condition ≠ 0 ? x : y} for elements {@code from ≤ i < to}. */
  static void where(
      MemorySegment condition,
      long conditionStart,
      MemorySegment x,
      long xStart,
      MemorySegment y,
      long yStart,
      MemorySegment z,
      long from,
      long to) {
    long end = vectorEnd(from, to);
    if (from < end) {
      choose(condition, conditionStart, x, xStart, y, yStart, z, from, end);
    }
    for (long i = end; i < to; i++) {
      boolean isX = condition.getAtIndex(FLOAT, i - conditionStart) != 0f;
      float chosen = isX ? x.getAtIndex(FLOAT, i - xStart) : y.getAtIndex(FLOAT, i - yStart);
      z.setAtIndex(FLOAT, i, chosen);
    }
  }

  private static void choose(
      MemorySegment condition,
      long conditionStart,
      MemorySegment x,
      long xStart,
      MemorySegment y,
      long yStart,
      MemorySegment z,
      long from,
      long to) {
    condition = Lanes.memory(condition);
    x = Lanes.memory(x);
    y = Lanes.memory(y);
    z = Lanes.memory(z);
    long i = from;
    while (i != to) {
      FloatVector c =
          FLOATS.cast(
              FloatVector.fromMemorySegment(
                  F32, condition, (i - conditionStart) * Float.BYTES, ORDER));
      FloatVector a =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, x, (i - xStart) * Float.BYTES, ORDER));
      FloatVector b =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, y, (i - yStart) * Float.BYTES, ORDER));
      b.blend(a, c.compare(VectorOperators.NE, 0f)).intoMemorySegment(z, i * Float.BYTES, ORDER);
      i += COUNT;
    }
  }
}
