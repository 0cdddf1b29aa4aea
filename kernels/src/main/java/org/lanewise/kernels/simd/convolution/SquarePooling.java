package org.lanewise.kernels.simd.convolution;

import static org.lanewise.kernels.simd.Lanes.COUNT;
import static org.lanewise.kernels.simd.Lanes.F32;
import static org.lanewise.kernels.simd.Lanes.FLOAT;
import static org.lanewise.kernels.simd.Lanes.FLOATS;
import static org.lanewise.kernels.simd.Lanes.I32;
import static org.lanewise.kernels.simd.Lanes.INT;
import static org.lanewise.kernels.simd.Lanes.INTS;
import static org.lanewise.kernels.simd.Lanes.ORDER;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import org.lanewise.kernels.host.PoolingShape;
import org.lanewise.kernels.op.Window;
import org.lanewise.kernels.simd.Lanes;

/**
 * The largest elements of the squares of 2 × 2 that a plane is divided into, straight from memory
 * to memory. Nothing is checked.
 */
final class SquarePooling {
  /** The one window that this is for. */
  static final Window WINDOW = Window.of(2).withStride(2);

  // Indices into two vectors, counted on from the first into the second
  private static final FloatVector EVEN = FloatVector.zero(F32).addIndex(2);
  private static final FloatVector ODD = EVEN.add(1f);

  /** The columns where the squares of a vector begin. */
  private static final IntVector COLUMNS = IntVector.zero(I32).addIndex(2);

  private SquarePooling() {}

  static void max(
      PoolingShape shape,
      MemorySegment x,
      MemorySegment y,
      MemorySegment indices,
      long from,
      long to) {
    long width = shape.width();
    long outputHeight = shape.outputHeight();
    long outputWidth = shape.outputWidth();
    for (long plane = from; plane < to; plane++) {
      long in = plane * shape.plane();
      long out = plane * shape.outputPlane();
      long rows = outputHeight;
      if (outputWidth < COUNT) {
        rows = Math.min(rows, rowsInside(shape, to - plane));
      }
      if (rows > 0) {
        maxOfRows(x, in, width, y, indices, out, outputWidth, rows);
      }
      for (long row = rows; row < outputHeight; row++) {
        maxOfRow(x, in, row, width, y, indices, out + row * outputWidth, outputWidth);
      }
    }
  }

  /**
   * How many rows, from the first of so many planes on, are followed by what a vector of a narrow
   * row reads and writes beyond its end, which is overwritten then.
   */
  private static long rowsInside(PoolingShape shape, long planes) {
    long outputs = planes * shape.outputPlane() - COUNT;
    long inputs = planes * shape.plane() - shape.width() - 2 * COUNT;
    return outputs < 0 || inputs < 0
        ? 0
        : 1 + Math.min(outputs / shape.outputWidth(), inputs / (2 * shape.width()));
  }

  /**
   * Rows of vectors, of which the last one ends with the row, or begins with it if it is narrow.
   */
  private static void maxOfRows(
      MemorySegment x,
      long from,
      long width,
      MemorySegment y,
      MemorySegment indices,
      long to,
      long outputWidth,
      long rows) {
    x = Lanes.memory(x);
    y = Lanes.memory(y);
    indices = Lanes.memory(indices);
    FloatVector even = FLOATS.cast(EVEN);
    FloatVector odd = FLOATS.cast(ODD);
    FloatVector right = FloatVector.broadcast(F32, Float.intBitsToFloat(1));
    FloatVector below = FloatVector.broadcast(F32, Float.intBitsToFloat((int) width));
    FloatVector diagonal = FloatVector.broadcast(F32, Float.intBitsToFloat((int) width + 1));
    long last = Math.max(0, outputWidth - COUNT);
    long row = 0;
    long j = 0;
    while (row != rows) {
      long in = 2 * (row * width + j);
      long out = to + row * outputWidth + j;
      FloatVector a =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, x, (from + in) * Float.BYTES, ORDER));
      FloatVector b =
          FLOATS.cast(
              FloatVector.fromMemorySegment(F32, x, (from + in + COUNT) * Float.BYTES, ORDER));
      FloatVector c =
          FLOATS.cast(
              FloatVector.fromMemorySegment(F32, x, (from + in + width) * Float.BYTES, ORDER));
      FloatVector d =
          FLOATS.cast(
              FloatVector.fromMemorySegment(
                  F32, x, (from + in + width + COUNT) * Float.BYTES, ORDER));
      FloatVector largest = even.selectFrom(a, b);
      FloatVector value = odd.selectFrom(a, b);
      var larger =
          value.compare(VectorOperators.GT, largest).or(value.compare(VectorOperators.NE, value));
      largest = largest.blend(value, larger);
      FloatVector places = FLOATS.cast(FloatVector.zero(F32)).blend(right, larger);
      value = even.selectFrom(c, d);
      larger =
          value.compare(VectorOperators.GT, largest).or(value.compare(VectorOperators.NE, value));
      largest = largest.blend(value, larger);
      places = places.blend(below, larger);
      value = odd.selectFrom(c, d);
      larger =
          value.compare(VectorOperators.GT, largest).or(value.compare(VectorOperators.NE, value));
      largest.blend(value, larger).intoMemorySegment(y, out * Float.BYTES, ORDER);
      INTS.cast(places.blend(diagonal, larger).reinterpretShape(I32, 0))
          .add(INTS.cast(COLUMNS))
          .add(INTS.cast(IntVector.broadcast(I32, (int) in)))
          .intoMemorySegment(indices, out * Integer.BYTES, ORDER);
      boolean isLast = j == last;
      row += isLast ? 1 : 0;
      j = isLast ? 0 : Math.min(j + COUNT, last);
    }
  }

  private static void maxOfRow(
      MemorySegment x,
      long plane,
      long row,
      long width,
      MemorySegment y,
      MemorySegment indices,
      long to,
      long outputWidth) {
    for (long j = 0; j < outputWidth; j++) {
      long first = 2 * (row * width + j);
      long index = first;
      float largest = x.getAtIndex(FLOAT, plane + first);
      for (int t = 1; t < 4; t++) {
        long place = first + t % 2 + t / 2 * width;
        float value = x.getAtIndex(FLOAT, plane + place);
        if (value > largest || value != value) {
          largest = value;
          index = place;
        }
      }
      y.setAtIndex(FLOAT, to + j, largest);
      indices.setAtIndex(INT, to + j, (int) index);
    }
  }
}
