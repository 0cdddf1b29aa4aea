package org.lanewise.kernels.backend.host;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.parallel.PoolRunnable;

/**
 * Where rows of each sample are, known when an op runs.
 *
 * @param positions i32 [samples]
 * @param bound positions are in 0..bound−1
 */
record Positions(MemorySegment positions, long samples, long bound) {
  /** A step that throws {@link IndexOutOfBoundsException} if a position is out of range. */
  PoolRunnable checkedBefore(PoolRunnable step) {
    return pool -> {
      check();
      step.run(pool);
    };
  }

  private void check() {
    for (long i = 0; i < samples; i++) {
      int position = positions.getAtIndex(JAVA_INT, i);
      if (position < 0 || position >= bound) {
        throw new IndexOutOfBoundsException(
            "position %d of sample %d is none of the %d at which the rows fit"
                .formatted(position, i, bound));
      }
    }
  }
}
