package org.lanewise.kernels.backend;

/** Is told when a thread of a backend has run parts of an op. */
@FunctionalInterface
public interface PartWatcher {
  /**
   * Parts have ended. Called on the thread that ran them; must be quick, and not throw.
   *
   * @param thread its number, from 0, which is the thread that runs the steps
   * @param parts how many
   * @param start of the first part, by {@link System#nanoTime}
   * @param end of the last part, by the same clock
   */
  void ran(int thread, int parts, long start, long end);
}
