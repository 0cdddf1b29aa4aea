package org.lanewise.samples.mnist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.lanewise.samples.idx.IdxWriter.BYTES;
import static org.lanewise.samples.idx.IdxWriter.gzip;
import static org.lanewise.samples.idx.IdxWriter.idx;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lanewise.cli.UserException;
import org.lanewise.nn.io.MalformedFileException;
import org.lanewise.samples.idx.IdxWriter;

class DigitsTest {
  private static final String LABELS = "train-labels-idx1-ubyte";
  private static final String IMAGES = "train-images-idx3-ubyte";

  @TempDir private Path folder;

  @Test
  void readsInkAndLabels() throws IOException {
    byte[] pixels = new byte[2 * Digits.PIXELS];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) i;
    }
    IdxWriter.write(folder, "train", pixels, new byte[] {3, 9});

    Digits digits = Digits.train(folder);

    assertThat(digits.size()).isEqualTo(2);
    assertThat(digits.labels()).containsExactly(3, 9);
    assertThat(digits.ink().toFloats()).hasSize(pixels.length);
    float[] second = digits.picture(1);
    for (int i = 0; i < Digits.PIXELS; i++) {
      assertThat(second[i]).isEqualTo((Digits.PIXELS + i) % 256 / 255f);
    }
  }

  @Test
  void readsUncompressedFiles() throws IOException {
    Files.write(
        folder.resolve(IMAGES), idx(BYTES, new byte[Digits.PIXELS], 1, Digits.SIDE, Digits.SIDE));
    Files.write(folder.resolve(LABELS), idx(BYTES, new byte[] {4}, 1));

    assertThat(Digits.train(folder).labels()).containsExactly(4);
  }

  @Test
  void asksForMissingFiles() throws IOException {
    assertThatThrownBy(() -> Digits.train(folder.resolve("absent")))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("absent: no such directory");
    IdxWriter.write(folder, "train", new byte[Digits.PIXELS], new byte[1]);
    assertThatThrownBy(() -> Digits.test(folder))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("t10k-images-idx3-ubyte.gz");
  }

  @Test
  void refusesLabelsThatDoNotFitTheImages() throws IOException {
    IdxWriter.write(folder, "train", new byte[2 * Digits.PIXELS], new byte[3]);

    assertThatThrownBy(() -> Digits.train(folder))
        .isInstanceOf(MalformedFileException.class)
        .hasMessageContaining(LABELS)
        .hasMessageContaining("3 labels")
        .hasMessageContaining("2 images");
  }

  @Test
  void refusesALabelThatIsNoDigit() throws IOException {
    IdxWriter.write(folder, "train", new byte[2 * Digits.PIXELS], new byte[] {9, 10});

    assertThatThrownBy(() -> Digits.train(folder))
        .isInstanceOf(MalformedFileException.class)
        .hasMessageEndingWith("label 1 is 10, 0 to 9 expected");
  }

  @Test
  void refusesOtherShapes() throws IOException {
    Files.write(folder.resolve(LABELS), idx(BYTES, new byte[1], 1));
    Files.write(folder.resolve(IMAGES), idx(BYTES, new byte[32 * 32], 1, 32, 32));

    assertThatThrownBy(() -> Digits.train(folder))
        .isInstanceOf(MalformedFileException.class)
        .hasMessageContaining("[32, 32], [28, 28] expected");
  }

  @Test
  void refusesAFileThatWouldUnpackToAGigabyte() throws IOException {
    int many = 1_300_000;
    Files.write(
        folder.resolve(IMAGES + ".gz"),
        gzip(idx(BYTES, new byte[2 << 20], many, Digits.SIDE, Digits.SIDE)));
    Files.write(folder.resolve(LABELS), idx(BYTES, new byte[1], 1));

    assertThatThrownBy(() -> Digits.train(folder))
        .isInstanceOf(MalformedFileException.class)
        .hasMessageEndingWith("more than the supported 205,520,896 elements");
  }

  @Test
  void refusesLabelsInPlaceOfImages() throws IOException {
    Files.write(folder.resolve(LABELS), idx(BYTES, new byte[1], 1));
    Files.write(folder.resolve(IMAGES), idx(BYTES, new byte[1], 1));

    assertThatThrownBy(() -> Digits.train(folder))
        .isInstanceOf(MalformedFileException.class)
        .hasMessageContaining(IMAGES + ": each item has the shape []");
  }
}
