package org.lanewise.kernels.arrays;

import org.lanewise.kernels.parallel.RangeTask;
import org.lanewise.kernels.parallel.WorkerPool;
import org.lanewise.kernels.simd.VectorBits;

/** Runs kernels on a pool. */
final class Dispatch {
  private Dispatch() {}

  /**
   * Runs a kernel.
   *
   * @param arrays what it accesses; any thread may
   */
  static void run(WorkerPool pool, RangeTask task, Object... arrays) {
    VectorBits.requireValid();
    task.run(pool);
  }
}
