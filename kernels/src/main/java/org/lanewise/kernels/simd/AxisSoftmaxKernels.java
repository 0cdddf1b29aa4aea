package org.lanewise.kernels.simd;

import static org.lanewise.kernels.simd.Lanes.COUNT;
import static org.lanewise.kernels.simd.Lanes.F32;
import static org.lanewise.kernels.simd.Lanes.FLOATS;
import static org.lanewise.kernels.simd.Lanes.ORDER;
import static org.lanewise.kernels.simd.Lanes.vectorEnd;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import org.lanewise.kernels.scalar.ScalarAxisSoftmaxKernels;

/**
 * Softmax over the middle axis of [outer, axis, inner], as many neighbouring columns at once as a
 * vector has lanes. A range counts the outer · inner columns, as in {@link
 * ScalarAxisSoftmaxKernels}. Nothing is checked.
 */
public final class AxisSoftmaxKernels {
  private AxisSoftmaxKernels() {}

  /** {@code y = exp(x − max) / Σ exp(x − max)} in each column; y may be x. */
  public static void softmax(
      MemorySegment x, MemorySegment y, long axis, long inner, long from, long to) {
    if (axis == 0) {
      return;
    }
    MemorySegment lanes = Scratch.ofThread().lanes;
    for (long c = from; c < to; ) {
      long end = Math.min(to, (c / inner + 1) * inner);
      long vectorsEnd = vectorEnd(c, end);
      for (; c < vectorsEnd; c += COUNT) {
        long first = c / inner * axis * inner + c % inner;
        shifts(x, first, axis, inner, lanes);
        SoftmaxLoops.expAndInverse(x, y, first, axis, inner, lanes);
        scale(y, first, axis, inner, lanes);
      }
      ScalarAxisSoftmaxKernels.softmax(x, y, axis, inner, c, end);
      c = end;
    }
  }

  private static void shifts(
      MemorySegment x, long from, long count, long stride, MemorySegment shift) {
    FloatVector least = FloatVector.broadcast(F32, Float.NEGATIVE_INFINITY);
    FloatVector maxima = least;
    for (long k = 0; k < count; k++) {
      FloatVector value =
          FLOATS.cast(
              FloatVector.fromMemorySegment(F32, x, (from + k * stride) * Float.BYTES, ORDER));
      maxima = FLOATS.cast(maxima).blend(value, value.compare(VectorOperators.GT, maxima));
    }
    maxima = FLOATS.cast(maxima);
    maxima
        .blend(0f, maxima.compare(VectorOperators.EQ, Float.NEGATIVE_INFINITY))
        .intoMemorySegment(shift, 0, ORDER);
  }

  private static void scale(
      MemorySegment y, long from, long count, long stride, MemorySegment factor) {
    FloatVector factors = FLOATS.cast(FloatVector.fromMemorySegment(F32, factor, 0, ORDER));
    for (long k = 0; k < count; k++) {
      long at = from + k * stride;
      FLOATS
          .cast(FloatVector.fromMemorySegment(F32, y, at * Float.BYTES, ORDER))
          .mul(factors)
          .intoMemorySegment(y, at * Float.BYTES, ORDER);
    }
  }

  /** {@code dx = y · (dy − Σ dy · y)}, or {@code dx += …}, in each column; dx may be dy. */
  public static void softmaxBackward(
      boolean accumulate,
      MemorySegment y,
      MemorySegment dy,
      MemorySegment dx,
      long axis,
      long inner,
      long from,
      long to) {
    if (axis == 0) {
      return;
    }
    MemorySegment lanes = Scratch.ofThread().lanes;
    for (long c = from; c < to; ) {
      long end = Math.min(to, (c / inner + 1) * inner);
      long vectorsEnd = vectorEnd(c, end);
      for (; c < vectorsEnd; c += COUNT) {
        long first = c / inner * axis * inner + c % inner;
        dots(y, dy, first, axis, inner, lanes);
        if (accumulate) {
          addGradients(y, dy, dx, first, axis, inner, lanes);
        } else {
          gradients(y, dy, dx, first, axis, inner, lanes);
        }
      }
      ScalarAxisSoftmaxKernels.softmaxBackward(accumulate, y, dy, dx, axis, inner, c, end);
      c = end;
    }
  }

  private static void dots(
      MemorySegment y, MemorySegment dy, long from, long count, long stride, MemorySegment sum) {
    FloatVector sums = FloatVector.zero(F32);
    for (long k = 0; k < count; k++) {
      long at = from + k * stride;
      sums =
          FLOATS
              .cast(FloatVector.fromMemorySegment(F32, dy, at * Float.BYTES, ORDER))
              .fma(FloatVector.fromMemorySegment(F32, y, at * Float.BYTES, ORDER), sums);
    }
    FLOATS.cast(sums).intoMemorySegment(sum, 0, ORDER);
  }

  private static void gradients(
      MemorySegment y,
      MemorySegment dy,
      MemorySegment dx,
      long from,
      long count,
      long stride,
      MemorySegment sum) {
    FloatVector sums = FLOATS.cast(FloatVector.fromMemorySegment(F32, sum, 0, ORDER));
    for (long k = 0; k < count; k++) {
      long at = from + k * stride;
      FloatVector gradient =
          FLOATS
              .cast(FloatVector.fromMemorySegment(F32, dy, at * Float.BYTES, ORDER))
              .sub(sums)
              .mul(FLOATS.cast(FloatVector.fromMemorySegment(F32, y, at * Float.BYTES, ORDER)));
      gradient.intoMemorySegment(dx, at * Float.BYTES, ORDER);
    }
  }

  private static void addGradients(
      MemorySegment y,
      MemorySegment dy,
      MemorySegment dx,
      long from,
      long count,
      long stride,
      MemorySegment sum) {
    FloatVector sums = FLOATS.cast(FloatVector.fromMemorySegment(F32, sum, 0, ORDER));
    for (long k = 0; k < count; k++) {
      long at = from + k * stride;
      FloatVector gradient =
          FLOATS
              .cast(FloatVector.fromMemorySegment(F32, dy, at * Float.BYTES, ORDER))
              .sub(sums)
              .mul(FLOATS.cast(FloatVector.fromMemorySegment(F32, y, at * Float.BYTES, ORDER)));
      FLOATS
          .cast(FloatVector.fromMemorySegment(F32, dx, at * Float.BYTES, ORDER))
          .add(gradient)
          .intoMemorySegment(dx, at * Float.BYTES, ORDER);
    }
  }
}
