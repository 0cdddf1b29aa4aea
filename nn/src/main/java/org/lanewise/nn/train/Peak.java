package org.lanewise.nn.train;

import org.lanewise.kernels.backend.Backend;
import org.lanewise.kernels.backend.Speed;

/**
 * The peak of a training's device, which is measured once, when training has run long enough for
 * the kernels to be compiled: at the start that would take seconds, and tell less.
 */
final class Peak {
  /** By then the JIT has compiled the products of any model that is large enough to matter. */
  private static final long WARM_UP_NANOS = 2_000_000_000L;

  private final Backend backend;
  private double flops = Double.NaN;
  private long firstCall;

  /**
   * A peak that is not known yet.
   *
   * @param backend what it is measured on, or null if it is not wanted
   */
  Peak(Backend backend) {
    this.backend = backend;
  }

  /** Operations per second in matrix products; NaN if it is not measured. */
  double flops() {
    return flops;
  }

  /**
   * Measures it when training has run for two seconds since the first call, unless that is done or
   * not wanted.
   *
   * @return how long measuring took, in nanoseconds
   */
  long measureWhenWarm() {
    if (firstCall == 0) {
      firstCall = System.nanoTime();
    }
    return System.nanoTime() - firstCall < WARM_UP_NANOS ? 0 : measure();
  }

  /**
   * Measures it, unless that is done or not wanted.
   *
   * @return how long measuring took, in nanoseconds
   */
  long measure() {
    if (backend == null || !Double.isNaN(flops)) {
      return 0;
    }
    long start = System.nanoTime();
    flops = Speed.products(backend);
    return System.nanoTime() - start;
  }
}
