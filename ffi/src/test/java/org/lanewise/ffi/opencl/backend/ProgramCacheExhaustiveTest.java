package org.lanewise.ffi.opencl.backend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lanewise.ffi.opencl.Context;
import org.lanewise.ffi.opencl.Device;
import org.lanewise.ffi.opencl.TestDevice;

/** A thousand damaged files of a program, each made anew. It is one of the slow tests. */
class ProgramCacheExhaustiveTest {
  private static final int FILES = 1000;

  @TempDir private Path folder;

  @Test
  void makesEveryDamagedFileAnew() throws IOException {
    Device device = TestDevice.find();
    compileOrLoad(device);
    Path file = file();
    byte[] whole = Files.readAllBytes(file);
    var written = Files.getLastModifiedTime(file);
    compileOrLoad(device);
    assertThat(Files.getLastModifiedTime(file)).as("a whole file is kept").isEqualTo(written);

    Random random = new Random(3);
    for (int i = 0; i < FILES; i++) {
      byte[] damaged = damaged(whole, i, random);
      Files.write(file, damaged);
      compileOrLoad(device);
      assertThat(file()).isEqualTo(file);
      assertThat(Files.readAllBytes(file))
          .as("file %d, made anew", i)
          .hasSize(whole.length)
          .isNotEqualTo(damaged);
    }
  }

  private static byte[] damaged(byte[] whole, int i, Random random) {
    byte[] damaged =
        i % 4 == 0 ? Arrays.copyOf(whole, random.nextInt(2 * whole.length - 1)) : whole.clone();
    for (int bytes = i % 4; bytes > 0; bytes--) {
      damaged[random.nextInt(damaged.length)] ^= (byte) (1 + random.nextInt(255));
    }
    return damaged;
  }

  /** As a process does that finds the folder as it is. */
  private void compileOrLoad(Device device) {
    try (Context context = new Context(device, Duration.ofSeconds(60))) {
      Programs programs = new Programs(context, new ProgramCache(folder));
      programs.kernel("fill.cl", "fill", "");
      programs.save();
    }
  }

  private Path file() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .reduce((_, _) -> {
            throw new AssertionError("more than one file");
          })
          .orElseThrow();
    }
  }
}
