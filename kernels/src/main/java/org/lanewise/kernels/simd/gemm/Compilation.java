package org.lanewise.kernels.simd.gemm;

/**
 * Has the JIT compile kernels before they are needed.
 *
 * <p>Until it is compiled, vector code is a thousand times slower. The JIT compiles a method after
 * some thousand calls, or some ten thousand iterations of its loops, whichever is first, and a
 * product of 512³ is all iterations: it takes a second to get there, and on the way makes the JIT
 * compile the Vector API's own fallbacks first. Calls with nothing to do count as much as others
 * and cost nothing. Between them, small products take every branch, lest compiled code give up at
 * one that the JIT has never seen taken.
 */
public final class Compilation {
  /** Well above the time of a probe by compiled kernels, and far below that of interpreted ones. */
  private static final long COMPILED_NANOS = 25_000;

  private static final long PATIENCE_NANOS = 1_000_000_000;

  private Compilation() {}

  /**
   * Returns when kernels are compiled, or after a second.
   *
   * @param calls of all kernels, most of them with nothing to do
   * @param probe some products, whose time shows whether the kernels are compiled
   */
  public static void await(Runnable calls, Runnable probe) {
    long begin = System.nanoTime();
    long start;
    do {
      calls.run();
      start = System.nanoTime();
      probe.run();
    } while (System.nanoTime() - start > COMPILED_NANOS && start - begin < PATIENCE_NANOS);
  }
}
