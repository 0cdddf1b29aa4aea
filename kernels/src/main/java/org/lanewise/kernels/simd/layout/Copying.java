package org.lanewise.kernels.simd.layout;

import java.lang.foreign.MemorySegment;

/**
 * Copies of contiguous memory, by the JVM. They take fewer instructions than a loop over vectors,
 * so that more rows are waited for at a time.
 */
final class Copying {
  /** Elements from which on it is faster than a loop. */
  static final int WORTHWHILE = 64;

  private Copying() {}

  static void copy(MemorySegment x, long xFrom, MemorySegment y, long yFrom, long count) {
    MemorySegment.copy(x, xFrom * Float.BYTES, y, yFrom * Float.BYTES, count * Float.BYTES);
  }
}
