package org.lanewise.kernels.scalar;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;

/** Softmax and log-sum-exp of rows, one element after the other. */
public final class ScalarSoftmaxKernels {
  private ScalarSoftmaxKernels() {}

  /**
   * {@code y = exp(x − max) / Σ exp(x − max)} in each row {@code rowFrom ≤ i < rowTo}; y may be x.
   */
  public static void softmax(
      MemorySegment x, MemorySegment y, long columns, long rowFrom, long rowTo) {
    for (long i = rowFrom; i < rowTo; i++) {
      float shift = shift(x, i, columns);
      float sum = sumOfExp(x, i, columns, shift);
      for (long j = 0; j < columns; j++) {
        float e = ScalarMath.exp(x.getAtIndex(JAVA_FLOAT, i * columns + j) - shift);
        y.setAtIndex(JAVA_FLOAT, i * columns + j, e / sum);
      }
    }
  }

  /** {@code lse = max + log(Σ exp(x − max))} of each row {@code rowFrom ≤ i < rowTo}. */
  public static void logSumExp(
      MemorySegment x, MemorySegment lse, long columns, long rowFrom, long rowTo) {
    for (long i = rowFrom; i < rowTo; i++) {
      float shift = shift(x, i, columns);
      float sum = sumOfExp(x, i, columns, shift);
      lse.setAtIndex(JAVA_FLOAT, i, shift + ScalarMath.log(sum));
    }
  }

  /**
   * The row's maximum, which keeps the exponentials from overflowing; 0 if all elements are −∞, so
   * that their exponentials are 0.
   */
  private static float shift(MemorySegment x, long row, long columns) {
    float max = Float.NEGATIVE_INFINITY;
    for (long j = 0; j < columns; j++) {
      max = Math.max(max, x.getAtIndex(JAVA_FLOAT, row * columns + j));
    }
    return max == Float.NEGATIVE_INFINITY ? 0f : max;
  }

  private static float sumOfExp(MemorySegment x, long row, long columns, float shift) {
    float[] lanes = new float[VirtualLanes.COUNT];
    for (long j = 0; j < columns; j++) {
      lanes[(int) (j % VirtualLanes.COUNT)] +=
          ScalarMath.exp(x.getAtIndex(JAVA_FLOAT, row * columns + j) - shift);
    }
    return VirtualLanes.sum(lanes);
  }
}
