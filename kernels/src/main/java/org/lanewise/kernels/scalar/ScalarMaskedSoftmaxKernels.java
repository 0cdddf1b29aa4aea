package org.lanewise.kernels.scalar;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.host.MaskedSoftmaxKernels;

/**
 * Softmax of rows some of whose elements are excluded, one element after the other. A row of which
 * nothing is left becomes 0.
 */
public final class ScalarMaskedSoftmaxKernels implements MaskedSoftmaxKernels {
  /** The only instance. */
  public static final ScalarMaskedSoftmaxKernels INSTANCE = new ScalarMaskedSoftmaxKernels();

  private ScalarMaskedSoftmaxKernels() {}

  @Override
  public void causal(
      MemorySegment x, MemorySegment y, long rows, long columns, long rowFrom, long rowTo) {
    for (long i = rowFrom; i < rowTo; i++) {
      long from = i * columns;
      long to = from + visible(i, rows, columns);
      softmax(x, y, from, to);
      for (long j = to; j < from + columns; j++) {
        y.setAtIndex(JAVA_FLOAT, j, 0f);
      }
    }
  }

  /** The number of columns that a row sees, {@code i} being counted over all matrices. */
  public static long visible(long i, long rows, long columns) {
    long visible = i % rows + 1 + (columns - rows);
    return Math.max(visible, 0);
  }

  @Override
  public void masked(
      MemorySegment x,
      MemorySegment mask,
      MemorySegment y,
      long rows,
      long columns,
      long rowFrom,
      long rowTo) {
    for (long i = rowFrom; i < rowTo; i++) {
      long from = i * columns;
      select(x, mask, y, i / rows * columns, from, from + columns);
      softmax(y, y, from, from + columns);
    }
  }

  /** {@code y = x}, or −∞ where the mask, which begins at {@code maskFrom}, is 0. */
  public static void select(
      MemorySegment x, MemorySegment mask, MemorySegment y, long maskFrom, long from, long to) {
    for (long j = from; j < to; j++) {
      boolean included = mask.getAtIndex(JAVA_INT, maskFrom + (j - from)) != 0;
      y.setAtIndex(JAVA_FLOAT, j, included ? x.getAtIndex(JAVA_FLOAT, j) : Float.NEGATIVE_INFINITY);
    }
  }

  @Override
  public void biased(
      MemorySegment x,
      MemorySegment bias,
      MemorySegment y,
      long rows,
      long columns,
      long rowFrom,
      long rowTo) {
    for (long i = rowFrom; i < rowTo; i++) {
      long from = i * columns;
      add(x, bias, y, i % rows * columns, from, from + columns);
      softmax(y, y, from, from + columns);
    }
  }

  /** {@code y = x + bias}, which begins at {@code biasFrom}. */
  public static void add(
      MemorySegment x, MemorySegment bias, MemorySegment y, long biasFrom, long from, long to) {
    for (long j = from; j < to; j++) {
      y.setAtIndex(
          JAVA_FLOAT,
          j,
          x.getAtIndex(JAVA_FLOAT, j) + bias.getAtIndex(JAVA_FLOAT, biasFrom + (j - from)));
    }
  }

  private static void softmax(MemorySegment x, MemorySegment y, long from, long to) {
    float shift = ScalarSoftmaxKernels.shift(x, from, to);
    float factor = inverse(ScalarSoftmaxKernels.sumOfExp(x, from, to, shift));
    for (long j = from; j < to; j++) {
      float e = ScalarSoftmaxKernels.exp(x.getAtIndex(JAVA_FLOAT, j) - shift);
      y.setAtIndex(JAVA_FLOAT, j, e * factor);
    }
  }

  /** What exponentials are multiplied by: 0 if there are none but zeros. */
  public static float inverse(float sum) {
    return sum == 0f ? 0f : 1f / sum;
  }
}
