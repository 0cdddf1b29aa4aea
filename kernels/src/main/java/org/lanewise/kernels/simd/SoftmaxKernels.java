package org.lanewise.kernels.simd;

import static org.lanewise.kernels.simd.Lanes.COUNT;
import static org.lanewise.kernels.simd.Lanes.F32;
import static org.lanewise.kernels.simd.Lanes.FLOAT;
import static org.lanewise.kernels.simd.Lanes.FLOATS;
import static org.lanewise.kernels.simd.Lanes.ORDER;
import static org.lanewise.kernels.simd.Lanes.vectorEnd;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import org.lanewise.kernels.scalar.ScalarMath;

/** Softmax and log-sum-exp of rows. Nothing is checked. */
public final class SoftmaxKernels {
  private SoftmaxKernels() {}

  /**
   * {@code y = exp(x − max) / Σ exp(x − max)} in each row {@code rowFrom ≤ i < rowTo}; y may be x.
   */
  public static void softmax(
      MemorySegment x, MemorySegment y, long columns, long rowFrom, long rowTo) {
    Scratch scratch = Scratch.ofThread();
    for (long i = rowFrom; i < rowTo; i++) {
      long from = i * columns;
      long to = from + columns;
      float shift = RowExp.shift(x, from, to, scratch);
      divide(y, from, to, RowExp.exp(x, y, from, to, shift, scratch));
    }
  }

  private static void divide(MemorySegment y, long from, long to, float divisor) {
    long end = vectorEnd(from, to);
    for (long j = from; j < end; j += COUNT) {
      FLOATS
          .cast(FloatVector.fromMemorySegment(F32, y, j * Float.BYTES, ORDER))
          .div(divisor)
          .intoMemorySegment(y, j * Float.BYTES, ORDER);
    }
    for (long j = end; j < to; j++) {
      y.setAtIndex(FLOAT, j, y.getAtIndex(FLOAT, j) / divisor);
    }
  }

  /** {@code lse = max + log(Σ exp(x − max))} of each row {@code rowFrom ≤ i < rowTo}. */
  public static void logSumExp(
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
}
