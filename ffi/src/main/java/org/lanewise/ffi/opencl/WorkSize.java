package org.lanewise.ffi.opencl;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** How many work items a launch has in three dimensions, and how many of them form a group. */
public final class WorkSize {
  static final int DIMENSIONS = 3;

  private final MemorySegment global;
  private final MemorySegment local;

  /**
   * At least so many work items; what is missing to whole groups is added.
   *
   * @param global items in each dimension, at least 1
   * @param local items of a group in each dimension, at least 1
   * @throws IllegalArgumentException if a size is less than 1, which OpenCL would take for a launch
   *     of nothing, or too large
   */
  public WorkSize(long[] global, long[] local) {
    Arena arena = Arena.ofAuto();
    this.global = arena.allocate(JAVA_LONG, DIMENSIONS);
    this.local = arena.allocate(JAVA_LONG, DIMENSIONS);
    for (int i = 0; i < DIMENSIONS; i++) {
      if (global[i] < 1 || local[i] < 1) {
        throw new IllegalArgumentException(
            "work sizes must be at least 1 but are %d by groups of %d"
                .formatted(global[i], local[i]));
      }
      try {
        long whole = Math.multiplyExact(Math.ceilDiv(global[i], local[i]), local[i]);
        this.global.setAtIndex(JAVA_LONG, i, whole);
      } catch (ArithmeticException overflow) {
        throw new IllegalArgumentException("too many work items: " + global[i], overflow);
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
