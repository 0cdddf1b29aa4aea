package org.lanewise.kernels.backend.scalar;

import org.lanewise.kernels.backend.Backend;
import org.lanewise.kernels.backend.BackendProvider;
import org.lanewise.kernels.backend.host.HostDevice;

/** Provides {@link ScalarBackend} as {@code scalar}. */
public final class ScalarBackendProvider implements BackendProvider {
  /** For {@link java.util.ServiceLoader}. */
  public ScalarBackendProvider() {}

  @Override
  public String name() {
    return "scalar";
  }

  @Override
  public Backend open(String device, int threads) {
    HostDevice.requireDefault(name(), device);
    return new ScalarBackend();
  }
}
