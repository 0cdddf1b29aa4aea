package org.lanewise.kernels.parallel;

/**
 * What happens to a thread whose memory is closed while it uses it: the JVM interrupts it, as it
 * does to get any thread's attention, and the access throws. The interrupt tells nobody anything,
 * and must not be there when the thread next waits for something.
 */
final class ClosedMemory {
  private static final String MEMORY_ACCESS = "jdk.internal.foreign.";

  private ClosedMemory() {}

  /** Whether an access to closed memory has thrown it. */
  static boolean isCauseOf(IllegalStateException thrown) {
    StackTraceElement[] trace = thrown.getStackTrace();
    return trace.length > 0 && trace[0].getClassName().startsWith(MEMORY_ACCESS);
  }
}
