package org.lanewise.kernels.scalar;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.host.LossKernels;

/** Losses and their gradients, one element after the other. */
public final class ScalarLossKernels implements LossKernels {
  /** The only instance. */
  public static final ScalarLossKernels INSTANCE = new ScalarLossKernels();

  private ScalarLossKernels() {}

  @Override
  public void crossEntropyRows(
      MemorySegment logits,
      MemorySegment labels,
      MemorySegment normalizers,
      long columns,
      long rowFrom,
      long rowTo) {
    for (long i = rowFrom; i < rowTo; i++) {
      label(labels, i, columns);
    }
    ScalarSoftmaxKernels.INSTANCE.normalizers(logits, normalizers, columns, rowFrom, rowTo);
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

  @Override
  public void crossEntropyMean(
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

  @Override
  public void crossEntropyBackward(
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

  @Override
  public void meanSquaredError(
      MemorySegment prediction, MemorySegment target, long size, MemorySegment loss) {
    squaredError(prediction, target, size, size, loss);
  }

  @Override
  public void squaredError(
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

  @Override
  public void meanSquaredErrorBackward(
      MemorySegment prediction,
      MemorySegment target,
      MemorySegment dPrediction,
      long size,
      long from,
      long to) {
    squaredErrorBackward(prediction, target, 2f / size, dPrediction, from, to);
  }

  @Override
  public void squaredErrorBackward(
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
