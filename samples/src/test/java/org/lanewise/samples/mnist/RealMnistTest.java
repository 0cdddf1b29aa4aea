package org.lanewise.samples.mnist;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lanewise.samples.Lanewise;
import org.lanewise.samples.idx.IdxFile;
import org.lanewise.samples.idx.IdxWriter;

/** Trains on a part of the real database, once, and reads pictures with the result. */
class RealMnistTest {
  private static final Path MNIST = Path.of("data/mnist");
  private static final int TRAIN = 12_000;
  private static final int TEST = 2_000;

  @TempDir private static Path folder;
  private static Lanewise training;

  @BeforeAll
  static void train() throws IOException {
    Path data = folder.resolve("data");
    writeFirst(data, "train", TRAIN);
    writeFirst(data, "t10k", TEST);
    training =
        Lanewise.run(
            "train", "mnist", "--epochs", 2, "--data", data, "--out", folder.resolve("out"));
  }

  private static void writeFirst(Path data, String part, int count) throws IOException {
    IdxFile images =
        IdxFile.read(MNIST.resolve(part + "-images-idx3-ubyte.gz"), 60_000 * Digits.PIXELS);
    IdxFile labels = IdxFile.read(MNIST.resolve(part + "-labels-idx1-ubyte.gz"), 60_000);
    IdxWriter.write(
        data,
        part,
        Arrays.copyOf(images.elements(), count * Digits.PIXELS),
        Arrays.copyOf(labels.elements(), count));
  }

  @Test
  void theWholeDatabaseIsThere() throws IOException {
    assertThat(Digits.train(MNIST).size()).isEqualTo(60_000);
    assertThat(Digits.test(MNIST).size()).isEqualTo(10_000);
  }

  @Test
  void twoEpochsOnAPartGiveAUsefulModel() throws IOException {
    assertThat(training.exitCode()).isZero();
    assertThat(accuracy(training.out())).isGreaterThan(88);
    assertThat(Files.readString(folder.resolve("out/report.html")))
        .contains("\"title\":\"MNIST digits: training report\"", "data:image/png;base64,");
  }

  private static double accuracy(String out) {
    String line =
        out.lines().filter(text -> text.startsWith("epoch 2/2")).findFirst().orElseThrow();
    return Double.parseDouble(line.replaceAll(".*test accuracy (\\S+) %.*", "$1"));
  }

  @Test
  void readsDigitsOfOtherSizes() throws IOException {
    Digits digits = Digits.test(folder.resolve("data"));
    List<Object> arguments = new ArrayList<>();
    arguments.addAll(
        List.of("predict", "mnist", "--model", folder.resolve("out/model.safetensors")));
    int count = 60;
    for (int i = 0; i < count; i++) {
      BufferedImage picture = Drawing.of(digits.picture(i)).scaled(1 + i % 7).darkOnLight().image();
      Path file = folder.resolve(i + ".png");
      ImageIO.write(picture, "png", file.toFile());
      arguments.add(file);
    }

    Lanewise run = Lanewise.run(arguments.toArray());

    assertThat(run.exitCode()).isZero();
    List<String> lines = run.out().lines().toList();
    assertThat(lines).hasSize(count);
    int right = 0;
    for (int i = 0; i < count; i++) {
      String[] fields = lines.get(i).split("   ");
      assertThat(fields[0]).endsWith(i + ".png");
      assertThat(fields[2])
          .matches("\\((\\d \\d+\\.\\d\\d %(, |\\))){3}")
          .startsWith("(" + fields[1]);
      right += Integer.parseInt(fields[1]) == digits.labels()[i] ? 1 : 0;
    }
    assertThat(right).isGreaterThan(count * 8 / 10);
  }

  @Test
  void printsAllProbabilitiesOnRequest() throws IOException {
    Path file = folder.resolve("all.png");
    ImageIO.write(Drawing.stroke().image(), "png", file.toFile());

    Lanewise run =
        Lanewise.run(
            "predict", "mnist", "--all", "--model", folder.resolve("out/model.safetensors"), file);

    assertThat(run.exitCode()).isZero();
    assertThat(run.out().split("%", -1)).hasSize(11);
  }
}
