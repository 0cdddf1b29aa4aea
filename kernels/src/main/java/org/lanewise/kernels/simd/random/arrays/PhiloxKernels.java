package org.lanewise.kernels.simd.random.arrays;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.lanewise.kernels.simd.arrays.Scratch.CHUNK;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.simd.math.TileFunctions;

/**
 * Random numbers in arrays. The kernel works on their bits as ints and longs, which is possible in
 * native memory only; so they are made there and copied.
 */
public final class PhiloxKernels {
  private PhiloxKernels() {}

  /** As {@link org.lanewise.kernels.simd.random.PhiloxKernels#uniform}. */
  public static void uniform(
      long seed, long stream, long offset, float low, float high, float[] out, int from, int to) {
    MemorySegment chunk = TileFunctions.tileOfThread();
    for (int i = from; i < to; i += CHUNK) {
      int count = Math.min(CHUNK, to - i);
      org.lanewise.kernels.simd.random.PhiloxKernels.uniform(
          seed, stream, offset + i, low, high, chunk, 0, count);
      MemorySegment.copy(chunk, JAVA_FLOAT, 0, out, i, count);
    }
  }

  /** As {@link org.lanewise.kernels.simd.random.PhiloxKernels#normal}. */
  public static void normal(
      long seed,
      long stream,
      long offset,
      float mean,
      float deviation,
      float[] out,
      int from,
      int to) {
    MemorySegment chunk = TileFunctions.tileOfThread();
    for (int i = from; i < to; i += CHUNK) {
      int count = Math.min(CHUNK, to - i);
      org.lanewise.kernels.simd.random.PhiloxKernels.normal(
          seed, stream, offset + i, mean, deviation, chunk, 0, count);
      MemorySegment.copy(chunk, JAVA_FLOAT, 0, out, i, count);
    }
  }
}
