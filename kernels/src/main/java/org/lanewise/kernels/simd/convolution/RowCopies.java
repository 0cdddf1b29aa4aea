package org.lanewise.kernels.simd.convolution;

import static org.lanewise.kernels.simd.Lanes.COUNT;
import static org.lanewise.kernels.simd.Lanes.F32;
import static org.lanewise.kernels.simd.Lanes.FLOAT;
import static org.lanewise.kernels.simd.Lanes.FLOATS;
import static org.lanewise.kernels.simd.Lanes.ORDER;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import org.lanewise.kernels.simd.Lanes;

/**
 * Copies and sums of rows that are some distance apart, in elements. Nothing is checked.
 *
 * <p>Rows are often only a few vectors long. A counted loop over one would spend more time before
 * and after its body, as the compiler unrolls it, than in there; so most loops here are no counted
 * ones, and go over all rows.
 */
final class RowCopies {
  /** The numbers of the lanes. */
  private static final FloatVector LANES = FloatVector.zero(F32).addIndex(1);

  // Indices into two vectors, counted on from the first into the second
  private static final FloatVector EVEN = FloatVector.zero(F32).addIndex(2);
  private static final FloatVector ODD = EVEN.add(1f);
  private static final FloatVector LOWER_PAIRS = pairs(0);
  private static final FloatVector UPPER_PAIRS = pairs(COUNT / 2);

  private RowCopies() {}

  private static FloatVector pairs(int from) {
    float[] indices = new float[COUNT];
    for (int i = 0; i < COUNT; i++) {
      indices[i] = from + i / 2 + i % 2 * COUNT;
    }
    return FloatVector.fromArray(F32, indices, 0);
  }

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
    y = Lanes.memory(y);
    FloatVector all = FloatVector.broadcast(F32, value);
    for (long i = from; i < to; i += COUNT) {
      FLOATS.cast(all).intoMemorySegment(y, i * Float.BYTES, ORDER);
    }
  }

  /** Adds a value to elements {@code from ≤ i < to}. */
  static void add(MemorySegment y, float value, long from, long to) {
    long end = Lanes.vectorEnd(from, to);
    if (from < end) {
      addToVectors(y, value, from, end);
    }
    for (long i = end; i < to; i++) {
      y.setAtIndex(FLOAT, i, y.getAtIndex(FLOAT, i) + value);
    }
  }

  private static void addToVectors(MemorySegment y, float value, long from, long to) {
    y = Lanes.memory(y);
    for (long i = from; i < to; i += COUNT) {
      FLOATS
          .cast(FloatVector.fromMemorySegment(F32, y, i * Float.BYTES, ORDER))
          .add(value)
          .intoMemorySegment(y, i * Float.BYTES, ORDER);
    }
  }

  /** Divides whole vectors from {@code from} on by others, in place. */
  static void divide(MemorySegment y, long from, MemorySegment divisors, long count) {
    y = Lanes.memory(y);
    divisors = Lanes.memory(divisors);
    for (long i = 0; i < count; i += COUNT) {
      FLOATS
          .cast(FloatVector.fromMemorySegment(F32, y, (from + i) * Float.BYTES, ORDER))
          .div(FLOATS.cast(FloatVector.fromMemorySegment(F32, divisors, i * Float.BYTES, ORDER)))
          .intoMemorySegment(y, (from + i) * Float.BYTES, ORDER);
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
    x = Lanes.memory(x);
    y = Lanes.memory(y);
    long last = count - COUNT;
    long rest = Math.min(last, (count - 1) % COUNT + 1);
    long in = from;
    long out = to;
    long end = out + last;
    long left = rows;
    while (left != 0) {
      FLOATS
          .cast(FloatVector.fromMemorySegment(F32, x, in * Float.BYTES, ORDER))
          .intoMemorySegment(y, out * Float.BYTES, ORDER);
      boolean isLast = out == end;
      boolean isNextLast = out + rest == end;
      long move = isNextLast ? rest : COUNT;
      in += isLast ? fromStep - last : move;
      out += isLast ? toStep - last : move;
      end += isLast ? toStep : 0;
      left -= isLast ? 1 : 0;
    }
  }

  /**
   * Copies rows of at least {@link Lanes#COUNT} pairs, the elements of a pair to different rows.
   * The last vectors of a row end with the row.
   */
  static void split(
      MemorySegment x,
      long from,
      long fromStep,
      MemorySegment y,
      long toFirst,
      long toSecond,
      long toStep,
      long rows,
      long pairs) {
    x = Lanes.memory(x);
    y = Lanes.memory(y);
    FloatVector even = FLOATS.cast(EVEN);
    FloatVector odd = FLOATS.cast(ODD);
    long last = pairs - COUNT;
    for (long i = 0; i < rows; i++) {
      long in = from + i * fromStep;
      long first = toFirst + i * toStep;
      long second = toSecond + i * toStep;
      long j = 0;
      boolean isLast;
      do {
        isLast = j == last;
        FloatVector a =
            FLOATS.cast(FloatVector.fromMemorySegment(F32, x, (in + 2 * j) * Float.BYTES, ORDER));
        FloatVector b =
            FLOATS.cast(
                FloatVector.fromMemorySegment(F32, x, (in + 2 * j + COUNT) * Float.BYTES, ORDER));
        even.selectFrom(a, b).intoMemorySegment(y, (first + j) * Float.BYTES, ORDER);
        odd.selectFrom(a, b).intoMemorySegment(y, (second + j) * Float.BYTES, ORDER);
        j = Math.min(j + COUNT, last);
      } while (!isLast);
    }
  }

  /** The reverse of {@link #split}. */
  static void join(
      MemorySegment x,
      long fromFirst,
      long fromSecond,
      long fromStep,
      MemorySegment y,
      long to,
      long toStep,
      long rows,
      long pairs) {
    x = Lanes.memory(x);
    y = Lanes.memory(y);
    FloatVector lower = FLOATS.cast(LOWER_PAIRS);
    FloatVector upper = FLOATS.cast(UPPER_PAIRS);
    long last = pairs - COUNT;
    for (long i = 0; i < rows; i++) {
      long first = fromFirst + i * fromStep;
      long second = fromSecond + i * fromStep;
      long out = to + i * toStep;
      long j = 0;
      boolean isLast;
      do {
        isLast = j == last;
        FloatVector a =
            FLOATS.cast(FloatVector.fromMemorySegment(F32, x, (first + j) * Float.BYTES, ORDER));
        FloatVector b =
            FLOATS.cast(FloatVector.fromMemorySegment(F32, x, (second + j) * Float.BYTES, ORDER));
        lower.selectFrom(a, b).intoMemorySegment(y, (out + 2 * j) * Float.BYTES, ORDER);
        upper.selectFrom(a, b).intoMemorySegment(y, (out + 2 * j + COUNT) * Float.BYTES, ORDER);
        j = Math.min(j + COUNT, last);
      } while (!isLast);
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
   * Copies {@code count} elements from rows of {@code width}, each from its first element on but
   * the first row from element {@code first} on, to where they follow each other. Reads and writes
   * up to two vectors more, so what lies behind is written later.
   */
  static void pack(
      MemorySegment x,
      long from,
      long fromStep,
      long first,
      long width,
      MemorySegment y,
      long to,
      long count) {
    if (count == 0) {
      return;
    }
    if (width <= COUNT) {
      pack1(x, from, fromStep, first, width, y, to, count);
    } else if (width <= 2 * COUNT) {
      pack2(x, from, fromStep, first, width, y, to, count);
    } else {
      packMany(x, from, fromStep, first, width, y, to, count);
    }
  }

  private static void pack1(
      MemorySegment x,
      long from,
      long fromStep,
      long first,
      long width,
      MemorySegment y,
      long to,
      long count) {
    x = Lanes.memory(x);
    y = Lanes.memory(y);
    long row = from;
    long in = from + first;
    long out = to;
    long next = to + width - first;
    do {
      FLOATS
          .cast(FloatVector.fromMemorySegment(F32, x, in * Float.BYTES, ORDER))
          .intoMemorySegment(y, out * Float.BYTES, ORDER);
      row += fromStep;
      in = row;
      out = next;
      next += width;
    } while (out < to + count);
  }

  private static void pack2(
      MemorySegment x,
      long from,
      long fromStep,
      long first,
      long width,
      MemorySegment y,
      long to,
      long count) {
    x = Lanes.memory(x);
    y = Lanes.memory(y);
    long row = from;
    long in = from + first;
    long out = to;
    long next = to + width - first;
    do {
      FLOATS
          .cast(FloatVector.fromMemorySegment(F32, x, in * Float.BYTES, ORDER))
          .intoMemorySegment(y, out * Float.BYTES, ORDER);
      FLOATS
          .cast(FloatVector.fromMemorySegment(F32, x, (in + COUNT) * Float.BYTES, ORDER))
          .intoMemorySegment(y, (out + COUNT) * Float.BYTES, ORDER);
      row += fromStep;
      in = row;
      out = next;
      next += width;
    } while (out < to + count);
  }

  private static void packMany(
      MemorySegment x,
      long from,
      long fromStep,
      long first,
      long width,
      MemorySegment y,
      long to,
      long count) {
    x = Lanes.memory(x);
    y = Lanes.memory(y);
    long row = from;
    long in = from + first;
    long out = to;
    long next = to + width - first;
    do {
      long end = Math.min(next, to + count);
      for (; out < end; out += COUNT) {
        FLOATS
            .cast(FloatVector.fromMemorySegment(F32, x, in * Float.BYTES, ORDER))
            .intoMemorySegment(y, out * Float.BYTES, ORDER);
        in += COUNT;
      }
      row += fromStep;
      in = row;
      out = next;
      next += width;
    } while (out < to + count);
  }

  /**
   * Adds {@code count} elements that follow each other to rows of {@code width}, to each from its
   * first element on but to the first row from element {@code first} on. Reads up to a vector more,
   * and writes back what lies behind the rows.
   */
  static void addTo(
      MemorySegment y,
      long to,
      long toStep,
      long first,
      long width,
      MemorySegment x,
      long from,
      long count) {
    if (count == 0) {
      return;
    }
    y = Lanes.memory(y);
    x = Lanes.memory(x);
    long row = to;
    long out = to + first;
    long in = from;
    long next = from + width - first;
    do {
      long end = Math.min(next, from + count) - COUNT;
      for (; in < end; in += COUNT) {
        FLOATS
            .cast(FloatVector.fromMemorySegment(F32, y, out * Float.BYTES, ORDER))
            .add(FLOATS.cast(FloatVector.fromMemorySegment(F32, x, in * Float.BYTES, ORDER)))
            .intoMemorySegment(y, out * Float.BYTES, ORDER);
        out += COUNT;
      }
      FloatVector old =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, y, out * Float.BYTES, ORDER));
      old.blend(
              old.add(FLOATS.cast(FloatVector.fromMemorySegment(F32, x, in * Float.BYTES, ORDER))),
              FLOATS.cast(LANES).compare(VectorOperators.LT, (float) (end + COUNT - in)))
          .intoMemorySegment(y, out * Float.BYTES, ORDER);
      row += toStep;
      out = row;
      in = next;
      next += width;
    } while (in < from + count);
  }

  /** As {@link #addTo}, with a factor: adds {@code fma(x, factor, 0)}. */
  static void addProductTo(
      MemorySegment y,
      long to,
      long toStep,
      long width,
      MemorySegment x,
      long from,
      long count,
      float factor) {
    y = Lanes.memory(y);
    x = Lanes.memory(x);
    long row = to;
    long out = to;
    long in = from;
    long next = from + width;
    FloatVector factors = FloatVector.broadcast(F32, factor);
    FloatVector zero = FloatVector.zero(F32);
    do {
      long end = next - COUNT;
      for (; in < end; in += COUNT) {
        FLOATS
            .cast(FloatVector.fromMemorySegment(F32, y, out * Float.BYTES, ORDER))
            .add(
                FLOATS
                    .cast(FloatVector.fromMemorySegment(F32, x, in * Float.BYTES, ORDER))
                    .fma(factors, zero))
            .intoMemorySegment(y, out * Float.BYTES, ORDER);
        out += COUNT;
      }
      FloatVector old =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, y, out * Float.BYTES, ORDER));
      old.blend(
              old.add(
                  FLOATS
                      .cast(FloatVector.fromMemorySegment(F32, x, in * Float.BYTES, ORDER))
                      .fma(factors, zero)),
              FLOATS.cast(LANES).compare(VectorOperators.LT, (float) (end + COUNT - in)))
          .intoMemorySegment(y, out * Float.BYTES, ORDER);
      row += toStep;
      out = row;
      in = next;
      next += width;
    } while (in < from + count);
  }
}
