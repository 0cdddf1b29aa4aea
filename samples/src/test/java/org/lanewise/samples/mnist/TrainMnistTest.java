package org.lanewise.samples.mnist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lanewise.kernels.backend.BackendUnavailableException;
import org.lanewise.kernels.backend.Backends;
import org.lanewise.nn.io.SafeTensors;
import org.lanewise.samples.Lanewise;
import org.lanewise.samples.training.OptimizerName;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class TrainMnistTest {
  @TempDir private static Path data;

  @TempDir private Path folder;
  private Path out;

  @BeforeAll
  static void writeData() throws IOException {
    TinyMnist.write(data);
  }

  @BeforeEach
  void chooseOut() {
    out = folder.resolve("not").resolve("there yet");
  }

  private Lanewise train(Object... options) {
    Object[] arguments = new Object[6 + options.length];
    System.arraycopy(
        new Object[] {"train", "mnist", "--data", data, "--out", out}, 0, arguments, 0, 6);
    System.arraycopy(options, 0, arguments, 6, options.length);
    return Lanewise.run(arguments);
  }

  @Test
  void trainsAndSaysWhereTheResultsAre() throws IOException {
    Path metrics = folder.resolve("metrics.jsonl");

    Lanewise run = train("--epochs", 3, "--metrics", metrics);

    assertThat(run.exitCode()).isZero();
    assertThat(run.err()).isEmpty();
    assertThat(run.out())
        .contains("535,818 parameters")
        .containsPattern("epoch 1/3   train loss \\d\\.\\d{4}   test accuracy \\d+\\.\\d\\d %")
        .containsPattern("epoch 3/3 .* samples/s   \\d+\\.\\d\\d s   \\d+ % of peak\n")
        .contains("model   " + out.resolve("model.safetensors"))
        .contains("report  " + out.resolve("report.html"))
        .doesNotContain("\r");
    assertThat(out).isDirectoryContaining("glob:**/model.safetensors");
    assertThat(out).isDirectoryContaining("glob:**/report.html");
    assertThat(out.resolve("history.csv")).content().hasLineCount(4);

    List<JsonNode> epochs =
        Files.readAllLines(metrics).stream().map(line -> new JsonMapper().readTree(line)).toList();
    assertThat(epochs).hasSize(3);
    for (int i = 0; i < 3; i++) {
      JsonNode epoch = epochs.get(i);
      assertThat(epoch.propertyNames())
          .containsExactly(
              "epoch",
              "train_loss",
              "test_accuracy",
              "samples_per_s",
              "seconds",
              "flop_per_s",
              "utilization");
      assertThat(epoch.get("utilization").doubleValue()).isPositive();
      assertThat(epoch.get("epoch").intValue()).isEqualTo(i + 1);
      assertThat(epoch.get("samples_per_s").doubleValue() * epoch.get("seconds").doubleValue())
          .isBetween(TinyMnist.TRAIN - 1e-6, TinyMnist.TRAIN + 1e-6);
    }
    assertThat(epochs.getLast().get("train_loss").doubleValue())
        .isLessThan(epochs.getFirst().get("train_loss").doubleValue());
    assertThat(epochs.getLast().get("test_accuracy").doubleValue()).isGreaterThan(0.95);
  }

  @Test
  void anOpenClDeviceGivesTheSameModel() throws IOException {
    try {
      Backends.devices("opencl");
    } catch (BackendUnavailableException missing) {
      abort(missing.getMessage());
    }
    assertThat(train("--epochs", 2).exitCode()).isZero();
    byte[] expected = Files.readAllBytes(out.resolve("model.safetensors"));

    Lanewise run = train("--epochs", 2, "--device", "opencl", "--profile");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("opencl: ").contains("of bound").contains("Gemm TN f32[");
    assertThat(Files.readAllBytes(out.resolve("model.safetensors"))).isEqualTo(expected);
  }

  @ParameterizedTest
  @EnumSource(OptimizerName.class)
  void everyOptimizerLearnsAtItsUsualRate(OptimizerName optimizer) {
    Lanewise run = train("--epochs", 8, "--batch", 32, "--optimizer", optimizer);

    assertThat(run.exitCode()).isZero();
    List<Double> losses =
        run.out()
            .lines()
            .filter(line -> line.startsWith("epoch"))
            .map(line -> Double.valueOf(line.replaceAll(".*train loss (\\S+).*", "$1")))
            .toList();
    assertThat(losses.getLast()).isLessThan(0.75 * losses.getFirst());
  }

  @ParameterizedTest
  @CsvSource({"--seed,2,false", "--threads,1,true", "--batch,64,false"})
  void weightsDependOnAllButTheThreads(String option, String value, boolean same)
      throws IOException {
    train("--epochs", 1);
    byte[] one = model();
    train("--epochs", 1, option, value);

    assertThat(model().length).isEqualTo(one.length);
    assertThat(Arrays.equals(model(), one)).isEqualTo(same);
  }

  @Test
  void refusesToResumeWhatIsNotThere() {
    Lanewise run = train("--resume");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err().lines()).hasSize(1);
    assertThat(run.err()).contains("checkpoint.safetensors: no checkpoint there");
  }

  @ParameterizedTest
  @CsvSource({
    "--seed,2,'--seed (1, now 2)'",
    "--batch,64,'--batch (128, now 64)'",
    "--lr,0.5,--optimizer or --lr (Adam[learningRate=0.001",
    "--optimizer,sgd,--optimizer or --lr (Adam[",
    "--epochs,3,--epochs ("
  })
  void refusesToResumeWithOtherSettings(String option, String value, String says) {
    Path metrics = folder.resolve("metrics.jsonl");
    train("--epochs", 1, "--metrics", metrics);

    Lanewise run = train("--resume", option, value, "--metrics", metrics);

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err().lines()).hasSize(1);
    assertThat(run.err()).contains("checkpoint.safetensors", says);
    assertThat(metrics).content().hasLineCount(1);
  }

  @Test
  void refusesADamagedCheckpoint() throws IOException {
    train("--epochs", 1);
    Path checkpoint = out.resolve("checkpoint.safetensors");
    byte[] whole = Files.readAllBytes(checkpoint);
    Files.write(checkpoint, Arrays.copyOf(whole, whole.length - 1));

    Lanewise run = train("--epochs", 2, "--resume");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err().lines()).hasSize(1);
    assertThat(run.err()).startsWith("lanewise: " + checkpoint + ": ");
  }

  @Test
  void refusesACheckpointOfMoreSamplesThanTheData() throws IOException {
    train("--epochs", 2, "--batch", 640);
    Path checkpoint = out.resolve("checkpoint.safetensors");
    try (Arena arena = Arena.ofConfined()) {
      SafeTensors saved = SafeTensors.read(checkpoint, arena);
      Map<String, String> metadata = new HashMap<>(saved.metadata());
      metadata.putAll(Map.of("steps", "4", "samples_done", "1280"));
      new SafeTensors(metadata, saved.tensors()).write(checkpoint);
    }

    Lanewise run = train("--epochs", 2, "--batch", 640, "--resume");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err().lines()).hasSize(1);
    assertThat(run.err())
        .startsWith("lanewise: " + checkpoint + ": the checkpoint's position is damaged: ")
        .contains("samples_done is 1280 of 640");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--batch 641 | --batch must be at most 640 here but is 641",
        "--lr -1 | --lr: learningRate must be at least 0",
        "--device quantum | no device 'quantum'",
        "--histograms 10 | --histograms needs --tensorboard",
        "--histograms 0 --tensorboard x | --histograms must be at least 1 but is 0",
        "--metrics absent/file | absent/file: no such file or directory",
        "--optimizer sgd --lr 1e30 | the loss became",
        "--optimizer sgd --lr 1e30 --check-finite | infinite elements of C f32["
      })
  void oneLineForAMistake(String options, String says) {
    Lanewise run = train((Object[]) options.split(" "));

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).startsWith("lanewise: ").contains(says).doesNotContain("\tat ");
  }

  @Test
  void oneLineForAWrongFolder() {
    Lanewise noData = Lanewise.run("train", "mnist", "--data", "absent", "--out", out);
    Lanewise noFolder = Lanewise.run("train", "mnist", "--data", data, "--out", "pom.xml");

    assertThat(noData.exitCode()).isEqualTo(2);
    assertThat(noData.err()).contains("absent: no such directory").hasLineCount(1);
    assertThat(noFolder.exitCode()).isEqualTo(2);
    assertThat(noFolder.err()).contains("pom.xml: exists and is not a directory").hasLineCount(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ".lock",
        "checkpoint.safetensors",
        "model.safetensors",
        "report.html",
        "history.csv"
      })
  void whatCannotBeWrittenShowsBeforeTheTraining(String name) throws IOException {
    Files.createDirectories(out.resolve(name));

    Lanewise run = train("--epochs", 1);

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).contains(out.resolve(name).toString()).hasLineCount(1);
  }

  @Test
  void theGraphOfAStepCanBeReadAndDrawn() throws IOException {
    Path text = folder.resolve("step.txt");
    Path drawing = folder.resolve("step.dot");
    assertThat(train("--epochs", 1, "--dump-graph", text).exitCode()).isZero();
    assertThat(Files.readString(text))
        .contains("input x f32[", "# fc1", "parameter fc3.bias", "output loss = ")
        .contains("## traced", "## with gradients", "## recomputed: the same", "## fused");
    assertThat(train("--epochs", 1, "--dump-graph", drawing).exitCode()).isZero();
    assertThat(Files.readString(drawing))
        .startsWith("digraph \"traced\" {")
        .contains("digraph \"fused\" {", "fc1\\nGemm NT");
  }

  @Test
  void aWatchedTrainingGivesTheSameModel() throws IOException {
    assertThat(train("--epochs", 3).exitCode()).isZero();
    byte[] plain = model();
    Path trace = folder.resolve("trace.json");
    Path logs = folder.resolve("logs");

    Lanewise run =
        train(
            "--epochs",
            3,
            "--trace",
            trace,
            "--tensorboard",
            logs,
            "--histograms",
            4,
            "--check-finite");

    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
    assertThat(model()).isEqualTo(plain);
    JsonNode events = new JsonMapper().readTree(trace).get("traceEvents");
    assertThat(events.findValuesAsString("name"))
        .contains("step 11", "step 12", "step 13", "forward", "backward", "update");
    assertThat(logs).isDirectoryContaining("glob:**/events.out.tfevents.*");
  }

  private byte[] model() throws IOException {
    return Files.readAllBytes(out.resolve("model.safetensors"));
  }
}
