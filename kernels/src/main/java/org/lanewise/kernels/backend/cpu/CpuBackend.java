package org.lanewise.kernels.backend.cpu;

import org.lanewise.kernels.backend.host.HostBackend;
import org.lanewise.kernels.parallel.WorkerPool;
import org.lanewise.kernels.simd.Lanes;
import org.lanewise.kernels.simd.VectorBits;

/**
 * Runs ops with the SIMD kernels on a worker pool of its own. Results have the same bits for any
 * number of threads.
 */
public final class CpuBackend extends HostBackend {
  private final int threads;

  /**
   * A backend with its own threads.
   *
   * @param threads 1 to 1024
   * @throws IllegalStateException if the system property {@code lanewise.vector.bits} is neither
   *     128 nor 256 nor 512
   */
  public CpuBackend(int threads) {
    VectorBits.requireValid();
    super(SimdKernels.ALL, new WorkerPool(threads));
    this.threads = threads;
  }

  @Override
  public String name() {
    return "cpu";
  }

  @Override
  public String description() {
    return "%d-bit vectors, %d thread%s"
        .formatted(Lanes.F32.vectorBitSize(), threads, threads == 1 ? "" : "s");
  }
}
