package org.lanewise.nn;

import java.util.stream.Stream;
import org.lanewise.kernels.backend.Backends;

/** All devices for a test of sessions, the CPU with one thread and with two. */
public final class DevicesAndThreads {
  private DevicesAndThreads() {}

  /** Names of devices and numbers of threads, as a parameterized test takes them. */
  public static Stream<Object[]> all() {
    return Backends.names().stream()
        .flatMap(name ->
            name.equals("cpu")
                ? Stream.of(new Object[] {name, 1}, new Object[] {name, 2})
                : Stream.<Object[]>of(new Object[] {name, 1}));
  }
}
