package org.lanewise.kernels.scalar;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.host.CrossEntropyKernels;

/**
 * Softmax cross-entropy with a label to be ignored and with smoothing, one element after the other.
 */
public final class ScalarCrossEntropyKernels implements CrossEntropyKernels {
  /** The only instance. */
  public static final ScalarCrossEntropyKernels INSTANCE = new ScalarCrossEntropyKernels();

  private ScalarCrossEntropyKernels() {}

  @Override
  public void rows(
      MemorySegment logits,
      MemorySegment labels,
      int ignored,
      float smoothing,
      MemorySegment normalizers,
      MemorySegment losses,
      long columns,
      long rowFrom,
      long rowTo) {
    check(labels, ignored, columns, rowFrom, rowTo);
    for (long i = rowFrom; i < rowTo; i++) {
      long from = i * columns;
      long to = from + columns;
      float shift = ScalarSoftmaxKernels.shift(logits, from, to);
      float sum = ScalarSoftmaxKernels.sumOfExp(logits, from, to, shift);
      float log = ScalarMath.log(sum);
      ScalarSoftmaxKernels.store(shift, sum, normalizers, i);
      float loss = 0f;
      if (!isIgnored(labels, ignored, i)) {
        loss = log - (logits.getAtIndex(JAVA_FLOAT, from + label(labels, i)) - shift);
        if (smoothing != 0f) {
          loss = smooth(loss, smoothing, log, sum(logits, shift, from, to), columns);
        }
      }
      losses.setAtIndex(JAVA_FLOAT, i, loss);
    }
  }

  private static float sum(MemorySegment x, float shift, long from, long to) {
    float[] lanes = new float[VirtualLanes.COUNT];
    for (long j = from; j < to; j++) {
      lanes[(int) ((j - from) % VirtualLanes.COUNT)] += x.getAtIndex(JAVA_FLOAT, j) - shift;
    }
    return VirtualLanes.sum(lanes);
  }

  /** Checks the labels of some rows. */
  public static void check(
      MemorySegment labels, int ignored, long columns, long rowFrom, long rowTo) {
    for (long i = rowFrom; i < rowTo; i++) {
      if (!isIgnored(labels, ignored, i)) {
        ScalarLossKernels.label(labels, i, columns);
      }
    }
  }

  /** Whether a row does not count. */
  public static boolean isIgnored(MemorySegment labels, int ignored, long row) {
    return labels.getAtIndex(JAVA_INT, row) == ignored;
  }

  private static int label(MemorySegment labels, long row) {
    return labels.getAtIndex(JAVA_INT, row);
  }

  /** The loss with smoothing, given that without, and the sum of the logits less their maximum. */
  public static float smooth(float loss, float smoothing, float log, float sum, long columns) {
    return Math.fma(smoothing, log - sum / columns, (1f - smoothing) * loss);
  }

  /** The number of rows whose label is not ignored. */
  public static long count(MemorySegment labels, int ignored, long rows) {
    long count = 0;
    for (long i = 0; i < rows; i++) {
      if (!isIgnored(labels, ignored, i)) {
        count++;
      }
    }
    return count;
  }

  /** {@code loss = Σ losses / divisor}, summed in f64 in the order of the rows. */
  public static void reduce(MemorySegment losses, long rows, double divisor, MemorySegment loss) {
    double sum = 0;
    for (long i = 0; i < rows; i++) {
      sum += losses.getAtIndex(JAVA_FLOAT, i);
    }
    loss.setAtIndex(JAVA_FLOAT, 0, (float) (sum / divisor));
  }

  @Override
  public void backward(
      MemorySegment logits,
      MemorySegment labels,
      int ignored,
      float smoothing,
      float scale,
      MemorySegment normalizers,
      MemorySegment dLogits,
      long columns,
      long rowFrom,
      long rowTo) {
    check(labels, ignored, columns, rowFrom, rowTo);
    float uniform = smoothing / columns;
    for (long i = rowFrom; i < rowTo; i++) {
      long from = i * columns;
      boolean isIgnored = isIgnored(labels, ignored, i);
      long labelled = from + label(labels, i);
      float max = normalizers.getAtIndex(JAVA_FLOAT, 2 * i);
      float inverse = 1f / normalizers.getAtIndex(JAVA_FLOAT, 2 * i + 1);
      for (long j = from; j < from + columns; j++) {
        float target = j == labelled ? (1f - smoothing) + uniform : uniform;
        float e = ScalarMath.exp(logits.getAtIndex(JAVA_FLOAT, j) - max);
        dLogits.setAtIndex(JAVA_FLOAT, j, isIgnored ? 0f : Math.fma(e, inverse, -target) * scale);
      }
    }
  }
}
