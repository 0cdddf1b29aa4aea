package org.lanewise.kernels.backend.scalar;

import org.lanewise.kernels.backend.host.HostBackend;
import org.lanewise.kernels.parallel.WorkerPool;

/** Runs ops with the scalar twins on the calling thread: the oracle for every other backend. */
public final class ScalarBackend extends HostBackend {
  /** A backend of its own. */
  public ScalarBackend() {
    super(ScalarKernels.ALL, new WorkerPool(1));
  }

  @Override
  public String name() {
    return "scalar";
  }

  @Override
  public String description() {
    return "scalar twins, 1 thread";
  }
}
