package org.lanewise.kernels.simd.layout.arrays;

/** Copies of contiguous parts of arrays, by the JVM. */
final class Copying {
  /** Elements from which on it is faster than a loop. */
  static final int WORTHWHILE = 64;

  private Copying() {}

  static void copy(float[] x, int xFrom, float[] y, int yFrom, int count) {
    System.arraycopy(x, xFrom, y, yFrom, count);
  }
}
