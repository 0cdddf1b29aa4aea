package org.lanewise.kernels.backend;

import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;

/** The backends on the module path. */
public final class Backends {
  private Backends() {}

  /** Names of all backends, sorted. */
  public static List<String> names() {
    return providers().stream().map(BackendProvider::name).toList();
  }

  /**
   * What {@link #open} calls the devices of a backend.
   *
   * @param name the backend's
   * @throws BackendUnavailableException if there is none
   */
  public static List<String> devices(String name) {
    return provider(name).devices();
  }

  /**
   * Opens a backend.
   *
   * @param device a backend's name, or {@code name:device} as the backend defines it
   * @param threads threads that host code may use, at least 1
   * @throws BackendUnavailableException if there is none of that name or the device is missing
   */
  public static Backend open(String device, int threads) {
    int colon = device.indexOf(':');
    String name = colon < 0 ? device : device.substring(0, colon);
    return provider(name).open(colon < 0 ? "" : device.substring(colon + 1), threads);
  }

  private static BackendProvider provider(String name) {
    return providers().stream()
        .filter(provider -> provider.name().equals(name))
        .findFirst()
        .orElseThrow(() ->
            new BackendUnavailableException(
                "no device '%s': there are %s".formatted(name, String.join(", ", names()))));
  }

  private static List<BackendProvider> providers() {
    return ServiceLoader.load(BackendProvider.class, Backends.class.getClassLoader()).stream()
        .map(ServiceLoader.Provider::get)
        .sorted(Comparator.comparing(BackendProvider::name))
        .toList();
  }
}
