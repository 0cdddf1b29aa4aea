package org.lanewise.kernels.backend.cpu;

import org.lanewise.kernels.backend.Backend;
import org.lanewise.kernels.backend.BackendProvider;
import org.lanewise.kernels.backend.host.HostDevice;

/** Provides {@link CpuBackend} as {@code cpu}. */
public final class CpuBackendProvider implements BackendProvider {
  /** For {@link java.util.ServiceLoader}. */
  public CpuBackendProvider() {}

  @Override
  public String name() {
    return "cpu";
  }

  @Override
  public Backend open(String device, int threads) {
    HostDevice.requireDefault(name(), device);
    return new CpuBackend(threads);
  }
}
