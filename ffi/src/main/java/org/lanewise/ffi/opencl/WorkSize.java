package org.lanewise.ffi.opencl;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** How many work items a launch has in three dimensions, and how many of them form a group. */
public final class WorkSize {
  static final int DIMENSIONS = 3;

  private final MemorySegment global;
  private final MemorySegment local;

  /**
   * At least so many work items; what is missing to whole groups is added.
   *
   * @param global items in each of three dimensions, at least 1
   * @param local items of a group in each of three dimensions, at least 1
   * @throws IllegalArgumentException if there are not three sizes, one is less than 1, which OpenCL
   *     would take for a launch of nothing, or there are more than 2⁶³ − 1 items in all: a driver
   *     that counts them would overflow
   */
  public WorkSize(long[] global, long[] local) {
    if (global.length != DIMENSIONS || local.length != DIMENSIONS) {
      throw new IllegalArgumentException(
          "work sizes must have three dimensions but are %s by groups of %s"
              .formatted(Arrays.toString(global), Arrays.toString(local)));
    }
    Arena arena = Arena.ofAuto();
    this.global = arena.allocate(JAVA_LONG, DIMENSIONS);
    this.local = arena.allocate(JAVA_LONG, DIMENSIONS);
    long items = 1;
    for (int i = 0; i < DIMENSIONS; i++) {
      if (global[i] < 1 || local[i] < 1) {
        throw new IllegalArgumentException(
            "work sizes must be at least 1 but are %d by groups of %d"
                .formatted(global[i], local[i]));
      }
      try {
        long whole = Math.multiplyExact(Math.ceilDiv(global[i], local[i]), local[i]);
        items = Math.multiplyExact(items, whole);
        this.global.setAtIndex(JAVA_LONG, i, whole);
      } catch (ArithmeticException overflow) {
        throw new IllegalArgumentException(
            "too many work items: %s by groups of %s"
                .formatted(Arrays.toString(global), Arrays.toString(local)),
            overflow);
      }
      this.local.setAtIndex(JAVA_LONG, i, local[i]);
    }
  }

  MemorySegment global() {
    return global;
  }

  MemorySegment local() {
    return local;
  }
}
