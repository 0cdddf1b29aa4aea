package org.lanewise.kernels.simd;

import static org.lanewise.kernels.simd.Lanes.COUNT;
import static org.lanewise.kernels.simd.Lanes.F32;
import static org.lanewise.kernels.simd.Lanes.FLOAT;
import static org.lanewise.kernels.simd.Lanes.FLOATS;
import static org.lanewise.kernels.simd.Lanes.ORDER;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/** Copies, sums and constants in contiguous memory. Offsets and counts are in elements. */
final class LayoutLoops {
  private LayoutLoops() {}

  /** {@code y = x}. */
  static void copy(MemorySegment x, long xFrom, MemorySegment y, long yFrom, long count) {
    long whole = count - count % COUNT;
    copyVectors(x, xFrom, y, yFrom, whole);
    for (long i = whole; i < count; i++) {
      y.setAtIndex(FLOAT, yFrom + i, x.getAtIndex(FLOAT, xFrom + i));
    }
  }

  private static void copyVectors(
      MemorySegment x, long xFrom, MemorySegment y, long yFrom, long count) {
    if (count == 0) {
      return;
    }
    for (long i = 0; i < count; i += COUNT) {
      FLOATS
          .cast(FloatVector.fromMemorySegment(F32, x, (xFrom + i) * Float.BYTES, ORDER))
          .intoMemorySegment(y, (yFrom + i) * Float.BYTES, ORDER);
    }
  }

  /** {@code y += x}. */
  static void add(MemorySegment x, long xFrom, MemorySegment y, long yFrom, long count) {
    long whole = count - count % COUNT;
    addVectors(x, xFrom, y, yFrom, whole);
    for (long i = whole; i < count; i++) {
      float sum = y.getAtIndex(FLOAT, yFrom + i) + x.getAtIndex(FLOAT, xFrom + i);
      y.setAtIndex(FLOAT, yFrom + i, sum);
    }
  }

  private static void addVectors(
      MemorySegment x, long xFrom, MemorySegment y, long yFrom, long count) {
    if (count == 0) {
      return;
    }
    for (long i = 0; i < count; i += COUNT) {
      FLOATS
          .cast(FloatVector.fromMemorySegment(F32, y, (yFrom + i) * Float.BYTES, ORDER))
          .add(FLOATS.cast(FloatVector.fromMemorySegment(F32, x, (xFrom + i) * Float.BYTES, ORDER)))
          .intoMemorySegment(y, (yFrom + i) * Float.BYTES, ORDER);
    }
  }

  /** {@code y = value}. */
  static void fill(MemorySegment y, long from, long count, float value) {
    long whole = count - count % COUNT;
    fillVectors(y, from, whole, value);
    for (long i = whole; i < count; i++) {
      y.setAtIndex(FLOAT, from + i, value);
    }
  }

  private static void fillVectors(MemorySegment y, long from, long count, float value) {
    if (count == 0) {
      return;
    }
    FloatVector vector = FLOATS.cast(FloatVector.broadcast(F32, value));
    for (long i = 0; i < count; i += COUNT) {
      vector.intoMemorySegment(y, (from + i) * Float.BYTES, ORDER);
    }
  }
}
