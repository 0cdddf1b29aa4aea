package org.lanewise.kernels.parallel;

/** Work that is shared out over the threads of a pool. */
@FunctionalInterface
public interface PoolRunnable {
  /** Runs on as many of the pool's threads as pay. */
  void run(WorkerPool pool);
}
