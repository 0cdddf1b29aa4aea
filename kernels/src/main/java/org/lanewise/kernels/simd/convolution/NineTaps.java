package org.lanewise.kernels.simd.convolution;

import static org.lanewise.kernels.simd.Lanes.COUNT;
import static org.lanewise.kernels.simd.Lanes.F32;
import static org.lanewise.kernels.simd.Lanes.FLOAT;
import static org.lanewise.kernels.simd.Lanes.FLOATS;
import static org.lanewise.kernels.simd.Lanes.ORDER;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import org.lanewise.kernels.host.ConvolutionShape;
import org.lanewise.kernels.simd.Lanes;

/**
 * Depthwise convolutions with windows of 3 × 3, whose nine weights stay in registers. Nothing is
 * checked.
 */
final class NineTaps {
  private NineTaps() {}

  /**
   * Whether a convolution's filters have these windows of a single channel, in rows of whole
   * vectors. A matrix product of such a depth would mostly load and store its tiles.
   */
  static boolean fits(ConvolutionShape shape) {
    return shape.depth() == 9
        && shape.window().kernelHeight() == 3
        && shape.window().kernelWidth() == 3
        && shape.outputWidth() >= COUNT;
  }

  /**
   * Writes the sums of windows' products, from the first element on, plus a bias. The last vector
   * of a row ends with the row.
   *
   * @param width windows of a row, at least {@link Lanes#COUNT}
   */
  static void sums(
      WindowRows windows,
      MemorySegment weight,
      long filter,
      float bias,
      MemorySegment y,
      long to,
      long toStep,
      long rows,
      long width) {
    long first = windows.at(0);
    sums(
        windows.memory,
        first,
        windows.rowStep,
        windows.at(1) - first,
        windows.at(2) - first,
        windows.at(3) - first,
        weight,
        filter,
        bias,
        y,
        to,
        toStep,
        rows,
        width);
  }

  private static void sums(
      MemorySegment x,
      long from,
      long fromStep,
      long second,
      long third,
      long line,
      MemorySegment weight,
      long filter,
      float bias,
      MemorySegment y,
      long to,
      long toStep,
      long rows,
      long width) {
    FloatVector w0 = FloatVector.broadcast(F32, weight.getAtIndex(FLOAT, filter));
    FloatVector w1 = FloatVector.broadcast(F32, weight.getAtIndex(FLOAT, filter + 1));
    FloatVector w2 = FloatVector.broadcast(F32, weight.getAtIndex(FLOAT, filter + 2));
    FloatVector w3 = FloatVector.broadcast(F32, weight.getAtIndex(FLOAT, filter + 3));
    FloatVector w4 = FloatVector.broadcast(F32, weight.getAtIndex(FLOAT, filter + 4));
    FloatVector w5 = FloatVector.broadcast(F32, weight.getAtIndex(FLOAT, filter + 5));
    FloatVector w6 = FloatVector.broadcast(F32, weight.getAtIndex(FLOAT, filter + 6));
    FloatVector w7 = FloatVector.broadcast(F32, weight.getAtIndex(FLOAT, filter + 7));
    FloatVector w8 = FloatVector.broadcast(F32, weight.getAtIndex(FLOAT, filter + 8));
    FloatVector zero = FloatVector.zero(F32);
    FloatVector biases = FloatVector.broadcast(F32, bias);
    x = Lanes.memory(x);
    y = Lanes.memory(y);
    long last = width - COUNT;
    long row = 0;
    long j = 0;
    while (row != rows) {
      long in = from + row * fromStep + j;
      FloatVector sum =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, x, in * Float.BYTES, ORDER)).fma(w0, zero);
      sum =
          FLOATS
              .cast(FloatVector.fromMemorySegment(F32, x, (in + second) * Float.BYTES, ORDER))
              .fma(w1, sum);
      sum =
          FLOATS
              .cast(FloatVector.fromMemorySegment(F32, x, (in + third) * Float.BYTES, ORDER))
              .fma(w2, sum);
      in += line;
      sum =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, x, in * Float.BYTES, ORDER)).fma(w3, sum);
      sum =
          FLOATS
              .cast(FloatVector.fromMemorySegment(F32, x, (in + second) * Float.BYTES, ORDER))
              .fma(w4, sum);
      sum =
          FLOATS
              .cast(FloatVector.fromMemorySegment(F32, x, (in + third) * Float.BYTES, ORDER))
              .fma(w5, sum);
      in += line;
      sum =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, x, in * Float.BYTES, ORDER)).fma(w6, sum);
      sum =
          FLOATS
              .cast(FloatVector.fromMemorySegment(F32, x, (in + second) * Float.BYTES, ORDER))
              .fma(w7, sum);
      FLOATS
          .cast(FloatVector.fromMemorySegment(F32, x, (in + third) * Float.BYTES, ORDER))
          .fma(w8, sum)
          .add(biases)
          .intoMemorySegment(y, (to + row * toStep + j) * Float.BYTES, ORDER);
      boolean isLast = j == last;
      row += isLast ? 1 : 0;
      j = isLast ? 0 : Math.min(j + COUNT, last);
    }
  }
}
