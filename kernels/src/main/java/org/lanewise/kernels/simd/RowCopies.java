package org.lanewise.kernels.simd;

import static org.lanewise.kernels.simd.Lanes.COUNT;
import static org.lanewise.kernels.simd.Lanes.F32;
import static org.lanewise.kernels.simd.Lanes.FLOAT;
import static org.lanewise.kernels.simd.Lanes.FLOATS;
import static org.lanewise.kernels.simd.Lanes.ORDER;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** Copies and sums of rows that are some distance apart, in elements. Nothing is checked. */
final class RowCopies {
  /** The numbers of the lanes. */
  private static final FloatVector LANES = FloatVector.zero(F32).addIndex(1);

  private RowCopies() {}

  /** Sets {@code from ≤ i < to}. */
  static void fill(MemorySegment y, float value, long from, long to) {
    long end = Lanes.vectorEnd(from, to);
    if (from < end) {
      fillVectors(y, value, from, end);
    }
    for (long i = end; i < to; i++) {
      y.setAtIndex(FLOAT, i, value);
    }
  }

  private static void fillVectors(MemorySegment y, float value, long from, long to) {
    FloatVector all = FloatVector.broadcast(F32, value);
    for (long i = from; i < to; i += COUNT) {
      FLOATS.cast(all).intoMemorySegment(y, i * Float.BYTES, ORDER);
    }
  }

  /** Copies rows of {@code count} elements. */
  static void copy(
      MemorySegment x,
      long from,
      long fromStep,
      MemorySegment y,
      long to,
      long toStep,
      long rows,
      long count) {
    if (rows == 0) {
      return;
    }
    if (count >= COUNT) {
      copyVectors(x, from, fromStep, y, to, toStep, rows, count);
    } else {
      copyStrided(x, from, fromStep, 1, y, to, toStep, 1, rows, count);
    }
  }

  /** The last vector of a row ends with the row and overlaps with the one before. */
  private static void copyVectors(
      MemorySegment x,
      long from,
      long fromStep,
      MemorySegment y,
      long to,
      long toStep,
      long rows,
      long count) {
    long last = count - COUNT;
    for (long i = 0; i < rows; i++) {
      long in = from + i * fromStep;
      long out = to + i * toStep;
      for (long j = 0; j < last; j += COUNT) {
        FLOATS
            .cast(FloatVector.fromMemorySegment(F32, x, (in + j) * Float.BYTES, ORDER))
            .intoMemorySegment(y, (out + j) * Float.BYTES, ORDER);
      }
      FLOATS
          .cast(FloatVector.fromMemorySegment(F32, x, (in + last) * Float.BYTES, ORDER))
          .intoMemorySegment(y, (out + last) * Float.BYTES, ORDER);
    }
  }

  /** Copies rows of {@code count} elements that are some distance apart themselves. */
  static void copyStrided(
      MemorySegment x,
      long from,
      long fromStep,
      long fromStride,
      MemorySegment y,
      long to,
      long toStep,
      long toStride,
      long rows,
      long count) {
    for (long i = 0; i < rows; i++) {
      long in = from + i * fromStep;
      long out = to + i * toStep;
      for (long j = 0; j < count; j++) {
        y.setAtIndex(FLOAT, out, x.getAtIndex(FLOAT, in));
        in += fromStride;
        out += toStride;
      }
    }
  }

  /**
   * Copies rows to where they follow each other. Reads and writes up to a vector more than the last
   * one, so what lies behind it is written later.
   */
  static void pack(
      MemorySegment x, long from, long fromStep, MemorySegment y, long to, long rows, long count) {
    if (rows == 0) {
      return;
    }
    if (count <= COUNT) {
      pack1(x, from, fromStep, y, to, rows, count);
    } else if (count <= 2 * COUNT) {
      pack2(x, from, fromStep, y, to, rows, count);
    } else {
      packMany(x, from, fromStep, y, to, rows, count);
    }
  }

  private static void pack1(
      MemorySegment x, long from, long fromStep, MemorySegment y, long to, long rows, long count) {
    long in = from;
    long out = to;
    for (long i = 0; i < rows; i++) {
      FLOATS
          .cast(FloatVector.fromMemorySegment(F32, x, in * Float.BYTES, ORDER))
          .intoMemorySegment(y, out * Float.BYTES, ORDER);
      in += fromStep;
      out += count;
    }
  }

  private static void pack2(
      MemorySegment x, long from, long fromStep, MemorySegment y, long to, long rows, long count) {
    long in = from;
    long out = to;
    for (long i = 0; i < rows; i++) {
      FLOATS
          .cast(FloatVector.fromMemorySegment(F32, x, in * Float.BYTES, ORDER))
          .intoMemorySegment(y, out * Float.BYTES, ORDER);
      FLOATS
          .cast(FloatVector.fromMemorySegment(F32, x, (in + COUNT) * Float.BYTES, ORDER))
          .intoMemorySegment(y, (out + COUNT) * Float.BYTES, ORDER);
      in += fromStep;
      out += count;
    }
  }

  private static void packMany(
      MemorySegment x, long from, long fromStep, MemorySegment y, long to, long rows, long count) {
    for (long i = 0; i < rows; i++) {
      long in = from + i * fromStep;
      long out = to + i * count;
      for (long j = 0; j < count; j += COUNT) {
        FLOATS
            .cast(FloatVector.fromMemorySegment(F32, x, (in + j) * Float.BYTES, ORDER))
            .intoMemorySegment(y, (out + j) * Float.BYTES, ORDER);
      }
    }
  }

  /**
   * Adds rows of {@code count} elements to others. Reads up to a vector more than the last ones,
   * and writes back what lies there.
   */
  static void add(
      MemorySegment x,
      long from,
      long fromStep,
      MemorySegment y,
      long to,
      long toStep,
      long rows,
      long count) {
    if (rows == 0) {
      return;
    }
    long last = (count - 1) / COUNT * COUNT;
    float left = count - last;
    for (long i = 0; i < rows; i++) {
      long in = from + i * fromStep;
      long out = to + i * toStep;
      for (long j = 0; j < last; j += COUNT) {
        FLOATS
            .cast(FloatVector.fromMemorySegment(F32, y, (out + j) * Float.BYTES, ORDER))
            .add(FLOATS.cast(FloatVector.fromMemorySegment(F32, x, (in + j) * Float.BYTES, ORDER)))
            .intoMemorySegment(y, (out + j) * Float.BYTES, ORDER);
      }
      FloatVector old =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, y, (out + last) * Float.BYTES, ORDER));
      old.blend(
              old.add(
                  FLOATS.cast(
                      FloatVector.fromMemorySegment(F32, x, (in + last) * Float.BYTES, ORDER))),
              FLOATS.cast(LANES).compare(VectorOperators.LT, left))
          .intoMemorySegment(y, (out + last) * Float.BYTES, ORDER);
    }
  }
}
