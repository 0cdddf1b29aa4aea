package org.lanewise.kernels.scalar;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.host.SoftmaxGradientKernels;
import org.lanewise.kernels.host.SoftmaxKernels;

/** Softmax and log-sum-exp of rows, one element after the other. */
public final class ScalarSoftmaxKernels implements SoftmaxKernels, SoftmaxGradientKernels {
  /** Below it an exponential counts as 0, so that none is subnormal: {@code e⁻⁸⁷·³ ≈ 2⁻¹²⁶}. */
  public static final float EXP_LOW = -87.3f;

  /** The only instance. */
  public static final ScalarSoftmaxKernels INSTANCE = new ScalarSoftmaxKernels();

  private ScalarSoftmaxKernels() {}

  /**
   * {@link ScalarMath#exp}, but 0 below {@link #EXP_LOW}. That leaves a sum of exponentials as it
   * is, since one of them is 1.
   */
  public static float exp(float x) {
    return x < EXP_LOW ? 0f : ScalarMath.exp(x);
  }

  @Override
  public void softmax(MemorySegment x, MemorySegment y, long columns, long rowFrom, long rowTo) {
    for (long i = rowFrom; i < rowTo; i++) {
      long from = i * columns;
      long to = from + columns;
      float shift = shift(x, from, to);
      float factor = 1f / sumOfExp(x, from, to, shift);
      for (long j = from; j < to; j++) {
        y.setAtIndex(JAVA_FLOAT, j, exp(x.getAtIndex(JAVA_FLOAT, j) - shift) * factor);
      }
    }
  }

  @Override
  public void normalizers(
      MemorySegment x, MemorySegment normalizers, long columns, long rowFrom, long rowTo) {
    for (long i = rowFrom; i < rowTo; i++) {
      long from = i * columns;
      float shift = shift(x, from, from + columns);
      store(shift, sumOfExp(x, from, from + columns, shift), normalizers, i);
    }
  }

  /**
   * Stores the normalizers of a row, given the shift of its exponentials and their sum. Which zero
   * is the greatest, and whether NaN is greater than others, depends on the order of comparisons;
   * so a maximum of 0 becomes the positive one, and that of a row with NaN becomes NaN as its sum.
   */
  public static void store(float shift, float sum, MemorySegment normalizers, long row) {
    normalizers.setAtIndex(JAVA_FLOAT, 2 * row, shift + 0f * sum);
    normalizers.setAtIndex(JAVA_FLOAT, 2 * row + 1, sum);
  }

  @Override
  public void logSumExp(
      MemorySegment x, MemorySegment lse, long columns, long rowFrom, long rowTo) {
    for (long i = rowFrom; i < rowTo; i++) {
      long from = i * columns;
      float shift = shift(x, from, from + columns);
      float sum = sumOfExp(x, from, from + columns, shift);
      lse.setAtIndex(JAVA_FLOAT, i, shift + ScalarMath.log(sum));
    }
  }

  @Override
  public void logSoftmax(MemorySegment x, MemorySegment y, long columns, long rowFrom, long rowTo) {
    for (long i = rowFrom; i < rowTo; i++) {
      long from = i * columns;
      long to = from + columns;
      float shift = shift(x, from, to);
      float log = ScalarMath.log(sumOfExp(x, from, to, shift));
      for (long j = from; j < to; j++) {
        y.setAtIndex(JAVA_FLOAT, j, x.getAtIndex(JAVA_FLOAT, j) - shift - log);
      }
    }
  }

  @Override
  public void softmaxBackward(
      boolean accumulate,
      MemorySegment y,
      MemorySegment dy,
      MemorySegment dx,
      long columns,
      long rowFrom,
      long rowTo) {
    for (long i = rowFrom; i < rowTo; i++) {
      long from = i * columns;
      float[] lanes = new float[VirtualLanes.COUNT];
      for (long j = from; j < from + columns; j++) {
        int lane = (int) ((j - from) % VirtualLanes.COUNT);
        lanes[lane] = addProduct(lanes[lane], y, dy, j);
      }
      softmaxGradient(accumulate, y, dy, VirtualLanes.sum(lanes), dx, from, from + columns);
    }
  }

  /** {@code sum + dy · y} of an element, whose dy is 0 if its y is, whatever is there. */
  static float addProduct(float sum, MemorySegment y, MemorySegment dy, long j) {
    float softmax = y.getAtIndex(JAVA_FLOAT, j);
    return Math.fma(softmax == 0f ? 0f : dy.getAtIndex(JAVA_FLOAT, j), softmax, sum);
  }

  /**
   * The gradient of elements {@code from ≤ j < to}, given {@code sum = Σ dy · y} of their row. It
   * is 0 where y is, whatever dy and the sum are.
   */
  public static void softmaxGradient(
      boolean accumulate,
      MemorySegment y,
      MemorySegment dy,
      float sum,
      MemorySegment dx,
      long from,
      long to) {
    for (long j = from; j < to; j++) {
      float softmax = y.getAtIndex(JAVA_FLOAT, j);
      float gradient = softmax == 0f ? 0f : (dy.getAtIndex(JAVA_FLOAT, j) - sum) * softmax;
      dx.setAtIndex(JAVA_FLOAT, j, accumulate ? dx.getAtIndex(JAVA_FLOAT, j) + gradient : gradient);
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
    for (long i = rowFrom; i < rowTo; i++) {
      long from = i * columns;
      float[] lanes = new float[VirtualLanes.COUNT];
      for (long j = from; j < from + columns; j++) {
        lanes[(int) ((j - from) % VirtualLanes.COUNT)] += dy.getAtIndex(JAVA_FLOAT, j);
      }
      logSoftmaxGradient(accumulate, y, dy, VirtualLanes.sum(lanes), dx, from, from + columns);
    }
  }

  /** The gradient of elements {@code from ≤ j < to}, given {@code sum = Σ dy} of their row. */
  public static void logSoftmaxGradient(
      boolean accumulate,
      MemorySegment y,
      MemorySegment dy,
      float sum,
      MemorySegment dx,
      long from,
      long to) {
    for (long j = from; j < to; j++) {
      float softmax = ScalarMath.exp(y.getAtIndex(JAVA_FLOAT, j));
      float gradient = Math.fma(softmax, -sum, dy.getAtIndex(JAVA_FLOAT, j));
      dx.setAtIndex(JAVA_FLOAT, j, accumulate ? dx.getAtIndex(JAVA_FLOAT, j) + gradient : gradient);
    }
  }

  /**
   * The maximum of elements {@code from ≤ j < to}, which keeps their exponentials from overflowing;
   * 0 if all are −∞, so that their exponentials are 0.
   */
  static float shift(MemorySegment x, long from, long to) {
    float max = Float.NEGATIVE_INFINITY;
    for (long j = from; j < to; j++) {
      max = Math.max(max, x.getAtIndex(JAVA_FLOAT, j));
    }
    return max == Float.NEGATIVE_INFINITY ? 0f : max;
  }

  /** The sum of {@code exp(x − shift)} over elements {@code from ≤ j < to}. */
  static float sumOfExp(MemorySegment x, long from, long to, float shift) {
    float[] lanes = new float[VirtualLanes.COUNT];
    for (long j = from; j < to; j++) {
      lanes[(int) ((j - from) % VirtualLanes.COUNT)] += exp(x.getAtIndex(JAVA_FLOAT, j) - shift);
    }
    return VirtualLanes.sum(lanes);
  }
}
