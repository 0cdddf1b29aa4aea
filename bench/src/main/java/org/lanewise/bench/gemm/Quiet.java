package org.lanewise.bench.gemm;

/**
 * Waits until no thread of this process computes any more.
 *
 * <p>After a product, the worker threads of a library spin for a while, since the next one usually
 * follows at once: OpenBLAS's for 2²⁸ cycles (0.1 s), those of MKL's OpenMP for 0.2 s, Lanewise's
 * for some hundred µs. They may, that is part of how fast a library is, so no environment variable
 * forbids it; but they must not take the processors from the next one to be measured. So between
 * two slices of a measurement this thread sleeps until the process's own use of the processors,
 * which it watches, is over.
 */
public final class Quiet {
  private static final long NAP_MILLIS = 2;
  private static final long MAX_NAPS = 250;

  /** A quarter of a nap: more than the naps themselves take, less than a thread that spins. */
  private static final long BUSY_MICROS = NAP_MILLIS * 1000 / 4;

  private Quiet() {}

  /** Returns when nothing runs, or after half a second. */
  public static void await() {
    for (int nap = 0; nap < MAX_NAPS; nap++) {
      long before = ProcessorTime.micros();
      try {
        Thread.sleep(NAP_MILLIS);
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        return;
      }
      if (ProcessorTime.micros() - before < BUSY_MICROS) {
        return;
      }
    }
  }
}
