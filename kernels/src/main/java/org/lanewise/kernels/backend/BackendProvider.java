package org.lanewise.kernels.backend;

import java.util.List;

/**
 * Opens backends; found with {@link java.util.ServiceLoader}, so that a model runs on devices that
 * it was not compiled against.
 */
public interface BackendProvider {
  /** What {@code --device} calls it: the part before a colon, if any. */
  String name();

  /**
   * What {@code --device} calls each device that is there.
   *
   * @throws BackendUnavailableException if there is none; the message says what is missing
   */
  default List<String> devices() {
    return List.of(name());
  }

  /**
   * Opens a backend.
   *
   * @param device what follows the colon, or an empty string for the default device
   * @param threads threads that host code may use, at least 1
   * @throws BackendUnavailableException if this machine has no such device; the message says what
   *     is missing
   */
  Backend open(String device, int threads);
}
