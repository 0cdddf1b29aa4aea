package org.lanewise.kernels.scalar;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;

/** Losses and their gradients, one element after the other. */
public final class ScalarLossKernels {
  /** Squared errors are summed in f32 over this many elements, then in f64. */
  public static final long CHUNK = 4096;

  private ScalarLossKernels() {}

  /**
   * Writes the normalizers of each row {@code rowFrom ≤ i < rowTo}, see {@link
   * ScalarSoftmaxKernels#normalizers}.
   *
   * @throws IndexOutOfBoundsException if a row's label is not in 0..columns−1; nothing is written
   */
  public static void crossEntropyRows(
      MemorySegment logits,
      MemorySegment labels,
      MemorySegment normalizers,
      long columns,
      long rowFrom,
      long rowTo) {
    for (long i = rowFrom; i < rowTo; i++) {
      label(labels, i, columns);
    }
    ScalarSoftmaxKernels.normalizers(logits, normalizers, columns, rowFrom, rowTo);
  }

  /**
   * The label of a row.
   *
   * @throws IndexOutOfBoundsException if it is not in 0..classes−1
   */
  public static int label(MemorySegment labels, long row, long classes) {
    int label = labels.getAtIndex(JAVA_INT, row);
    if (label < 0 || label >= classes) {
      throw new IndexOutOfBoundsException(
          "label %d of row %d is not one of the %d classes".formatted(label, row, classes));
    }
    return label;
  }

  /**
   * {@code loss = Σ (log(sum) + (max − logit[label])) / rows} with the maximum and the sum of
   * normalizers, added in f64 in the order of the rows; NaN if there are none.
   *
   * @throws IndexOutOfBoundsException if a label is not in 0..columns−1
   */
  public static void crossEntropyMean(
      MemorySegment logits,
      MemorySegment labels,
      MemorySegment normalizers,
      long rows,
      long columns,
      MemorySegment loss) {
    double sum = 0;
    for (long i = 0; i < rows; i++) {
      float logit = logits.getAtIndex(JAVA_FLOAT, i * columns + label(labels, i, columns));
      float max = normalizers.getAtIndex(JAVA_FLOAT, 2 * i);
      sum += ScalarMath.log(normalizers.getAtIndex(JAVA_FLOAT, 2 * i + 1)) + ((double) max - logit);
    }
    loss.setAtIndex(JAVA_FLOAT, 0, (float) (sum / rows));
  }

  /**
   * {@code dlogits = (exp(logits − max) / sum − onehot(label)) / rows} in each row {@code rowFrom ≤
   * i < rowTo}; dlogits may be logits.
   *
   * @param rows of the whole batch
   * @throws IndexOutOfBoundsException if a label is not in 0..columns−1
   */
  public static void crossEntropyBackward(
      MemorySegment logits,
      MemorySegment labels,
      MemorySegment normalizers,
      MemorySegment dLogits,
      long rows,
      long columns,
      long rowFrom,
      long rowTo) {
    float scale = 1f / rows;
    for (long i = rowFrom; i < rowTo; i++) {
      int label = label(labels, i, columns);
      float max = normalizers.getAtIndex(JAVA_FLOAT, 2 * i);
      float inverse = 1f / normalizers.getAtIndex(JAVA_FLOAT, 2 * i + 1);
      for (long j = 0; j < columns; j++) {
        float e = ScalarMath.exp(logits.getAtIndex(JAVA_FLOAT, i * columns + j) - max);
        float difference = Math.fma(e, inverse, j == label ? -1f : 0f);
        dLogits.setAtIndex(JAVA_FLOAT, i * columns + j, difference * scale);
      }
    }
  }

  /**
   * {@code loss = Σ (prediction − target)² / size}, summed over chunks of {@link #CHUNK} in the
   * order of {@link VirtualLanes}, then in f64 over the chunks; NaN if there is no element.
   */
  public static void meanSquaredError(
      MemorySegment prediction, MemorySegment target, long size, MemorySegment loss) {
    squaredError(prediction, target, size, size, loss);
  }

  /** {@code loss = Σ (prediction − target)² / divisor}, summed as the mean. */
  public static void squaredError(
      MemorySegment prediction,
      MemorySegment target,
      long size,
      double divisor,
      MemorySegment loss) {
    double sum = 0;
    for (long from = 0; from < size; from += CHUNK) {
      float[] lanes = new float[VirtualLanes.COUNT];
      for (long i = from; i < Math.min(from + CHUNK, size); i++) {
        float error = prediction.getAtIndex(JAVA_FLOAT, i) - target.getAtIndex(JAVA_FLOAT, i);
        int lane = (int) (i % VirtualLanes.COUNT);
        lanes[lane] = Math.fma(error, error, lanes[lane]);
      }
      sum += VirtualLanes.sum(lanes);
    }
    loss.setAtIndex(JAVA_FLOAT, 0, (float) (sum / divisor));
  }

  /**
   * {@code dprediction = 2 (prediction − target) / size} for elements {@code from ≤ i < to};
   * dprediction may be prediction or target.
   *
   * @param size number of elements of the whole tensor
   */
  public static void meanSquaredErrorBackward(
      MemorySegment prediction,
      MemorySegment target,
      MemorySegment dPrediction,
      long size,
      long from,
      long to) {
    squaredErrorBackward(prediction, target, 2f / size, dPrediction, from, to);
  }

  /** {@code dprediction = scale · (prediction − target)} for elements {@code from ≤ i < to}. */
  public static void squaredErrorBackward(
      MemorySegment prediction,
      MemorySegment target,
      float scale,
      MemorySegment dPrediction,
      long from,
      long to) {
    for (long i = from; i < to; i++) {
      float error = prediction.getAtIndex(JAVA_FLOAT, i) - target.getAtIndex(JAVA_FLOAT, i);
      dPrediction.setAtIndex(JAVA_FLOAT, i, error * scale);
    }
  }
}
