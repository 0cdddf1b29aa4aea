package org.lanewise.kernels.backend.host;

import org.lanewise.kernels.backend.BackendUnavailableException;

/** The host has one device. */
public final class HostDevice {
  private HostDevice() {}

  /**
   * Refuses any other device.
   *
   * @throws BackendUnavailableException if {@code device} is not empty
   */
  public static void requireDefault(String backend, String device) {
    if (!device.isEmpty()) {
      throw new BackendUnavailableException(
          "the backend '%s' has one device; '%s:%s' does not exist"
              .formatted(backend, backend, device));
    }
  }
}
