package org.lanewise.kernels.simd.softmax;

import static org.lanewise.kernels.scalar.ScalarSoftmaxKernels.logSoftmaxGradient;
import static org.lanewise.kernels.scalar.ScalarSoftmaxKernels.softmaxGradient;
import static org.lanewise.kernels.simd.Lanes.COUNT;
import static org.lanewise.kernels.simd.Lanes.F32;
import static org.lanewise.kernels.simd.Lanes.FLOATS;
import static org.lanewise.kernels.simd.Lanes.ORDER;
import static org.lanewise.kernels.simd.Lanes.vectorEnd;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import org.lanewise.kernels.host.SoftmaxGradientKernels;
import org.lanewise.kernels.simd.Lanes;
import org.lanewise.kernels.simd.Scratch;
import org.lanewise.kernels.simd.math.ExponentialLoops;
import org.lanewise.kernels.simd.reduction.RowSums;

/** Gradients of softmax and log-softmax of rows. Nothing is checked. */
public final class SimdSoftmaxGradientKernels implements SoftmaxGradientKernels {
  /** The only instance. */
  public static final SimdSoftmaxGradientKernels INSTANCE = new SimdSoftmaxGradientKernels();

  private SimdSoftmaxGradientKernels() {}

  @Override
  public void softmaxBackward(
      boolean accumulate,
      MemorySegment y,
      MemorySegment dy,
      MemorySegment dx,
      long columns,
      long rowFrom,
      long rowTo) {
    Scratch scratch = Scratch.ofThread();
    for (long i = rowFrom; i < rowTo; i++) {
      long from = i * columns;
      long to = from + columns;
      long end = vectorEnd(from, to);
      float sum = RowSums.weightedSum(y, dy, from, to, scratch);
      if (accumulate) {
        addOfSoftmax(y, dy, sum, dx, from, end);
      } else {
        ofSoftmax(y, dy, sum, dx, from, end);
      }
      softmaxGradient(accumulate, y, dy, sum, dx, end, to);
    }
  }

  private static void ofSoftmax(
      MemorySegment y, MemorySegment dy, float sum, MemorySegment dx, long from, long to) {
    if (from == to) {
      return;
    }
    y = Lanes.memory(y);
    dy = Lanes.memory(dy);
    dx = Lanes.memory(dx);
    for (long j = from; j < to; j += COUNT) {
      FloatVector softmax =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, y, j * Float.BYTES, ORDER));
      FloatVector gradient =
          FLOATS
              .cast(FloatVector.fromMemorySegment(F32, dy, j * Float.BYTES, ORDER))
              .sub(sum)
              .mul(softmax)
              .blend(0f, softmax.compare(VectorOperators.EQ, 0f));
      gradient.intoMemorySegment(dx, j * Float.BYTES, ORDER);
    }
  }

  private static void addOfSoftmax(
      MemorySegment y, MemorySegment dy, float sum, MemorySegment dx, long from, long to) {
    if (from == to) {
      return;
    }
    y = Lanes.memory(y);
    dy = Lanes.memory(dy);
    dx = Lanes.memory(dx);
    for (long j = from; j < to; j += COUNT) {
      FloatVector softmax =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, y, j * Float.BYTES, ORDER));
      FloatVector gradient =
          FLOATS
              .cast(FloatVector.fromMemorySegment(F32, dy, j * Float.BYTES, ORDER))
              .sub(sum)
              .mul(softmax)
              .blend(0f, softmax.compare(VectorOperators.EQ, 0f));
      FLOATS
          .cast(FloatVector.fromMemorySegment(F32, dx, j * Float.BYTES, ORDER))
          .add(gradient)
          .intoMemorySegment(dx, j * Float.BYTES, ORDER);
    }
  }

  @Override
  public void logSoftmaxBackward(
      boolean accumulate,
      MemorySegment y,
      MemorySegment dy,
      MemorySegment dx,
      long columns,
      long rowFrom,
      long rowTo) {
    Scratch scratch = Scratch.ofThread();
    for (long i = rowFrom; i < rowTo; i++) {
      long from = i * columns;
      long to = from + columns;
      long end = vectorEnd(from, to);
      float sum = RowSums.sum(dy, from, to, scratch);
      for (long chunk = from; chunk < end; chunk += Scratch.CHUNK) {
        long chunkEnd = Math.min(chunk + Scratch.CHUNK, end);
        ExponentialLoops.exp(y, chunk, 0f, scratch.chunk, 0, chunkEnd - chunk);
        if (accumulate) {
          addOfLogSoftmax(scratch.chunk, dy, -sum, dx, chunk, chunkEnd);
        } else {
          ofLogSoftmax(scratch.chunk, dy, -sum, dx, chunk, chunkEnd);
        }
      }
      logSoftmaxGradient(accumulate, y, dy, sum, dx, end, to);
    }
  }

  private static void ofLogSoftmax(
      MemorySegment exp, MemorySegment dy, float minusSum, MemorySegment dx, long from, long to) {
    if (from == to) {
      return;
    }
    exp = Lanes.memory(exp);
    dy = Lanes.memory(dy);
    dx = Lanes.memory(dx);
    for (long j = from; j < to; j += COUNT) {
      FloatVector gradient =
          FLOATS
              .cast(FloatVector.fromMemorySegment(F32, exp, (j - from) * Float.BYTES, ORDER))
              .fma(
                  FloatVector.broadcast(F32, minusSum),
                  FLOATS.cast(FloatVector.fromMemorySegment(F32, dy, j * Float.BYTES, ORDER)));
      gradient.intoMemorySegment(dx, j * Float.BYTES, ORDER);
    }
  }

  private static void addOfLogSoftmax(
      MemorySegment exp, MemorySegment dy, float minusSum, MemorySegment dx, long from, long to) {
    if (from == to) {
      return;
    }
    exp = Lanes.memory(exp);
    dy = Lanes.memory(dy);
    dx = Lanes.memory(dx);
    for (long j = from; j < to; j += COUNT) {
      FloatVector gradient =
          FLOATS
              .cast(FloatVector.fromMemorySegment(F32, exp, (j - from) * Float.BYTES, ORDER))
              .fma(
                  FloatVector.broadcast(F32, minusSum),
                  FLOATS.cast(FloatVector.fromMemorySegment(F32, dy, j * Float.BYTES, ORDER)));
      FLOATS
          .cast(FloatVector.fromMemorySegment(F32, dx, j * Float.BYTES, ORDER))
          .add(gradient)
          .intoMemorySegment(dx, j * Float.BYTES, ORDER);
    }
  }
}
