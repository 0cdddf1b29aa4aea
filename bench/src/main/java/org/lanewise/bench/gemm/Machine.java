package org.lanewise.bench.gemm;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a measurement was made on.
 *
 * @param cpu the processor's name
 * @param processors how many the JVM may use
 * @param jdk the JVM's version
 * @param vectorBits bits of a vector in Java
 */
record Machine(String cpu, int processors, String jdk, int vectorBits) {
  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

  static Machine current() {
    return new Machine(
        cpuModel(),
        Runtime.getRuntime().availableProcessors(),
        System.getProperty("java.vm.version"),
        FmaPeak.vectorBits());
  }

  private static String cpuModel() {
    try (BufferedReader reader = Files.newBufferedReader(CPU_INFO)) {
      return reader
          .lines()
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(System.getProperty("os.arch"));
    } catch (IOException _) {
      return System.getProperty("os.arch"); // not Linux
    }
  }

  @Override
  public String toString() {
    return "%s, %d processors; JDK %s; %d-bit vectors".formatted(cpu, processors, jdk, vectorBits);
  }
}
