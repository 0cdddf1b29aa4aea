package org.lanewise.kernels.simd.random;

import static org.lanewise.kernels.simd.Lanes.COUNT;
import static org.lanewise.kernels.simd.Lanes.F32;
import static org.lanewise.kernels.simd.Lanes.FLOATS;
import static org.lanewise.kernels.simd.Lanes.I32;
import static org.lanewise.kernels.simd.Lanes.INTS;
import static org.lanewise.kernels.simd.Lanes.ORDER;
import static org.lanewise.kernels.simd.Lanes.vectorEnd;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import org.lanewise.kernels.host.DropoutKernels;
import org.lanewise.kernels.scalar.ScalarDropoutKernels;
import org.lanewise.kernels.simd.Lanes;
import org.lanewise.kernels.simd.Scratch;

/** Dropout. Nothing is checked. */
public final class SimdDropoutKernels implements DropoutKernels {
  /** The only instance. */
  public static final SimdDropoutKernels INSTANCE = new SimdDropoutKernels();

  private SimdDropoutKernels() {}

  @Override
  public void dropout(
      long seed, long stream, float p, MemorySegment x, MemorySegment y, long from, long to) {
    run(seed, stream, p, false, x, y, from, to);
  }

  @Override
  public void addDropout(
      long seed, long stream, float p, MemorySegment x, MemorySegment y, long from, long to) {
    run(seed, stream, p, true, x, y, from, to);
  }

  private static void run(
      long seed,
      long stream,
      float p,
      boolean accumulate,
      MemorySegment x,
      MemorySegment y,
      long from,
      long to) {
    long start = PhiloxKernels.blockStart(0, from, to);
    long end = vectorEnd(start, to);
    int below = firstKept(p);
    float scale = ScalarDropoutKernels.scale(p);
    MemorySegment words = Scratch.ofThread().chunk;
    if (from < start) {
      runScalar(seed, stream, p, accumulate, x, y, from, start);
    }
    for (long chunk = start, count; chunk < end; chunk += count) {
      count = Math.min(Scratch.CHUNK, end - chunk);
      PhiloxKernels.words(seed, stream, chunk, words, 0, PhiloxKernels.wholeSteps(count));
      if (accumulate) {
        add(words, below, scale, x, y, chunk, count);
      } else {
        apply(words, below, scale, x, y, chunk, count);
      }
    }
    if (end < to) {
      runScalar(seed, stream, p, accumulate, x, y, end, to);
    }
  }

  private static void runScalar(
      long seed,
      long stream,
      float p,
      boolean accumulate,
      MemorySegment x,
      MemorySegment y,
      long from,
      long to) {
    if (accumulate) {
      ScalarDropoutKernels.INSTANCE.addDropout(seed, stream, p, x, y, from, to);
    } else {
      ScalarDropoutKernels.INSTANCE.dropout(seed, stream, p, x, y, from, to);
    }
  }

  /** The smallest word that keeps an element, in an order in which 0 is the smallest int. */
  public static int firstKept(float p) {
    return (int) Math.ceil(p * 0x1p32 - 0x1p31);
  }

  private static void apply(
      MemorySegment words,
      int below,
      float scale,
      MemorySegment x,
      MemorySegment y,
      long from,
      long count) {
    words = Lanes.memory(words);
    x = Lanes.memory(x);
    y = Lanes.memory(y);
    for (long i = 0; i < count; i += COUNT) {
      IntVector word =
          INTS.cast(IntVector.fromMemorySegment(I32, words, i * Integer.BYTES, ORDER))
              .add(Integer.MIN_VALUE);
      FloatVector value =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, x, (from + i) * Float.BYTES, ORDER));
      value
          .mul(scale)
          .blend(0f, word.compare(VectorOperators.LT, below).cast(F32))
          .intoMemorySegment(y, (from + i) * Float.BYTES, ORDER);
    }
  }

  private static void add(
      MemorySegment words,
      int below,
      float scale,
      MemorySegment x,
      MemorySegment y,
      long from,
      long count) {
    words = Lanes.memory(words);
    x = Lanes.memory(x);
    y = Lanes.memory(y);
    for (long i = 0; i < count; i += COUNT) {
      IntVector word =
          INTS.cast(IntVector.fromMemorySegment(I32, words, i * Integer.BYTES, ORDER))
              .add(Integer.MIN_VALUE);
      FloatVector value =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, x, (from + i) * Float.BYTES, ORDER));
      value
          .mul(scale)
          .blend(0f, word.compare(VectorOperators.LT, below).cast(F32))
          .add(FloatVector.fromMemorySegment(F32, y, (from + i) * Float.BYTES, ORDER))
          .intoMemorySegment(y, (from + i) * Float.BYTES, ORDER);
    }
  }
}
