package org.lanewise.ffi.opencl.backend;

import org.lanewise.ffi.opencl.NoOpenClException;
import org.lanewise.ffi.opencl.OpenCl;
import org.lanewise.kernels.backend.Backend;
import org.lanewise.kernels.backend.BackendProvider;
import org.lanewise.kernels.backend.BackendUnavailableException;

/**
 * Provides {@link OpenClBackend} as {@code opencl}, {@code opencl:1} or {@code opencl:part of a
 * name}.
 */
public final class OpenClBackendProvider implements BackendProvider {
  /** For {@link java.util.ServiceLoader}. */
  public OpenClBackendProvider() {}

  @Override
  public String name() {
    return "opencl";
  }

  @Override
  public Backend open(String device, int threads) {
    try {
      return new OpenClBackend(OpenCl.device(device), Settings.fromProperties(threads));
    } catch (NoOpenClException missing) {
      BackendUnavailableException unavailable =
          new BackendUnavailableException(missing.getMessage());
      unavailable.initCause(missing);
      throw unavailable;
    }
  }
}
