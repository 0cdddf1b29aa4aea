package org.lanewise.kernels.scalar;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.host.AxisSoftmaxKernels;

/** Softmax over the middle axis of three, one element after the other. */
public final class ScalarAxisSoftmaxKernels implements AxisSoftmaxKernels {
  /** The only instance. */
  public static final ScalarAxisSoftmaxKernels INSTANCE = new ScalarAxisSoftmaxKernels();

  private ScalarAxisSoftmaxKernels() {}

  @Override
  public void softmax(MemorySegment x, MemorySegment y, long axis, long inner, long from, long to) {
    for (long c = from; c < to; c++) {
      long first = first(c, axis, inner);
      long end = first + axis * inner;
      float max = Float.NEGATIVE_INFINITY;
      for (long j = first; j < end; j += inner) {
        max = Math.max(max, x.getAtIndex(JAVA_FLOAT, j));
      }
      float shift = max == Float.NEGATIVE_INFINITY ? 0f : max;
      float sum = 0f;
      for (long j = first; j < end; j += inner) {
        float e = ScalarSoftmaxKernels.exp(x.getAtIndex(JAVA_FLOAT, j) - shift);
        y.setAtIndex(JAVA_FLOAT, j, e);
        sum += e;
      }
      float factor = 1f / sum;
      for (long j = first; j < end; j += inner) {
        y.setAtIndex(JAVA_FLOAT, j, y.getAtIndex(JAVA_FLOAT, j) * factor);
      }
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
    for (long c = from; c < to; c++) {
      long first = first(c, axis, inner);
      float sum = 0f;
      for (long k = 0; k < axis; k++) {
        sum = ScalarSoftmaxKernels.addProduct(sum, y, dy, first + k * inner);
      }
      for (long k = 0; k < axis; k++) {
        long j = first + k * inner;
        ScalarSoftmaxKernels.softmaxGradient(accumulate, y, dy, sum, dx, j, j + 1);
      }
    }
  }

  private static long first(long column, long axis, long inner) {
    return column / inner * axis * inner + column % inner;
  }
}
