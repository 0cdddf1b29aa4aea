package org.lanewise.kernels.parallel;

import java.util.concurrent.atomic.AtomicInteger;

/** Prints twice how many threads the shared pool has and how many parts it ran, or its refusal. */
final class SharedPoolProcess {
  private static final int PARTS = 100;

  private SharedPoolProcess() {}

  public static void main(String[] args) {
    for (int i = 0; i < 2; i++) {
      try {
        WorkerPool pool = WorkerPool.shared();
        AtomicInteger runs = new AtomicInteger();
        pool.run(PARTS, (_, _) -> runs.incrementAndGet());
        System.out.println(pool.threads() + " threads, " + runs + " parts");
      } catch (IllegalStateException refused) {
        System.out.println(refused.getMessage());
      }
    }
  }
}
