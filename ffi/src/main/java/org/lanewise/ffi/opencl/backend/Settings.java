package org.lanewise.ffi.opencl.backend;

import java.nio.file.Path;
import java.time.Duration;

/**
 * How a device is used.
 *
 * @param strict whether an op that the device cannot run is refused
 * @param threads of the host, for ops that run there
 * @param timeout how long to wait for the device before it counts as hanging
 * @param cache folder of compiled programs
 */
public record Settings(boolean strict, int threads, Duration timeout, Path cache) {
  private static final Duration TIMEOUT = Duration.ofMinutes(2);

  /**
   * What the system properties {@code lanewise.opencl.strict} (true or false), {@code
   * lanewise.opencl.timeout} (seconds) and {@code lanewise.opencl.cache} (folder) say.
   *
   * @param threads of the host, for ops that run there
   */
  public static Settings fromProperties(int threads) {
    return new Settings(
        Boolean.getBoolean("lanewise.opencl.strict"),
        threads,
        Duration.ofSeconds(Long.getLong("lanewise.opencl.timeout", TIMEOUT.toSeconds())),
        Path.of(
            System.getProperty("lanewise.opencl.cache", ProgramCache.defaultFolder().toString())));
  }

  /** The same, with or without refusing ops that the device cannot run. */
  public Settings withStrict(boolean strict) {
    return new Settings(strict, threads, timeout, cache);
  }
}
