package org.lanewise.kernels.scalar;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.host.DropoutKernels;

/** Dropout, one element after the other. */
public final class ScalarDropoutKernels implements DropoutKernels {
  /** The only instance. */
  public static final ScalarDropoutKernels INSTANCE = new ScalarDropoutKernels();

  private ScalarDropoutKernels() {}

  /** What is kept is multiplied with it: {@code 1 / (1 − p)}. */
  public static float scale(float p) {
    return (float) (1 / (1 - (double) p));
  }

  @Override
  public void dropout(
      long seed, long stream, float p, MemorySegment x, MemorySegment y, long from, long to) {
    float scale = scale(p);
    for (long i = from; i < to; i++) {
      y.setAtIndex(JAVA_FLOAT, i, apply(seed, stream, p, scale, x.getAtIndex(JAVA_FLOAT, i), i));
    }
  }

  @Override
  public void addDropout(
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
