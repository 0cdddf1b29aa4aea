package org.lanewise.samples.mnist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lanewise.nn.weights.Weights;
import org.lanewise.samples.Lanewise;

/** What goes wrong; RealMnistTest reads digits. */
class PredictMnistTest {
  @TempDir private Path folder;
  private Path model;
  private Path picture;

  @BeforeEach
  void makeModelAndPicture() throws IOException {
    model = folder.resolve("model.safetensors");
    picture = folder.resolve("picture.png");
    ImageIO.write(Drawing.stroke().image(), "png", picture.toFile());
    Weights.of(new DigitClassifier()).initialize(0).save(model);
  }

  @Test
  void oneLineForAModelThatCannotBeUsed() throws IOException {
    byte[] whole = Files.readAllBytes(model);
    Path text = Files.writeString(folder.resolve("text"), "not a model at all");
    Path cut = Files.write(folder.resolve("cut"), Arrays.copyOf(whole, 100_000));
    Path other = folder.resolve("other");
    Weights.of(new DigitClassifier().fc1()).initialize(0).save(other);

    Map.of(
            folder.resolve("absent"),
            "no model there",
            text,
            "not a safetensors file",
            cut,
            "the header describes",
            other,
            "does not fit the model: missing fc1.weight")
        .forEach((file, says) -> assertMistake(file, picture, file + ": " + says));
  }

  @Test
  void oneLineForAPictureThatCannotBeRead() throws IOException {
    assertMistake(model, folder.resolve("absent.png"), "absent.png: no such file");
    assertMistake(model, Files.writeString(folder.resolve("a.png"), "text"), "a.png: not a PNG");
  }

  @Test
  void oneLineForWhatIsNoFile() {
    assertMistake(model, folder, folder + ": is a directory, not a file");
    assertMistake(folder, picture, folder + ": is a directory, not a file");
  }

  @Test
  void aNameCannotControlTheTerminal() throws IOException {
    Path named = Files.copy(picture, folder.resolve("a\u001b[2J\n.png"));

    Lanewise read = Lanewise.run("predict", "mnist", "--model", model, named);
    assertThat(read.exitCode()).isZero();
    assertThat(read.out()).contains("a\\u{1b}[2J\\u{a}.png   ").hasLineCount(1);
    assertMistake(folder.resolve("no\u001b[2J\n"), picture, "no\\u{1b}[2J\\u{a}: no model there");
  }

  @Test
  void showsWhereItFailedIfAskedTo() {
    Lanewise run = Lanewise.run("predict", "mnist", "--stacktrace", "--model", model, folder);

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err())
        .startsWith("lanewise: " + folder + ": is a directory")
        .contains("\n    at org.lanewise.nn.io.RegularFile.size(");
  }

  private static void assertMistake(Path model, Path picture, String says) {
    Lanewise run = Lanewise.run("predict", "mnist", "--model", model, picture);

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).startsWith("lanewise: ").contains(says).hasLineCount(1);
  }
}
