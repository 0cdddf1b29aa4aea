package org.lanewise.samples.mnist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;
import static org.lanewise.samples.idx.IdxWriter.BYTES;
import static org.lanewise.samples.idx.IdxWriter.gzip;
import static org.lanewise.samples.idx.IdxWriter.idx;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.lanewise.nn.io.MalformedFileException;
import org.lanewise.samples.idx.Damage;
import org.lanewise.samples.idx.IdxFile;
import org.lanewise.samples.idx.IdxWriter;
import org.lanewise.samples.picture.ImageFiles;

/**
 * Damages whole files in ways that follow from a seed, and reads them: that has to succeed or to
 * end in a {@link MalformedFileException}, soon, and within the memory that tests have.
 */
abstract class DamagedFiles {
  private static final double MOST_SECONDS = 20;

  private final int inputs;

  @TempDir private Path folder;

  DamagedFiles(int inputs) {
    this.inputs = inputs;
  }

  private interface Reader {
    void read(Path file) throws IOException;
  }

  static Stream<Arguments> readers() {
    byte[] elements = new byte[300];
    new SplittableRandom(1).nextBytes(elements);
    byte[] idx = idx(BYTES, elements, 3, 10, 10);
    BufferedImage colors = ImageFiles.image(64, 40, BufferedImage.TYPE_INT_RGB);
    BufferedImage gray = ImageFiles.image(40, 64, BufferedImage.TYPE_BYTE_GRAY);
    BufferedImage transparent = ImageFiles.image(40, 40, BufferedImage.TYPE_INT_ARGB);
    return Stream.of(
        reader("IDX", idx, DamagedFiles::readIdx),
        reader("IDX in gzip", gzip(idx), DamagedFiles::readIdx),
        arguments(
            "gzip of IDX",
            idx,
            (UnaryOperator<byte[]>) IdxWriter::gzip,
            (Reader) DamagedFiles::readIdx),
        reader("PNG", ImageFiles.encode(colors, "png"), HandwrittenDigit::read),
        reader("transparent PNG", ImageFiles.encode(transparent, "png"), HandwrittenDigit::read),
        reader("JPEG", ImageFiles.encode(colors, "jpeg"), HandwrittenDigit::read),
        reader("progressive JPEG", ImageFiles.progressiveJpeg(gray), HandwrittenDigit::read),
        reader(
            "Exif", ImageFiles.withExif(ImageFiles.encode(gray, "jpeg")), HandwrittenDigit::read),
        reader("GIF", ImageFiles.encode(colors, "gif"), HandwrittenDigit::read),
        reader("BMP", ImageFiles.encode(colors, "bmp"), HandwrittenDigit::read));
  }

  private static Arguments reader(String name, byte[] intact, Reader reader) {
    return arguments(name, intact, UnaryOperator.<byte[]>identity(), reader);
  }

  private static void readIdx(Path file) throws IOException {
    IdxFile.read(file, 1 << 20);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("readers")
  void areReadOrRefused(String name, byte[] intact, UnaryOperator<byte[]> packing, Reader reader)
      throws IOException {
    reader.read(Files.write(folder.resolve("intact"), packing.apply(intact)));
    int refused = 0;
    for (int seed = 0; seed < inputs; seed++) {
      byte[] damaged = new Damage(new SplittableRandom(seed)).of(intact);
      // A new file each time, since to empty one waits for the disk.
      Path file = Files.write(folder.resolve("damaged" + seed), packing.apply(damaged));
      double start = seconds();
      try {
        reader.read(file);
      } catch (MalformedFileException _) {
        refused++;
      } catch (Throwable failure) {
        throw new AssertionError("%s with damage %d".formatted(name, seed), failure);
      }
      Files.delete(file);
      assertThat(seconds() - start)
          .as("seconds for %s with damage %d", name, seed)
          .isLessThan(MOST_SECONDS);
    }
    assertThat(refused).isPositive();
  }

  /** Time that this thread has had: other processes do not count. */
  private static double seconds() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() * 1e-9;
  }
}
