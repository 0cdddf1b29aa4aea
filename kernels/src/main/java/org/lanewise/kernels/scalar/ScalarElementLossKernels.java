package org.lanewise.kernels.scalar;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.host.ElementLossKernels;

/** Losses of single elements and their gradients, one element after the other. */
public final class ScalarElementLossKernels implements ElementLossKernels {
  /** The only instance. */
  public static final ScalarElementLossKernels INSTANCE = new ScalarElementLossKernels();

  private ScalarElementLossKernels() {}

  /** The loss of one element. */
  @FunctionalInterface
  private interface Term {
    float addTo(float sum, long at);
  }

  private static float mean(long size, double divisor, Term term) {
    double sum = 0;
    for (long from = 0; from < size; from += CHUNK) {
      float[] lanes = new float[VirtualLanes.COUNT];
      for (long i = from; i < Math.min(from + CHUNK, size); i++) {
        int lane = (int) (i % VirtualLanes.COUNT);
        lanes[lane] = term.addTo(lanes[lane], i);
      }
      sum += VirtualLanes.sum(lanes);
    }
    return (float) (sum / divisor);
  }

  @Override
  public void binaryCrossEntropy(
      MemorySegment logits, MemorySegment targets, long size, double divisor, MemorySegment loss) {
    loss.setAtIndex(
        JAVA_FLOAT,
        0,
        mean(
            size,
            divisor,
            (sum, i) ->
                sum
                    + binaryCrossEntropy(
                        logits.getAtIndex(JAVA_FLOAT, i), targets.getAtIndex(JAVA_FLOAT, i))));
  }

  /** The loss of one element. */
  public static float binaryCrossEntropy(float x, float t) {
    float positive = x < 0f ? 0f : x;
    return Math.fma(-x, t, positive) + ScalarMath.log1p(ScalarMath.exp(-Math.abs(x)));
  }

  @Override
  public void binaryCrossEntropyBackward(
      MemorySegment logits,
      MemorySegment targets,
      float scale,
      MemorySegment dLogits,
      long from,
      long to) {
    for (long i = from; i < to; i++) {
      float sigmoid = ScalarMath.sigmoid(logits.getAtIndex(JAVA_FLOAT, i));
      dLogits.setAtIndex(JAVA_FLOAT, i, (sigmoid - targets.getAtIndex(JAVA_FLOAT, i)) * scale);
    }
  }

  @Override
  public void huber(
      MemorySegment prediction,
      MemorySegment target,
      float delta,
      long size,
      double divisor,
      MemorySegment loss) {
    loss.setAtIndex(
        JAVA_FLOAT,
        0,
        mean(
            size,
            divisor,
            (sum, i) ->
                huber(
                    sum,
                    prediction.getAtIndex(JAVA_FLOAT, i) - target.getAtIndex(JAVA_FLOAT, i),
                    delta)));
  }

  /** The sum, and the loss of one element. */
  public static float huber(float sum, float error, float delta) {
    float magnitude = Math.abs(error);
    float limited = magnitude > delta ? delta : magnitude;
    return Math.fma(limited, Math.fma(limited, -0.5f, magnitude), sum);
  }

  @Override
  public void huberBackward(
      MemorySegment prediction,
      MemorySegment target,
      float delta,
      float scale,
      MemorySegment dPrediction,
      long from,
      long to) {
    for (long i = from; i < to; i++) {
      float error = prediction.getAtIndex(JAVA_FLOAT, i) - target.getAtIndex(JAVA_FLOAT, i);
      float limited = error > delta ? delta : error < -delta ? -delta : error;
      dPrediction.setAtIndex(JAVA_FLOAT, i, limited * scale);
    }
  }
}
