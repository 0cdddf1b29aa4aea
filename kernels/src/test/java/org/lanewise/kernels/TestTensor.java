package org.lanewise.kernels;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Memory for a kernel under test: 4 bytes past a cache line, so that no vector is aligned, and
 * between guard zones of NaN with a payload, which make visible what is read or written outside.
 */
public final class TestTensor {
  /** Values at which functions and comparisons are apt to be wrong. */
  private static final float[] SPECIAL = {
    0f,
    -0f,
    1f,
    -1f,
    Float.MIN_VALUE,
    -Float.MIN_VALUE,
    Float.MIN_NORMAL,
    -Float.MIN_NORMAL,
    Float.MAX_VALUE,
    -Float.MAX_VALUE,
    Float.POSITIVE_INFINITY,
    Float.NEGATIVE_INFINITY,
    Float.NaN,
    88.72f,
    88.73f,
    -87.4f,
    -103.9f,
    -104.1f,
    0.625f,
    9.02f
  };

  private static final int GUARD = 0x7fc0beef;
  private static final int GUARD_ELEMENTS = 32;

  private final MemorySegment whole;
  private final MemorySegment segment;
  private final long size;

  private TestTensor(Arena arena, long size) {
    this.size = size;
    whole = arena.allocate((1 + GUARD_ELEMENTS + size + GUARD_ELEMENTS) * Float.BYTES, 64);
    for (long i = 0; i < whole.byteSize() / Float.BYTES; i++) {
      whole.setAtIndex(JAVA_INT, i, GUARD);
    }
    segment = whole.asSlice((1 + GUARD_ELEMENTS) * Float.BYTES, size * Float.BYTES);
  }

  /** A tensor of zeros. */
  public static TestTensor zeros(Arena arena, long size) {
    TestTensor tensor = new TestTensor(arena, size);
    tensor.segment.fill((byte) 0);
    return tensor;
  }

  /** A tensor of the given values. */
  public static TestTensor of(Arena arena, float... values) {
    TestTensor tensor = new TestTensor(arena, values.length);
    MemorySegment.copy(values, 0, tensor.segment, JAVA_FLOAT, 0, values.length);
    return tensor;
  }

  /** A tensor of the given labels. */
  public static TestTensor ofLabels(Arena arena, int... labels) {
    TestTensor tensor = new TestTensor(arena, labels.length);
    MemorySegment.copy(labels, 0, tensor.segment, JAVA_INT, 0, labels.length);
    return tensor;
  }

  /** A tensor of normally distributed values. */
  public static TestTensor normal(Arena arena, long size, double deviation, long seed) {
    TestTensor tensor = new TestTensor(arena, size);
    SplittableRandom random = new SplittableRandom(seed);
    for (long i = 0; i < size; i++) {
      tensor.segment.setAtIndex(JAVA_FLOAT, i, (float) random.nextGaussian(0, deviation));
    }
    return tensor;
  }

  /** A tensor of labels. */
  public static TestTensor labels(Arena arena, long size, int classes, long seed) {
    TestTensor tensor = new TestTensor(arena, size);
    SplittableRandom random = new SplittableRandom(seed);
    for (long i = 0; i < size; i++) {
      tensor.segment.setAtIndex(JAVA_INT, i, random.nextInt(classes));
    }
    return tensor;
  }

  /** Replaces about one element in {@code every} by special values, all of them in turn. */
  public TestTensor withSpecials(int every, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int next = random.nextInt(SPECIAL.length);
    for (long i = random.nextInt(every); i < size; i += 1 + random.nextInt(2 * every - 1)) {
      segment.setAtIndex(JAVA_FLOAT, i, SPECIAL[next++ % SPECIAL.length]);
    }
    return this;
  }

  /** A tensor of the same elements. */
  public TestTensor copy(Arena arena) {
    TestTensor tensor = new TestTensor(arena, size);
    tensor.segment.copyFrom(segment);
    return tensor;
  }

  /** The elements, without the guard zones. */
  public MemorySegment segment() {
    return segment;
  }

  /** One element. */
  public float get(long index) {
    return segment.getAtIndex(JAVA_FLOAT, index);
  }

  /** All elements. */
  public float[] floats() {
    return segment.toArray(JAVA_FLOAT);
  }

  /** All elements' bits; those of NaN are not part of any contract and all the same here. */
  public int[] bits() {
    int[] bits = new int[Math.toIntExact(size)];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Float.floatToIntBits(get(i));
    }
    return bits;
  }

  /** Checks that nothing was written outside. */
  public void assertGuardsIntact() {
    int[] all = whole.toArray(JAVA_INT);
    int first = 1 + GUARD_ELEMENTS;
    Arrays.fill(all, first, first + Math.toIntExact(size), GUARD);
    assertThat(all).as("guards around the tensor").containsOnly(GUARD);
  }
}
