package org.lanewise.ffi.opencl.backend;

import java.util.List;
import java.util.function.Supplier;
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
  public List<String> devices() {
    return orUnavailable(
        () -> OpenCl.devices().stream().map(device -> name() + ":" + device.index()).toList());
  }

  @Override
  public Backend open(String device, int threads) {
    return orUnavailable(
        () -> new OpenClBackend(OpenCl.device(device), Settings.fromProperties(threads)));
  }

  private static <T> T orUnavailable(Supplier<T> devices) {
    try {
      return devices.get();
    } catch (NoOpenClException missing) {
      throw new BackendUnavailableException(missing.getMessage());
    }
  }
}
