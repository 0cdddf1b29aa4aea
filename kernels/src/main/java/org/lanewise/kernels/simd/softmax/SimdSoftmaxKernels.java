package org.lanewise.kernels.simd.softmax;

import static org.lanewise.kernels.simd.Lanes.COUNT;
import static org.lanewise.kernels.simd.Lanes.F32;
import static org.lanewise.kernels.simd.Lanes.FLOAT;
import static org.lanewise.kernels.simd.Lanes.FLOATS;
import static org.lanewise.kernels.simd.Lanes.ORDER;
import static org.lanewise.kernels.simd.Lanes.vectorEnd;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import org.lanewise.kernels.host.SoftmaxKernels;
import org.lanewise.kernels.scalar.ScalarMath;
import org.lanewise.kernels.scalar.ScalarSoftmaxKernels;
import org.lanewise.kernels.simd.Lanes;
import org.lanewise.kernels.simd.Scratch;

/** Softmax and log-sum-exp of rows. Nothing is checked. */
public final class SimdSoftmaxKernels implements SoftmaxKernels {
  /** The only instance. */
  public static final SimdSoftmaxKernels INSTANCE = new SimdSoftmaxKernels();

  private SimdSoftmaxKernels() {}

  @Override
  public void softmax(MemorySegment x, MemorySegment y, long columns, long rowFrom, long rowTo) {
    Scratch scratch = Scratch.ofThread();
    for (long i = rowFrom; i < rowTo; i++) {
      long from = i * columns;
      long to = from + columns;
      float shift = RowExp.shift(x, from, to, scratch);
      scale(y, from, to, 1f / RowExp.exp(x, y, from, to, shift, scratch));
    }
  }

  /** {@code y *= factor} for elements {@code from ≤ j < to}. */
  static void scale(MemorySegment y, long from, long to, float factor) {
    long end = vectorEnd(from, to);
    scaleVectors(y, from, end, factor);
    for (long j = end; j < to; j++) {
      y.setAtIndex(FLOAT, j, y.getAtIndex(FLOAT, j) * factor);
    }
  }

  private static void scaleVectors(MemorySegment y, long from, long to, float factor) {
    if (from == to) {
      return;
    }
    y = Lanes.memory(y);
    for (long j = from; j < to; j += COUNT) {
      FLOATS
          .cast(FloatVector.fromMemorySegment(F32, y, j * Float.BYTES, ORDER))
          .mul(factor)
          .intoMemorySegment(y, j * Float.BYTES, ORDER);
    }
  }

  @Override
  public void normalizers(
      MemorySegment x, MemorySegment normalizers, long columns, long rowFrom, long rowTo) {
    Scratch scratch = Scratch.ofThread();
    for (long i = rowFrom; i < rowTo; i++) {
      long from = i * columns;
      long to = from + columns;
      float shift = RowExp.shift(x, from, to, scratch);
      float sum = RowExp.sumOfExp(x, from, to, shift, scratch);
      ScalarSoftmaxKernels.store(shift, sum, normalizers, i);
    }
  }

  @Override
  public void logSumExp(
      MemorySegment x, MemorySegment lse, long columns, long rowFrom, long rowTo) {
    Scratch scratch = Scratch.ofThread();
    for (long i = rowFrom; i < rowTo; i++) {
      long from = i * columns;
      long to = from + columns;
      float shift = RowExp.shift(x, from, to, scratch);
      float sum = RowExp.sumOfExp(x, from, to, shift, scratch);
      lse.setAtIndex(FLOAT, i, shift + ScalarMath.log(sum));
    }
  }

  @Override
  public void logSoftmax(MemorySegment x, MemorySegment y, long columns, long rowFrom, long rowTo) {
    Scratch scratch = Scratch.ofThread();
    for (long i = rowFrom; i < rowTo; i++) {
      long from = i * columns;
      long to = from + columns;
      long end = vectorEnd(from, to);
      float shift = RowExp.shift(x, from, to, scratch);
      float log = ScalarMath.log(RowExp.sumOfExp(x, from, to, shift, scratch));
      subtract(x, shift, log, y, from, end);
      for (long j = end; j < to; j++) {
        y.setAtIndex(FLOAT, j, x.getAtIndex(FLOAT, j) - shift - log);
      }
    }
  }

  private static void subtract(
      MemorySegment x, float shift, float log, MemorySegment y, long from, long to) {
    if (from == to) {
      return;
    }
    x = Lanes.memory(x);
    y = Lanes.memory(y);
    for (long j = from; j < to; j += COUNT) {
      FLOATS
          .cast(FloatVector.fromMemorySegment(F32, x, j * Float.BYTES, ORDER))
          .sub(shift)
          .sub(log)
          .intoMemorySegment(y, j * Float.BYTES, ORDER);
    }
  }
}
