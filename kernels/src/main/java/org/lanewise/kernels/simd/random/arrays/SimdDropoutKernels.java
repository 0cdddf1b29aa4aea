package org.lanewise.kernels.simd.random.arrays;

import static org.lanewise.kernels.simd.Lanes.COUNT;
import static org.lanewise.kernels.simd.Lanes.F32;
import static org.lanewise.kernels.simd.Lanes.FLOATS;
import static org.lanewise.kernels.simd.Lanes.I32;
import static org.lanewise.kernels.simd.Lanes.INTS;
import static org.lanewise.kernels.simd.Lanes.ORDER;
import static org.lanewise.kernels.simd.Lanes.vectorEnd;
import static org.lanewise.kernels.simd.arrays.Scratch.CHUNK;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import org.lanewise.kernels.scalar.ScalarDropoutKernels;
import org.lanewise.kernels.simd.math.TileFunctions;
import org.lanewise.kernels.simd.random.PhiloxKernels;

/** Dropout in arrays, by random words in native memory, where alone they are ints and longs. */
public final class SimdDropoutKernels {
  /** The only instance. */
  public static final SimdDropoutKernels INSTANCE = new SimdDropoutKernels();

  private SimdDropoutKernels() {}

  /** As {@link org.lanewise.kernels.simd.random.SimdDropoutKernels#dropout}. */
  public void dropout(long seed, long stream, float p, float[] x, float[] y, int from, int to) {
    int start = (int) PhiloxKernels.blockStart(0, from, to);
    int end = vectorEnd(start, to);
    int below = org.lanewise.kernels.simd.random.SimdDropoutKernels.firstKept(p);
    float scale = ScalarDropoutKernels.scale(p);
    MemorySegment words = TileFunctions.tileOfThread();
    if (from < start) {
      org.lanewise.kernels.scalar.arrays.ScalarDropoutKernels.INSTANCE.dropout(
          seed, stream, p, x, y, from, start);
    }
    for (int chunk = start, count; chunk < end; chunk += count) {
      count = Math.min(CHUNK, end - chunk);
      PhiloxKernels.words(seed, stream, chunk, words, 0, PhiloxKernels.wholeSteps(count));
      apply(words, below, scale, x, y, chunk, count);
    }
    if (end < to) {
      org.lanewise.kernels.scalar.arrays.ScalarDropoutKernels.INSTANCE.dropout(
          seed, stream, p, x, y, end, to);
    }
  }

  private static void apply(
      MemorySegment words, int below, float scale, float[] x, float[] y, int from, int count) {
    for (int i = 0; i < count; i += COUNT) {
      IntVector word =
          INTS.cast(IntVector.fromMemorySegment(I32, words, (long) i * Integer.BYTES, ORDER))
              .add(Integer.MIN_VALUE);
      FLOATS
          .cast(FloatVector.fromArray(F32, x, from + i))
          .mul(scale)
          .blend(0f, word.compare(VectorOperators.LT, below).cast(F32))
          .intoArray(y, from + i);
    }
  }
}
