package org.lanewise.ffi.opencl.backend;

import java.nio.file.Path;
import java.time.Duration;
import org.lanewise.ffi.opencl.Device;

/**
 * How a device is used.
 *
 * @param kernels which family of kernels runs
 * @param strict whether an op that the device cannot run is refused
 * @param threads of the host, for ops that run there
 * @param timeout how long to wait for the device before it counts as hanging
 * @param cache folder of compiled programs
 */
public record Settings(Kernels kernels, boolean strict, int threads, Duration timeout, Path cache) {
  /** Families of kernels. */
  public enum Kernels {
    /** Those of processors, if the device is one, else those of graphics cards. */
    OF_DEVICE,
    /** A work item is a group of its own, and has large vectors. */
    CPU,
    /** Work items in groups share local memory. */
    GPU
  }

  private static final Duration TIMEOUT = Duration.ofMinutes(2);

  private static final String STRICT = "lanewise.opencl.strict";
  private static final String SECONDS = "lanewise.opencl.timeout";

  /**
   * What the system properties {@code lanewise.opencl.strict} (true or false), {@code
   * lanewise.opencl.timeout} (seconds) and {@code lanewise.opencl.cache} (folder; the user's cache
   * if it is empty or not set) say.
   *
   * @param threads of the host, for ops that run there
   * @throws IllegalArgumentException if one of them says something else; the message names it
   */
  public static Settings fromProperties(int threads) {
    return new Settings(
        Kernels.OF_DEVICE,
        strictProperty(),
        threads,
        timeoutProperty(),
        cacheFolder(System.getProperty("lanewise.opencl.cache", "")));
  }

  private static Path cacheFolder(String set) {
    return set.isEmpty()
        ? ProgramCache.defaultFolder(
            System.getenv("XDG_CACHE_HOME"), System.getProperty("user.home"))
        : Path.of(set);
  }

  private static boolean strictProperty() {
    String text = System.getProperty(STRICT, "false");
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default ->
          throw new IllegalArgumentException(
              STRICT + " must be true or false but is '%s'".formatted(text));
    };
  }

  private static Duration timeoutProperty() {
    String text = System.getProperty(SECONDS, Long.toString(TIMEOUT.toSeconds()));
    if (!text.matches("[0-9]{1,18}") || Long.parseLong(text) == 0) {
      throw new IllegalArgumentException(
          SECONDS + " must be a number of whole seconds, at least 1, but is '%s'".formatted(text));
    }
    return Duration.ofSeconds(Long.parseLong(text));
  }

  /** The same, with or without refusing ops that the device cannot run. */
  public Settings withStrict(boolean strict) {
    return new Settings(kernels, strict, threads, timeout, cache);
  }

  /** The same with a family of kernels. */
  public Settings withKernels(Kernels kernels) {
    return new Settings(kernels, strict, threads, timeout, cache);
  }

  /** Whether the kernels are to be those of processors. */
  boolean runsCpuKernels(Device device) {
    return switch (kernels) {
      case OF_DEVICE -> device.type() == Device.Type.CPU;
      case CPU -> true;
      case GPU -> false;
    };
  }
}
