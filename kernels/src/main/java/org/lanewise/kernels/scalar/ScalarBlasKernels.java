package org.lanewise.kernels.scalar;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.host.BlasKernels;

/** Sums over a vector, and sums of two vectors, one element after the other. */
public final class ScalarBlasKernels implements BlasKernels {
  // The sum of squares is precise from SMALLEST on. Otherwise factors of UP or DOWN make it so.
  private static final double SMALLEST = Math.scalb(1.0, Float.MIN_EXPONENT * 2 / 3);
  private static final float UP = Math.scalb(1f, -Float.MIN_EXPONENT * 3 / 4);
  private static final float DOWN = Math.scalb(1f, Float.MIN_EXPONENT * 5 / 8);

  /** The only instance. */
  public static final ScalarBlasKernels INSTANCE = new ScalarBlasKernels();

  private ScalarBlasKernels() {}

  /** Adds lanes {@code i} and {@code i + LANES / 2}, then half as far apart. Overwrites them. */
  public static float sum(float[] lanes) {
    for (int apart = lanes.length / 2; apart > 0; apart /= 2) {
      for (int i = 0; i < apart; i++) {
        lanes[i] += lanes[i + apart];
      }
    }
    return lanes[0];
  }

  /** The sum of the sums over blocks, in their order. */
  public static double total(double[] sums) {
    double total = 0;
    for (double sum : sums) {
      total += sum;
    }
    return total;
  }

  /**
   * What to multiply elements with, given the sum of their squares: 1, or if that is not precise.
   */
  public static float normScale(double sumOfSquares) {
    if (sumOfSquares < SMALLEST) {
      return UP;
    }
    return sumOfSquares <= Double.MAX_VALUE ? 1f : DOWN;
  }

  @Override
  public void sums(MemorySegment x, long size, double[] sums, long blockFrom, long blockTo) {
    for (long b = blockFrom; b < blockTo; b++) {
      float[] lanes = new float[LANES];
      long from = b * BLOCK;
      for (long i = from; i < from + Math.min(BLOCK, size - from); i++) {
        lanes[(int) (i % LANES)] += x.getAtIndex(JAVA_FLOAT, i);
      }
      sums[(int) b] = sum(lanes);
    }
  }

  @Override
  public void dots(
      MemorySegment x, MemorySegment y, long size, double[] sums, long blockFrom, long blockTo) {
    for (long b = blockFrom; b < blockTo; b++) {
      float[] lanes = new float[LANES];
      long from = b * BLOCK;
      for (long i = from; i < from + Math.min(BLOCK, size - from); i++) {
        int lane = (int) (i % LANES);
        lanes[lane] =
            Math.fma(x.getAtIndex(JAVA_FLOAT, i), y.getAtIndex(JAVA_FLOAT, i), lanes[lane]);
      }
      sums[(int) b] = sum(lanes);
    }
  }

  @Override
  public void squares(
      MemorySegment x, float scale, long size, double[] sums, long blockFrom, long blockTo) {
    for (long b = blockFrom; b < blockTo; b++) {
      float[] lanes = new float[LANES];
      long from = b * BLOCK;
      for (long i = from; i < from + Math.min(BLOCK, size - from); i++) {
        float value = scale * x.getAtIndex(JAVA_FLOAT, i);
        int lane = (int) (i % LANES);
        lanes[lane] = Math.fma(value, value, lanes[lane]);
      }
      sums[(int) b] = sum(lanes);
    }
  }

  @Override
  public void axpy(float alpha, MemorySegment x, MemorySegment y, long from, long to) {
    for (long i = from; i < to; i++) {
      float sum = Math.fma(alpha, x.getAtIndex(JAVA_FLOAT, i), y.getAtIndex(JAVA_FLOAT, i));
      y.setAtIndex(JAVA_FLOAT, i, sum);
    }
  }

  @Override
  public void scal(float alpha, MemorySegment x, MemorySegment y, long from, long to) {
    for (long i = from; i < to; i++) {
      y.setAtIndex(JAVA_FLOAT, i, alpha * x.getAtIndex(JAVA_FLOAT, i));
    }
  }
}
