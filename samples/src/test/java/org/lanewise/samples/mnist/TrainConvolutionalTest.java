package org.lanewise.samples.mnist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lanewise.nn.weights.Weights;
import org.lanewise.samples.Lanewise;

class TrainConvolutionalTest {
  @TempDir private static Path data;

  @TempDir private Path out;

  @BeforeAll
  static void writeData() throws IOException {
    TinyMnist.write(data);
  }

  private Lanewise train(Object... options) {
    Object[] arguments = new Object[6 + options.length];
    System.arraycopy(
        new Object[] {"train", "mnist", "--data", data, "--out", out}, 0, arguments, 0, 6);
    System.arraycopy(options, 0, arguments, 6, options.length);
    return Lanewise.run(arguments);
  }

  @Test
  void modelsHaveTheirSizes() {
    assertThat(Weights.of(new ConvolutionalClassifier()).parameterCount()).isEqualTo(1_199_882);
    assertThat(Weights.of(new SmallConvolutionalClassifier()).parameterCount())
        .isEqualTo(26_090)
        .isLessThanOrEqualTo(34_826);
  }

  @ParameterizedTest
  @CsvSource({"cnn,3,'1,199,882',70", "small-cnn,3,'26,090',50"})
  void trainsAndPredictsWhatItTrained(
      String model, int epochs, String parameters, double leastAccuracy) throws IOException {
    Lanewise run = train("--model", model, "--epochs", epochs, "--batch", 32);

    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .contains(parameters + " parameters")
        .containsPattern("epoch %d/%d   train loss".formatted(epochs, epochs));
    assertThat(accuracy(run)).isGreaterThan(leastAccuracy);
    Path picture = out.resolve("picture.png");
    ImageIO.write(Drawing.stroke().image(), "png", picture.toFile());
    Lanewise read =
        Lanewise.run("predict", "mnist", "--model", out.resolve("model.safetensors"), picture);
    assertThat(read.err()).isEmpty();
    assertThat(read.out()).startsWith(picture + "   ").hasLineCount(1);
  }

  @Test
  void resumesToTheSameBitsWithAugmentation() throws IOException {
    String[] options = {"--model", "small-cnn", "--epochs", "2", "--batch", "64"};
    assertThat(train((Object[]) options).exitCode()).isZero();
    byte[] expected = Files.readAllBytes(out.resolve("model.safetensors"));
    Object[] stopped = {"--model", "small-cnn", "--epochs", "2", "--batch", "64", "--resume"};
    SmallTraining.untilStep(data, out.resolve("checkpoint.safetensors"), 13);
    Files.delete(out.resolve("model.safetensors"));

    Lanewise run = train(stopped);

    assertThat(run.err()).isEmpty();
    assertThat(run.out()).contains("Resumed after 1 epochs, 13 steps");
    assertThat(Files.readAllBytes(out.resolve("model.safetensors"))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"small-cnn,mlp,'(small-cnn, now mlp)'", "mlp,cnn,'(mlp, now cnn)'"})
  void refusesToResumeAnotherModel(String before, String now, String says) {
    train("--model", before, "--epochs", 1, "--batch", 64);

    Lanewise run = train("--model", now, "--epochs", 1, "--resume");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err().lines()).hasSize(1);
    assertThat(run.err()).contains("checkpoint.safetensors", "another --model " + says);
  }

  @Test
  void aFileOfAnUnknownModelIsRefused() throws IOException {
    Path model = out.resolve("other.safetensors");
    Weights.of(new DigitClassifier())
        .initialize(0)
        .save(model, Map.of("lanewise.model", "transformer"));

    Lanewise run = Lanewise.run("predict", "mnist", "--model", model, "a.png");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err())
        .contains(model + ": the model is 'transformer', mlp, cnn, small-cnn expected")
        .hasLineCount(1);
  }

  @Test
  void oneLineForAModelThatThereIsNot() {
    Lanewise run = train("--model", "best");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("'best'", "small-cnn").hasLineCount(2);
  }

  private static double accuracy(Lanewise run) {
    String line = run.out().lines().filter(text -> text.startsWith("epoch")).toList().getLast();
    return Double.parseDouble(line.replaceAll(".*test accuracy (\\S+) %.*", "$1"));
  }
}
