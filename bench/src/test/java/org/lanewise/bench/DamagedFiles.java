package org.lanewise.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Damages the text files that commands read, in ways that follow from a seed: they are read, or
 * refused in one printable line.
 */
abstract class DamagedFiles {
  private static final String FORKS =
      """
      [{"benchmark": "org.lanewise.bench.gemm.GemmBenchmark.product", "params": {"size": "64"},
        "primaryMetric": {"scoreUnit": "us/op", "rawData": [[3, 1, 2], [1e1, "NaN"]]}}]
      """;

  private static final String SHAPES = "# m x k x n\n12x3x4 TN\n5x6x7 # default\n\n1x1x1\n";

  /** What is put in the place of a few characters. */
  private static final String[] PIECES = {
    "",
    "0",
    "-1",
    "1e999",
    "9999999999",
    "\"",
    "[",
    "]",
    "[]",
    "{}",
    "null",
    ",",
    "x",
    "×",
    "#",
    "\n",
    "\\u001b",
    "\u001b[2J",
    "\u202e",
    "\0",
    "\u00ff"
  };

  private final int inputs;

  @TempDir private Path folder;

  DamagedFiles(int inputs) {
    this.inputs = inputs;
  }

  static Stream<Arguments> commands() {
    return Stream.of(
        arguments(FORKS, new String[] {"forks"}),
        // Nothing is to be measured: the JSON cannot be written, which is found out after reading.
        arguments(SHAPES, new String[] {"gemm", "--no-openblas", "--json=/", "--shapes"}));
  }

  @ParameterizedTest
  @MethodSource("commands")
  void areReadOrRefusedInALine(String intact, String[] command) throws IOException {
    String[] arguments = Arrays.copyOf(command, command.length + 1);
    int refused = 0;
    for (int seed = 0; seed < inputs; seed++) {
      // A new file each time, since to empty one waits for the disk.
      Path file = folder.resolve("damaged" + seed);
      Files.write(file, damage(intact, new SplittableRandom(seed)));
      arguments[command.length] = file.toString();
      StringWriter out = new StringWriter();
      StringWriter err = new StringWriter();
      int exitCode = Main.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);

      Files.delete(file);
      assertThat(exitCode).as("exit code of damage %d, %s", seed, err).isIn(0, 2);
      assertThat(err.toString()).hasLineCount(exitCode == 0 ? 0 : 1);
      assertThat(out.toString() + err)
          .as("output of damage %d", seed)
          .doesNotContainPattern("[\\p{Cc}\\p{Cf}&&[^\n]]");
      refused += err.toString().contains(file.toString()) ? 1 : 0;
    }
    assertThat(refused).isBetween(inputs / 4, inputs - 1);
  }

  private static byte[] damage(String intact, SplittableRandom random) {
    String damaged = intact;
    for (int changes = random.nextInt(1, 4); changes > 0; changes--) {
      int from = random.nextInt(damaged.length() + 1);
      int to = Math.min(damaged.length(), from + random.nextInt(4));
      String piece = PIECES[random.nextInt(PIECES.length)];
      damaged = damaged.substring(0, from) + piece + damaged.substring(to);
    }
    byte[] bytes = damaged.getBytes(StandardCharsets.UTF_8);
    if (random.nextInt(8) == 0) {
      bytes[random.nextInt(bytes.length)] ^= (byte) 0x80; // no UTF-8 any more
    }
    return random.nextInt(8) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes;
  }
}
