package org.lanewise.bench.gemm;

/**
 * How long calls took.
 *
 * @param secondsPerCall the time of one
 * @param processors how many processors the process used meanwhile
 */
public record Timing(double secondsPerCall, double processors) {
  private static final int STEADY_SLICES = 4;
  private static final double FASTER = 0.98;
  private static final double MAX_WARM_UP = 3;

  /** Calls so many times. */
  public static Timing of(Runnable call, int calls) {
    long processorMicros = ProcessorTime.micros();
    long start = System.nanoTime();
    for (int i = 0; i < calls; i++) {
      call.run();
    }
    double seconds = (System.nanoTime() - start) * 1e-9;
    double processorSeconds = (ProcessorTime.micros() - processorMicros) * 1e-6;
    return new Timing(seconds / calls, processorSeconds / seconds);
  }

  /** How many calls take that many seconds: at least one. */
  public int calls(double seconds) {
    return Math.clamp(Math.round(seconds / secondsPerCall), 1, 1_000_000_000);
  }

  /**
   * Calls until several slices in a row bring nothing, or for three seconds more than {@code
   * least}.
   *
   * @param slice seconds of a slice
   * @param least seconds that it takes at least: until then the JIT may not have begun
   * @return the fastest slice, with the most processors used in a slice since the last gain: before
   *     that, the JIT's are among them
   */
  public static Timing warmUp(Runnable call, double slice, double least) {
    long start = System.nanoTime();
    Timing best = of(call, 1);
    double processors = 0;
    int steady = 0;
    double elapsed = 0;
    while (elapsed < least + MAX_WARM_UP && (steady < STEADY_SLICES || elapsed < least)) {
      Timing timing = of(call, best.calls(slice));
      if (timing.secondsPerCall < best.secondsPerCall * FASTER) {
        steady = 0;
        processors = timing.processors;
      } else {
        steady++;
        processors = Math.max(processors, timing.processors);
      }
      if (timing.secondsPerCall < best.secondsPerCall) {
        best = timing;
      }
      elapsed = (System.nanoTime() - start) * 1e-9;
    }
    return new Timing(best.secondsPerCall, processors);
  }
}
