package org.lanewise.samples.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lanewise.nn.io.MalformedFileException;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PictureFileTest {
  @TempDir private Path folder;

  private Grayscale read(byte[] content) throws IOException {
    return PictureFile.read(write(content));
  }

  private Path write(byte[] content) throws IOException {
    return Files.write(folder.resolve("picture"), content);
  }

  private void assertRefused(byte[] content, String fault) throws IOException {
    Path file = write(content);
    assertThatThrownBy(() -> PictureFile.read(file))
        .isInstanceOf(MalformedFileException.class)
        .hasMessageStartingWith(file + ": ")
        .hasMessageContaining(fault);
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "jpeg", "gif", "bmp"})
  void readsEachFormat(String format) throws IOException {
    Grayscale picture =
        read(ImageFiles.encode(ImageFiles.image(64, 40, BufferedImage.TYPE_INT_RGB), format));

    assertThat(picture.width()).isEqualTo(64);
    assertThat(picture.height()).isEqualTo(40);
    assertThat(picture.at(12, 12)).isCloseTo(0, within(0.02f));
    assertThat(picture.at(50, 30)).isCloseTo(1, within(0.02f));
  }

  @ParameterizedTest
  @ValueSource(strings = {"tiff", "wbmp"})
  void readsNoOther(String format) throws IOException {
    assertRefused(
        ImageFiles.encode(ImageFiles.image(64, 40, BufferedImage.TYPE_BYTE_BINARY), format),
        "not a PNG, JPEG, GIF or BMP image");
  }

  @Test
  void aPixelIsTheMeanOfThoseThatItStandsFor() throws IOException {
    BufferedImage image = new BufferedImage(2500, 7, BufferedImage.TYPE_BYTE_GRAY);
    for (int x = 0; x < 2500; x += 3) {
      image.getRaster().setSample(x, 1, 0, 255);
    }
    Grayscale picture = read(ImageFiles.encode(image, "png"));

    assertThat(picture.width()).isEqualTo(834);
    assertThat(picture.height()).isEqualTo(3);
    for (int x = 0; x < 833; x++) {
      assertThat(picture.at(x, 0)).isCloseTo(1 / 9f, within(1e-6f));
      assertThat(picture.at(x, 1)).isZero();
    }
    assertThat(picture.at(833, 0)).isCloseTo(1 / 3f, within(1e-6f)); // a column alone
  }

  @Test
  void transparentCornersOfASheetAreSheet() throws IOException {
    BufferedImage image = ImageFiles.image(64, 40, BufferedImage.TYPE_INT_ARGB);
    for (int y = 0; y < 4; y++) {
      for (int x = 0; x < 4; x++) {
        image.setRGB(x, y, 0);
      }
    }
    assertThat(read(ImageFiles.encode(image, "png")).at(1, 1)).isEqualTo(1);
  }

  /** Where the dark corner of a picture is seen, whose left upper corner it is as stored. */
  static Stream<Arguments> orientations() {
    return Stream.of(
        arguments(0, true, true, false),
        arguments(1, true, true, false),
        arguments(2, false, true, false),
        arguments(3, false, false, false),
        arguments(4, true, false, false),
        arguments(5, true, true, true),
        arguments(6, false, true, true),
        arguments(7, false, false, true),
        arguments(8, true, false, true),
        arguments(9, true, true, false));
  }

  @ParameterizedTest
  @MethodSource("orientations")
  void turnsUpright(int orientation, boolean left, boolean top, boolean turned) throws IOException {
    BufferedImage stored = ImageFiles.image(64, 40, BufferedImage.TYPE_BYTE_GRAY);
    byte[] jpeg = ImageFiles.encode(stored, "jpeg");
    byte[] png = ImageFiles.encode(stored, "png");
    for (byte[] file :
        new byte[][] {
          ImageFiles.insert(jpeg, ImageFiles.exifSegment(orientation, ByteOrder.BIG_ENDIAN)),
          ImageFiles.insert(jpeg, ImageFiles.exifSegment(orientation, ByteOrder.LITTLE_ENDIAN)),
          ImageFiles.withExifChunk(png, orientation)
        }) {
      Grayscale seen = read(file);
      assertThat(seen.width()).isEqualTo(turned ? 40 : 64);
      assertThat(seen.height()).isEqualTo(turned ? 64 : 40);
      // The ink is 8 to 24 of 64 from one side and 5 to 25 of 40 from the other.
      int along = 10;
      int across = 22;
      int x = turned ? across : along;
      int y = turned ? along : across;
      int fromLeft = left ? x : seen.width() - 1 - x;
      int fromTop = top ? y : seen.height() - 1 - y;
      assertThat(seen.at(fromLeft, fromTop)).isLessThan(0.1f);
      assertThat(seen.at(seen.width() - 1 - fromLeft, seen.height() - 1 - fromTop))
          .isGreaterThan(0.9f);
    }
  }

  /** As a string of the corners a b / c d and what is seen of them. */
  @ParameterizedTest
  @CsvSource({
    "1, abcd", "2, badc", "3, dcba", "4, cdab", "5, acbd", "6, cadb", "7, dbca", "8, bdac"
  })
  void turnsAllCorners(int orientation, String seen) {
    Grayscale upright =
        Orientation.of(orientation).apply(new Grayscale(2, 2, new float[] {0, 1, 2, 3}));
    assertThat(
            IntStream.range(0, 4)
                .mapToObj(i -> String.valueOf((char) ('a' + upright.pixels()[i])))
                .reduce("", String::concat))
        .isEqualTo(seen);
  }

  @Test
  void damagedExifDataSaysNothing() throws IOException {
    byte[] jpeg = ImageFiles.encode(ImageFiles.image(64, 40, BufferedImage.TYPE_BYTE_GRAY), "jpeg");
    byte[] segment = ImageFiles.exifSegment(6, ByteOrder.BIG_ENDIAN).array();
    for (int cut = 10; cut < segment.length - 4; cut++) {
      byte[] part = Arrays.copyOf(segment, cut);
      part[3] = (byte) (cut - 2);
      assertThat(read(ImageFiles.insert(jpeg, java.nio.ByteBuffer.wrap(part))).width())
          .isEqualTo(64);
    }
    segment[14] = -1; // the directory is beyond the end
    assertThat(read(ImageFiles.insert(jpeg, java.nio.ByteBuffer.wrap(segment))).width())
        .isEqualTo(64);
  }

  @Test
  void readsAProgressiveJpeg() throws IOException {
    byte[] file =
        ImageFiles.progressiveJpeg(ImageFiles.image(640, 400, BufferedImage.TYPE_INT_RGB));
    assertThat(read(file).at(120, 120)).isCloseTo(0, within(0.02f));
  }

  @Test
  @Timeout(value = 10, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void refusesAJpegThatIsDecodedTooOften() throws IOException {
    assertRefused(ImageFiles.manyScans(8000, 300), "300 scans of 64,000,000 pixels are too many");
    assertThat(read(ImageFiles.manyScans(800, 300)).width()).isEqualTo(800);
  }

  static Stream<Arguments> bmps() {
    return Stream.of(
        arguments(ImageFiles.bmp(10, 10, 8, 1, Integer.MAX_VALUE), "makes no sense"),
        arguments(ImageFiles.bmp(10, 10, 4, 2, Integer.MAX_VALUE), "makes no sense"),
        arguments(ImageFiles.bmp(10, 10, 8, 1, -1), "makes no sense"),
        arguments(ImageFiles.bmp(0, 10, 24, 0, 0), "makes no sense"),
        arguments(ImageFiles.bmp(8000, 8000, 24, 0, 0), "too short for 8000 × 8000 pixels"),
        arguments(ImageFiles.bmp(-1, 10, 24, 0, 0), "makes no sense"),
        arguments(ImageFiles.bmp(10, Integer.MIN_VALUE, 24, 0, 0), "too short for 10 × 2147483648"),
        arguments(ImageFiles.bmp(10, 10, 0, 4, 100), "compression 4 is not supported"),
        arguments(ImageFiles.bmp(10, 10, 0, 5, 100), "compression 5 is not supported"),
        arguments(Arrays.copyOf(ImageFiles.bmp(1, 1, 24, 0, 0), 40), "the header is cut"));
  }

  @ParameterizedTest
  @MethodSource("bmps")
  void refusesABmpThatClaimsTooMuch(byte[] file, String fault) throws IOException {
    assertRefused(file, fault);
  }

  @Test
  void namesWhatIsNoFile() {
    assertThatThrownBy(() -> PictureFile.read(folder))
        .hasMessage(folder + ": is a directory, not a file");
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void aPipeIsNotWaitedFor() throws Exception {
    Path pipe = folder.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();

    assertThatThrownBy(() -> PictureFile.read(pipe))
        .hasMessage(pipe + ": is a pipe or device, not a file");
  }
}
