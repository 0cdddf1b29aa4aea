package org.lanewise.kernels.scalar;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;

/** Dropout, one element after the other. */
public final class ScalarDropoutKernels {
  private ScalarDropoutKernels() {}

  /** What is kept is multiplied with it: {@code 1 / (1 − p)}. */
  public static float scale(float p) {
    return (float) (1 / (1 - (double) p));
  }

  /**
   * {@code y[i] = x[i] / (1 − p)}, or 0 if word i of the stream is less than {@code p · 2³²}, for
   * {@code from ≤ i < to}.
   */
  public static void dropout(
      long seed, long stream, float p, MemorySegment x, MemorySegment y, long from, long to) {
    float scale = scale(p);
    for (long i = from; i < to; i++) {
      y.setAtIndex(JAVA_FLOAT, i, apply(seed, stream, p, scale, x.getAtIndex(JAVA_FLOAT, i), i));
    }
  }

  /** The same, but added to y. */
  public static void addDropout(
      long seed, long stream, float p, MemorySegment x, MemorySegment y, long from, long to) {
    float scale = scale(p);
    for (long i = from; i < to; i++) {
      float term = apply(seed, stream, p, scale, x.getAtIndex(JAVA_FLOAT, i), i);
      y.setAtIndex(JAVA_FLOAT, i, y.getAtIndex(JAVA_FLOAT, i) + term);
    }
  }

  private static float apply(long seed, long stream, float p, float scale, float x, long i) {
    int word = ScalarPhiloxKernels.word(seed, stream, i);
    boolean dropped = Integer.toUnsignedLong(word) < p * 0x1p32;
    return dropped ? 0f : x * scale;
  }
}
