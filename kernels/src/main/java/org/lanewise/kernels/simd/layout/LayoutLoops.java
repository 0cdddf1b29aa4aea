package org.lanewise.kernels.simd.layout;

import static org.lanewise.kernels.simd.Lanes.COUNT;
import static org.lanewise.kernels.simd.Lanes.F32;
import static org.lanewise.kernels.simd.Lanes.FLOAT;
import static org.lanewise.kernels.simd.Lanes.FLOATS;
import static org.lanewise.kernels.simd.Lanes.ORDER;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import org.lanewise.kernels.simd.Lanes;

/**
 * Copies, sums and constants in contiguous memory. Offsets and counts are in elements.
 *
 * <p>The loops are not counted ones, which begin with checks for all of their range: rows are often
 * a few vectors long, and that would take longer than to copy them.
 */
public final class LayoutLoops {
  private LayoutLoops() {}

  /** {@code y = x}. */
  public static void copy(MemorySegment x, long xFrom, MemorySegment y, long yFrom, long count) {
    if (count >= Copying.WORTHWHILE) {
      Copying.copy(x, xFrom, y, yFrom, count);
      return;
    }
    long whole = count - count % COUNT;
    copyVectors(x, xFrom, y, yFrom, yFrom + whole);
    for (long i = whole; i < count; i++) {
      y.setAtIndex(FLOAT, yFrom + i, x.getAtIndex(FLOAT, xFrom + i));
    }
  }

  private static void copyVectors(
      MemorySegment x, long xFrom, MemorySegment y, long yFrom, long yTo) {
    x = Lanes.memory(x);
    y = Lanes.memory(y);
    long in = xFrom;
    long out = yFrom;
    while (out != yTo) {
      FLOATS
          .cast(FloatVector.fromMemorySegment(F32, x, in * Float.BYTES, ORDER))
          .intoMemorySegment(y, out * Float.BYTES, ORDER);
      in += COUNT;
      out += COUNT;
    }
  }

  /** {@code y += x}. */
  static void add(MemorySegment x, long xFrom, MemorySegment y, long yFrom, long count) {
    long whole = count - count % COUNT;
    addVectors(x, xFrom, y, yFrom, yFrom + whole);
    for (long i = whole; i < count; i++) {
      float sum = y.getAtIndex(FLOAT, yFrom + i) + x.getAtIndex(FLOAT, xFrom + i);
      y.setAtIndex(FLOAT, yFrom + i, sum);
    }
  }

  private static void addVectors(
      MemorySegment x, long xFrom, MemorySegment y, long yFrom, long yTo) {
    x = Lanes.memory(x);
    y = Lanes.memory(y);
    long in = xFrom;
    long out = yFrom;
    while (out != yTo) {
      FLOATS
          .cast(FloatVector.fromMemorySegment(F32, y, out * Float.BYTES, ORDER))
          .add(FLOATS.cast(FloatVector.fromMemorySegment(F32, x, in * Float.BYTES, ORDER)))
          .intoMemorySegment(y, out * Float.BYTES, ORDER);
      in += COUNT;
      out += COUNT;
    }
  }

  /** {@code y = value}. */
  public static void fill(MemorySegment y, long from, long count, float value) {
    long end = from + count - count % COUNT;
    fillVectors(y, from, end, value);
    for (long i = end; i < from + count; i++) {
      y.setAtIndex(FLOAT, i, value);
    }
  }

  private static void fillVectors(MemorySegment y, long from, long to, float value) {
    y = Lanes.memory(y);
    FloatVector vector = FLOATS.cast(FloatVector.broadcast(F32, value));
    long i = from;
    while (i != to) {
      vector.intoMemorySegment(y, i * Float.BYTES, ORDER);
      i += COUNT;
    }
  }
}
