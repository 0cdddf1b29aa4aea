package org.lanewise.kernels;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.parallel.RangeTask;
import org.lanewise.kernels.parallel.WorkerPool;
import org.lanewise.kernels.simd.VectorBits;

/** Runs kernels on a pool, or where only the calling thread can access their memory, on it. */
final class Dispatch {
  /** A thread that owns no memory: what is accessible to it is not confined. */
  private static final Thread ANOTHER = Thread.ofPlatform().unstarted(() -> {});

  private Dispatch() {}

  /**
   * Runs a kernel.
   *
   * @param segments what the kernel accesses; null stands for none
   */
  static void run(WorkerPool pool, RangeTask task, MemorySegment... segments) {
    VectorBits.requireValid();
    if (isConfined(segments)) {
      task.run(0, 1);
    } else {
      task.run(pool);
    }
  }

  /** Whether only the calling thread can access one of the segments; null stands for none. */
  static boolean isConfined(MemorySegment... segments) {
    for (MemorySegment segment : segments) {
      if (segment != null && isConfined(segment)) {
        return true;
      }
    }
    return false;
  }

  /** Whether only the calling thread can access a segment. */
  static boolean isConfined(MemorySegment segment) {
    return !segment.isAccessibleBy(ANOTHER);
  }
}
