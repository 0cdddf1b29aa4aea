package org.lanewise.samples.mnist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.lanewise.nn.io.MalformedFileException;

class HandwrittenDigitTest {
  private static final int DIGITS = 20;
  private static Digits digits;

  @TempDir private Path folder;

  @BeforeAll
  static void load() throws IOException {
    digits = Digits.test(Path.of("data/mnist"));
  }

  static Stream<Arguments> drawings() {
    return Stream.of(
        drawing("as it is", "png", 0.99, drawing -> drawing),
        drawing("dark on light", "png", 0.99, Drawing::darkOnLight),
        drawing("on a sheet", "png", 0.99, Drawing::onASheet),
        drawing("twice", "png", 0.92, drawing -> drawing.scaled(2)),
        drawing("9 times", "png", 0.92, drawing -> drawing.scaled(9)),
        drawing("40 times", "png", 0.92, drawing -> drawing.scaled(40)),
        drawing("transparent", "png", 0.99, drawing -> drawing.transparent(Color.BLACK)),
        drawing("white on nothing", "png", 0.99, drawing -> drawing.transparent(Color.WHITE)),
        drawing("yellow on nothing", "png", 0.99, drawing -> drawing.transparent(Color.YELLOW)),
        drawing("blue", "png", 0.99, drawing -> drawing.transparent(Color.BLUE)),
        drawing("GIF", "gif", 0.99, Drawing::inColors),
        drawing("BMP", "bmp", 0.99, Drawing::inColors),
        drawing("JPEG", "jpg", 0.92, drawing -> drawing.scaled(4).darkOnLight().inColors()));
  }

  private static Arguments drawing(
      String name, String format, double similarity, UnaryOperator<Drawing> steps) {
    return arguments(name, format, similarity, steps);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("drawings")
  void recoversTheDigitOfTheDatabase(
      String name, String format, double similarity, UnaryOperator<Drawing> steps)
      throws IOException {
    double sum = 0;
    for (int i = 0; i < DIGITS; i++) {
      float[] original = digits.picture(i);
      float[] read = HandwrittenDigit.read(write(steps.apply(Drawing.of(original)), format));
      sum += cosine(original, read);
    }
    assertThat(sum / DIGITS).isGreaterThan(similarity);
  }

  private static double cosine(float[] a, float[] b) {
    return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
  }

  private static double dot(float[] a, float[] b) {
    return IntStream.range(0, a.length).mapToDouble(i -> a[i] * b[i]).sum();
  }

  @Test
  void scalesIntoTheBoxAndCentresTheMass() throws IOException {
    float[] digit = HandwrittenDigit.read(write(Drawing.stroke(), "png"));

    for (int y = 0; y < Digits.SIDE; y++) {
      for (int x = 0; x < Digits.SIDE; x++) {
        float expected = y >= 5 && y < 25 && x >= 12 && x < 17 ? 1 : 0;
        assertThat(digit[y * Digits.SIDE + x]).isCloseTo(expected, within(1e-6f));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"2480, 3508, 3", "4960, 7016, 3", "2480, 3508, 1"})
  void readsThinLinesOnAScannedPage(int width, int height, float pen) throws IOException {
    float[] thin = HandwrittenDigit.read(write(Drawing.four(width, height, pen), "png"));
    float[] thick = HandwrittenDigit.read(write(Drawing.four(width, height, width / 10f), "png"));

    assertThat(cosine(thin, thick)).isGreaterThan(0.95);
  }

  @Test
  void saysThatAPictureIsBlank() throws IOException {
    Path file = write(Drawing.of(new float[Digits.PIXELS]), "png");

    assertThatThrownBy(() -> HandwrittenDigit.read(file))
        .isInstanceOf(MalformedFileException.class)
        .hasMessage(file + ": the picture is blank: no digit to read");
  }

  @Test
  void saysWhatIsWrongWithAFile() throws IOException {
    Path png = write(Drawing.stroke(), "png");
    byte[] whole = Files.readAllBytes(png);

    assertFault(Files.writeString(folder.resolve("text.png"), "no picture"), "not a PNG");
    assertFault(
        Files.write(folder.resolve("cut.png"), Arrays.copyOf(whole, whole.length / 2)),
        "damaged image");
    assertFault(
        Files.write(folder.resolve("huge.png"), withSize(whole, 1 << 20, 1000)),
        "1048576 × 1000 pixels are too many");
    assertThatThrownBy(() -> HandwrittenDigit.read(folder.resolve("absent.png")))
        .isInstanceOf(NoSuchFileException.class);
  }

  /** A PNG file that claims another size: the header chunk follows the signature of 8 bytes. */
  private static byte[] withSize(byte[] png, int width, int height) {
    ByteBuffer bytes = ByteBuffer.wrap(png.clone());
    bytes.putInt(16, width).putInt(20, height);
    CRC32 crc = new CRC32();
    crc.update(bytes.array(), 12, 17);
    bytes.putInt(29, (int) crc.getValue());
    return bytes.array();
  }

  private static void assertFault(Path file, String fault) {
    assertThatThrownBy(() -> HandwrittenDigit.read(file))
        .isInstanceOf(MalformedFileException.class)
        .hasMessageStartingWith(file + ": ")
        .hasMessageContaining(fault);
  }

  private Path write(Drawing drawing, String format) throws IOException {
    Path file = folder.resolve("picture." + format);
    BufferedImage image = drawing.image();
    assertThat(ImageIO.write(image, format, file.toFile())).isTrue();
    return file;
  }
}
