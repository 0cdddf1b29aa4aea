package org.lanewise.kernels.backend;

/** The host has one device. */
final class HostDevice {
  private HostDevice() {}

  static void requireDefault(String backend, String device) {
    if (!device.isEmpty()) {
      throw new BackendUnavailableException(
          "the backend '%s' has one device; '%s:%s' does not exist"
              .formatted(backend, backend, device));
    }
  }
}
