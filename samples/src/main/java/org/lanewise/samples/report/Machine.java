package org.lanewise.samples.report;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What a report says about the computer it was made on. */
public final class Machine {
  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");
  private static final String CPU_MODEL = "model name";

  private Machine() {}

  /**
   * Properties by name.
   *
   * @param device the backend in words
   */
  public static Map<String, String> describe(String device) {
    Map<String, String> properties = new LinkedHashMap<>();
    processor().ifPresent(model -> properties.put("Processor", model));
    properties.put("Processors", Integer.toString(Runtime.getRuntime().availableProcessors()));
    properties.put("Device", device);
    properties.put(
        "JDK",
        "%s, %s"
            .formatted(System.getProperty("java.vm.version"), System.getProperty("java.vendor")));
    properties.put(
        "System",
        "%s %s, %s"
            .formatted(
                System.getProperty("os.name"),
                System.getProperty("os.version"),
                System.getProperty("os.arch")));
    return properties;
  }

  private static Optional<String> processor() {
    try (BufferedReader reader = Files.newBufferedReader(CPU_INFO)) {
      return reader
          .lines()
          .filter(line -> line.startsWith(CPU_MODEL))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst();
    } catch (IOException _) {
      return Optional.empty(); // not Linux
    }
  }
}
