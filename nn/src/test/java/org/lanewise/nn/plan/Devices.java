package org.lanewise.nn.plan;

import static org.junit.jupiter.api.Assumptions.abort;

import org.lanewise.kernels.backend.Backend;
import org.lanewise.kernels.backend.BackendUnavailableException;
import org.lanewise.kernels.backend.Backends;

/** Backends for tests that run on all of them. */
final class Devices {
  private Devices() {}

  /** Opens a backend. Where its device is missing, the test is skipped and says why. */
  static Backend open(String name) {
    try {
      return Backends.open(name, 2);
    } catch (BackendUnavailableException missing) {
      return abort(missing.getMessage());
    }
  }
}
