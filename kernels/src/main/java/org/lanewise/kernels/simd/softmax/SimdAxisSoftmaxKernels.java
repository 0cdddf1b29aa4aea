package org.lanewise.kernels.simd.softmax;

import static org.lanewise.kernels.simd.Lanes.COUNT;
import static org.lanewise.kernels.simd.Lanes.F32;
import static org.lanewise.kernels.simd.Lanes.FLOATS;
import static org.lanewise.kernels.simd.Lanes.ORDER;
import static org.lanewise.kernels.simd.Lanes.vectorEnd;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import org.lanewise.kernels.host.AxisSoftmaxKernels;
import org.lanewise.kernels.scalar.ScalarAxisSoftmaxKernels;
import org.lanewise.kernels.simd.Lanes;
import org.lanewise.kernels.simd.Scratch;

/**
 * Softmax over the middle axis of three, up to a chunk of neighbouring columns at once, along which
 * vectors lie. Nothing is checked.
 */
public final class SimdAxisSoftmaxKernels implements AxisSoftmaxKernels {
  /** The only instance. */
  public static final SimdAxisSoftmaxKernels INSTANCE = new SimdAxisSoftmaxKernels();

  private SimdAxisSoftmaxKernels() {}

  @Override
  public void softmax(MemorySegment x, MemorySegment y, long axis, long inner, long from, long to) {
    Scratch scratch = Scratch.ofThread();
    for (long c = from; c < to; ) {
      long end = Math.min(to, (c / inner + 1) * inner);
      long vectorsEnd = vectorEnd(c, end);
      while (c < vectorsEnd) {
        long count = Math.min(Scratch.CHUNK, vectorsEnd - c);
        softmax(x, y, c / inner * axis * inner + c % inner, axis, inner, count, scratch);
        c += count;
      }
      ScalarAxisSoftmaxKernels.INSTANCE.softmax(x, y, axis, inner, c, end);
      c = end;
    }
  }

  private static void softmax(
      MemorySegment x,
      MemorySegment y,
      long first,
      long axis,
      long inner,
      long count,
      Scratch scratch) {
    MemorySegment shifts = scratch.chunk;
    MemorySegment sums = scratch.tile;
    fill(shifts, Float.NEGATIVE_INFINITY, count);
    for (long k = 0; k < axis; k++) {
      maxima(x, first + k * inner, shifts, count);
    }
    replaceInfinity(shifts, count);
    fill(sums, 0f, count);
    for (long k = 0; k < axis; k++) {
      long from = first + k * inner;
      SoftmaxLoops.expAndSums(x, y, from, shifts, sums, count);
    }
    invert(sums, count);
    for (long k = 0; k < axis; k++) {
      scale(y, first + k * inner, sums, count);
    }
  }

  private static void fill(MemorySegment x, float value, long count) {
    x = Lanes.memory(x);
    for (long j = 0; j < count; j += COUNT) {
      FLOATS.cast(FloatVector.broadcast(F32, value)).intoMemorySegment(x, j * Float.BYTES, ORDER);
    }
  }

  private static void maxima(MemorySegment x, long from, MemorySegment maxima, long count) {
    x = Lanes.memory(x);
    maxima = Lanes.memory(maxima);
    for (long j = 0; j < count; j += COUNT) {
      FloatVector value =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, x, (from + j) * Float.BYTES, ORDER));
      FloatVector maximum =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, maxima, j * Float.BYTES, ORDER));
      maximum
          .blend(value, value.compare(VectorOperators.GT, maximum))
          .intoMemorySegment(maxima, j * Float.BYTES, ORDER);
    }
  }

  /** As −∞ less −∞ is NaN. */
  private static void replaceInfinity(MemorySegment x, long count) {
    x = Lanes.memory(x);
    for (long j = 0; j < count; j += COUNT) {
      FloatVector value =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, x, j * Float.BYTES, ORDER));
      value
          .blend(0f, value.compare(VectorOperators.EQ, Float.NEGATIVE_INFINITY))
          .intoMemorySegment(x, j * Float.BYTES, ORDER);
    }
  }

  private static void invert(MemorySegment x, long count) {
    x = Lanes.memory(x);
    for (long j = 0; j < count; j += COUNT) {
      FLOATS
          .cast(FloatVector.broadcast(F32, 1f))
          .div(FLOATS.cast(FloatVector.fromMemorySegment(F32, x, j * Float.BYTES, ORDER)))
          .intoMemorySegment(x, j * Float.BYTES, ORDER);
    }
  }

  private static void scale(MemorySegment y, long from, MemorySegment factors, long count) {
    y = Lanes.memory(y);
    factors = Lanes.memory(factors);
    for (long j = 0; j < count; j += COUNT) {
      FLOATS
          .cast(FloatVector.fromMemorySegment(F32, y, (from + j) * Float.BYTES, ORDER))
          .mul(FLOATS.cast(FloatVector.fromMemorySegment(F32, factors, j * Float.BYTES, ORDER)))
          .intoMemorySegment(y, (from + j) * Float.BYTES, ORDER);
    }
  }

  @Override
  public void softmaxBackward(
      boolean accumulate,
      MemorySegment y,
      MemorySegment dy,
      MemorySegment dx,
      long axis,
      long inner,
      long from,
      long to) {
    MemorySegment sums = Scratch.ofThread().chunk;
    for (long c = from; c < to; ) {
      long end = Math.min(to, (c / inner + 1) * inner);
      long vectorsEnd = vectorEnd(c, end);
      while (c < vectorsEnd) {
        long count = Math.min(Scratch.CHUNK, vectorsEnd - c);
        long first = c / inner * axis * inner + c % inner;
        backward(accumulate, y, dy, dx, first, axis, inner, count, sums);
        c += count;
      }
      ScalarAxisSoftmaxKernels.INSTANCE.softmaxBackward(accumulate, y, dy, dx, axis, inner, c, end);
      c = end;
    }
  }

  private static void backward(
      boolean accumulate,
      MemorySegment y,
      MemorySegment dy,
      MemorySegment dx,
      long first,
      long axis,
      long inner,
      long count,
      MemorySegment sums) {
    fill(sums, 0f, count);
    for (long k = 0; k < axis; k++) {
      addProducts(y, dy, first + k * inner, sums, count);
    }
    for (long k = 0; k < axis; k++) {
      if (accumulate) {
        addGradients(y, dy, dx, first + k * inner, sums, count);
      } else {
        gradients(y, dy, dx, first + k * inner, sums, count);
      }
    }
  }

  private static void addProducts(
      MemorySegment y, MemorySegment dy, long from, MemorySegment sums, long count) {
    y = Lanes.memory(y);
    dy = Lanes.memory(dy);
    sums = Lanes.memory(sums);
    for (long j = 0; j < count; j += COUNT) {
      FloatVector softmax =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, y, (from + j) * Float.BYTES, ORDER));
      FLOATS
          .cast(FloatVector.fromMemorySegment(F32, dy, (from + j) * Float.BYTES, ORDER))
          .blend(0f, softmax.compare(VectorOperators.EQ, 0f))
          .fma(softmax, FloatVector.fromMemorySegment(F32, sums, j * Float.BYTES, ORDER))
          .intoMemorySegment(sums, j * Float.BYTES, ORDER);
    }
  }

  private static void gradients(
      MemorySegment y,
      MemorySegment dy,
      MemorySegment dx,
      long from,
      MemorySegment sums,
      long count) {
    y = Lanes.memory(y);
    dy = Lanes.memory(dy);
    dx = Lanes.memory(dx);
    sums = Lanes.memory(sums);
    for (long j = 0; j < count; j += COUNT) {
      FloatVector softmax =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, y, (from + j) * Float.BYTES, ORDER));
      FloatVector gradient =
          FLOATS
              .cast(FloatVector.fromMemorySegment(F32, dy, (from + j) * Float.BYTES, ORDER))
              .sub(FLOATS.cast(FloatVector.fromMemorySegment(F32, sums, j * Float.BYTES, ORDER)))
              .mul(softmax)
              .blend(0f, softmax.compare(VectorOperators.EQ, 0f));
      gradient.intoMemorySegment(dx, (from + j) * Float.BYTES, ORDER);
    }
  }

  private static void addGradients(
      MemorySegment y,
      MemorySegment dy,
      MemorySegment dx,
      long from,
      MemorySegment sums,
      long count) {
    y = Lanes.memory(y);
    dy = Lanes.memory(dy);
    dx = Lanes.memory(dx);
    sums = Lanes.memory(sums);
    for (long j = 0; j < count; j += COUNT) {
      FloatVector softmax =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, y, (from + j) * Float.BYTES, ORDER));
      FloatVector gradient =
          FLOATS
              .cast(FloatVector.fromMemorySegment(F32, dy, (from + j) * Float.BYTES, ORDER))
              .sub(FLOATS.cast(FloatVector.fromMemorySegment(F32, sums, j * Float.BYTES, ORDER)))
              .mul(softmax)
              .blend(0f, softmax.compare(VectorOperators.EQ, 0f));
      FLOATS
          .cast(FloatVector.fromMemorySegment(F32, dx, (from + j) * Float.BYTES, ORDER))
          .add(gradient)
          .intoMemorySegment(dx, (from + j) * Float.BYTES, ORDER);
    }
  }
}
