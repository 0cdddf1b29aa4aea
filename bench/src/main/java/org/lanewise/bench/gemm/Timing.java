package org.lanewise.bench.gemm;

/** How long a call takes. */
final class Timing {
  private static final int STEADY_SLICES = 4;
  private static final double FASTER = 0.98;
  private static final double MAX_WARM_UP = 3;

  private Timing() {}

  /** Seconds per call, over so many calls. */
  static double secondsPerCall(Runnable call, int calls) {
    long start = System.nanoTime();
    for (int i = 0; i < calls; i++) {
      call.run();
    }
    return (System.nanoTime() - start) * 1e-9 / calls;
  }

  /** How many calls take that many seconds: at least one. */
  static int calls(double seconds, double secondsPerCall) {
    return Math.clamp(Math.round(seconds / secondsPerCall), 1, 1_000_000_000);
  }

  /**
   * Calls until several slices in a row bring nothing, or for three seconds.
   *
   * @param slice seconds of a slice
   * @param least how many slices it takes at least: until then the JIT may not have begun
   * @return seconds per call in the fastest slice
   */
  static double warmUp(Runnable call, double slice, int least) {
    long start = System.nanoTime();
    double best = secondsPerCall(call, 1);
    int steady = 0;
    double elapsed = 0;
    while (elapsed < MAX_WARM_UP && (steady < STEADY_SLICES || elapsed < least * slice)) {
      double seconds = secondsPerCall(call, calls(slice, best));
      steady = seconds < best * FASTER ? 0 : steady + 1;
      best = Math.min(best, seconds);
      elapsed = (System.nanoTime() - start) * 1e-9;
    }
    return best;
  }
}
