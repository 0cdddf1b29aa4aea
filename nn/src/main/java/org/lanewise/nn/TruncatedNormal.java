package org.lanewise.nn;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.stream.LongStream;
import org.lanewise.kernels.Random;
import org.lanewise.kernels.op.Ranges;
import org.lanewise.kernels.op.Shape;

/**
 * A normal distribution without its ends, by rejection: what is out of range is drawn again, from
 * the next stream. A range so narrow that this took long has its candidates drawn uniformly, and
 * kept with the probability of the normal distribution. So about half of the candidates or more are
 * kept, whatever the range.
 *
 * @param deviation of the distribution with its ends
 * @param low at most 0
 * @param high at least 0, above low
 */
record TruncatedNormal(float deviation, float low, float high) implements Init {
  private static final float NARROW = 2.5f; // √(2π), where both ways keep the same

  TruncatedNormal {
    Ranges.atLeastZero("standardDeviation", deviation);
    if (!(low <= 0 && high >= 0 && low < high && Float.isFinite(high - low))) {
      throw new IllegalArgumentException(
          "low and high must be a finite range around 0 but are %s and %s".formatted(low, high));
    }
  }

  @Override
  public void fill(MemorySegment values, Shape shape, long seed, long stream) {
    long size = values.byteSize() / Float.BYTES;
    draw(values, size, seed, stream);
    long[] missing = LongStream.range(0, size).filter(i -> isRejected(values, i)).toArray();
    for (int round = 1; missing.length > 0; round++) {
      long next = Streams.of(stream + "#" + round);
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment more = floats(arena, missing.length);
        draw(more, missing.length, seed, next);
        for (int i = 0; i < missing.length; i++) {
          values.setAtIndex(JAVA_FLOAT, missing[i], more.getAtIndex(JAVA_FLOAT, i));
        }
      }
      missing = LongStream.of(missing).filter(i -> isRejected(values, i)).toArray();
    }
  }

  private static boolean isRejected(MemorySegment values, long index) {
    return Float.isNaN(values.getAtIndex(JAVA_FLOAT, index));
  }

  private static MemorySegment floats(Arena arena, long size) {
    return arena.allocate(size * Float.BYTES, Float.BYTES);
  }

  /** Draws candidates; those that are rejected are NaN. */
  private void draw(MemorySegment values, long size, long seed, long stream) {
    if (high - low < NARROW * deviation) {
      drawUniform(values, size, seed, stream);
      return;
    }
    Random.normal(CALLING_THREAD, seed, stream, 0f, deviation, size, values);
    for (long i = 0; i < size; i++) {
      float value = values.getAtIndex(JAVA_FLOAT, i);
      if (value < low || value > high) {
        values.setAtIndex(JAVA_FLOAT, i, Float.NaN);
      }
    }
  }

  private void drawUniform(MemorySegment values, long size, long seed, long stream) {
    Random.uniform(CALLING_THREAD, seed, stream, low, high, size, values);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment chances = floats(arena, size);
      long other = Streams.of(stream + "#chance");
      Random.uniform(CALLING_THREAD, seed, other, 0f, 1f, size, chances);
      for (long i = 0; i < size; i++) {
        double z = values.getAtIndex(JAVA_FLOAT, i) / (double) deviation;
        if (chances.getAtIndex(JAVA_FLOAT, i) >= StrictMath.exp(-z * z / 2)) {
          values.setAtIndex(JAVA_FLOAT, i, Float.NaN);
        }
      }
    }
  }
}
