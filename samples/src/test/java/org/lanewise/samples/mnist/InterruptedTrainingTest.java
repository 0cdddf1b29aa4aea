package org.lanewise.samples.mnist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.lanewise.samples.Lanewise;

/** Ends real processes in the middle of a training. */
@Timeout(120)
class InterruptedTrainingTest {
  private static final int EPOCHS = 40;

  @TempDir private static Path data;
  private static byte[] uninterrupted;

  @TempDir private Path out;

  @BeforeAll
  static void trainUninterrupted(@TempDir Path out) throws IOException {
    TinyMnist.write(data);
    assertThat(Lanewise.run("train", "mnist", "--data", data, "--out", out, "--epochs", EPOCHS))
        .extracting(Lanewise::exitCode)
        .isEqualTo(0);
    uninterrupted = Files.readAllBytes(out.resolve("model.safetensors"));
  }

  @Test
  void aSignalStopsAfterTheBatchAndSaysHowToGoOn() throws Exception {
    Process process = startAndAwaitTwoEpochs();
    process.destroy(); // SIGTERM

    assertThat(process.waitFor()).isEqualTo(128 + 15);
    List<String> lines = Files.readAllLines(out.resolve("output"));
    assertThat(lines.getLast())
        .startsWith("Stopped and saved. To go on: ./lanewise train mnist --data ")
        .endsWith("--resume");
    assertThat(out.resolve("model.safetensors")).doesNotExist();
    assertThat(resumed()).isEqualTo(uninterrupted);
  }

  @Test
  void aKilledTrainingResumesToTheSameBits() throws Exception {
    Process process = startAndAwaitTwoEpochs();
    process.destroyForcibly(); // SIGKILL

    assertThat(process.waitFor()).isEqualTo(128 + 9);
    assertThat(out.resolve("model.safetensors")).doesNotExist();
    assertThat(resumed()).isEqualTo(uninterrupted);
  }

  @Test
  void aSecondTrainingInTheSameFolderIsRefused() throws Exception {
    Process process = startAndAwaitTwoEpochs();

    Lanewise second = Lanewise.run("train", "mnist", "--data", data, "--out", out, "--seed", 2);

    assertThat(second.exitCode()).isEqualTo(2);
    assertThat(second.out()).isEmpty();
    assertThat(second.err())
        .contains(out + ": process " + process.pid() + " is training there")
        .hasLineCount(1);
    assertThat(process.waitFor()).isZero();
    assertThat(Files.readAllBytes(out.resolve("model.safetensors"))).isEqualTo(uninterrupted);
  }

  private Process startAndAwaitTwoEpochs() throws Exception {
    Path output = out.resolve("output");
    Path metrics = out.resolve("metrics.jsonl");
    Process process =
        Lanewise.start(
            output,
            "train mnist --data %s --out %s --epochs %d --metrics %s --threads 1"
                .formatted(data, out, EPOCHS, metrics)
                .split(" "));
    while (!Files.exists(metrics) || Files.readAllLines(metrics).size() < 2) {
      assertThat(process.isAlive()).as("it runs: %s", Files.readString(output)).isTrue();
      Thread.sleep(1);
    }
    return process;
  }

  private byte[] resumed() throws IOException {
    Lanewise run =
        Lanewise.run(
            "train", "mnist", "--data", data, "--out", out, "--epochs", EPOCHS, "--resume");
    assertThat(run.exitCode()).isZero();
    return Files.readAllBytes(out.resolve("model.safetensors"));
  }
}
