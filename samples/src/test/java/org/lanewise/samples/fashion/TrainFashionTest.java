package org.lanewise.samples.fashion;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lanewise.nn.weights.Weights;
import org.lanewise.samples.Lanewise;
import org.lanewise.samples.idx.IdxWriter;
import org.lanewise.samples.idx.LabelledPictures;

class TrainFashionTest {
  @TempDir private Path folder;

  @Test
  void hasFewerThanAHundredThousandParameters() {
    assertThat(Weights.of(new ClothesClassifier()).parameterCount())
        .isEqualTo(90_482)
        .isLessThanOrEqualTo(100_000);
  }

  @Test
  void trainsReportsAndPredicts() throws IOException {
    write("train", 256, 1);
    write("t10k", 64, 2);
    Path out = folder.resolve("out");
    Object[] training = {
      "train", "fashion", "--data", folder, "--out", out, "--epochs", 6, "--batch", 32
    };

    Lanewise run = Lanewise.run(training);

    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("90,482 parameters", "epoch 6/6");
    String line = run.out().lines().filter(text -> text.startsWith("epoch 6")).findFirst().get();
    assertThat(Double.parseDouble(line.replaceAll(".*test accuracy (\\S+) %.*", "$1")))
        .isGreaterThan(90);
    assertThat(out.resolve("report.html")).content().contains("Fashion-MNIST", "ankle boot");

    Path picture = folder.resolve("bright.png");
    var image =
        new java.awt.image.BufferedImage(50, 60, java.awt.image.BufferedImage.TYPE_BYTE_GRAY);
    ImageIO.write(image, "png", picture.toFile());
    Lanewise read =
        Lanewise.run("predict", "fashion", "--model", out.resolve("model.safetensors"), picture);
    assertThat(read.err()).isEmpty();
    assertThat(read.out()).startsWith(picture + "   ").contains(" %, ").hasLineCount(1);
  }

  /** Each class has its own brightness, which neither moving nor mirroring changes. */
  private void write(String part, int size, long seed) throws IOException {
    Random random = new Random(seed);
    byte[] pixels = new byte[size * LabelledPictures.PIXELS];
    byte[] labels = new byte[size];
    for (int i = 0; i < size; i++) {
      labels[i] = (byte) random.nextInt(2);
      int from = i * LabelledPictures.PIXELS;
      Arrays.fill(pixels, from, from + LabelledPictures.PIXELS, (byte) (40 + 150 * labels[i]));
    }
    IdxWriter.write(folder, part, pixels, labels);
  }

  @Test
  void missingFilesNameThePackage() throws IOException {
    Path absent = folder.resolve("absent");
    for (Path data : new Path[] {absent, Files.createDirectory(folder.resolve("empty"))}) {
      Lanewise run =
          Lanewise.run("train", "fashion", "--data", data, "--out", folder.resolve("out"));

      assertThat(run.exitCode()).isEqualTo(2);
      assertThat(run.err())
          .startsWith("lanewise: " + data)
          .contains("Debian package dataset-fashion-mnist")
          .hasLineCount(1);
    }
    Lanewise noModel = Lanewise.run("predict", "fashion", "--model", absent, "a.png");
    assertThat(noModel.exitCode()).isEqualTo(2);
    assertThat(noModel.err()).contains("'./lanewise train fashion' makes one").hasLineCount(1);
  }
}
