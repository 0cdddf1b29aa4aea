package org.lanewise.nn.tensorboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.lanewise.nn.layers.Layers.linear;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lanewise.nn.HostTensor;
import org.lanewise.nn.Layer;
import org.lanewise.nn.Tensor;
import org.lanewise.nn.data.Batches;
import org.lanewise.nn.data.MemoryDataset;
import org.lanewise.nn.layers.Linear;
import org.lanewise.nn.tensorboard.Events.Message;
import org.lanewise.nn.train.Callback;
import org.lanewise.nn.train.EpochResult;
import org.lanewise.nn.train.Trainer;
import org.lanewise.nn.train.TrainerBuilder;

class TensorBoardTest {
  @TempDir private Path folder;

  record Mlp(Linear fc1, Linear fc2) implements Layer {
    Mlp() {
      this(linear(3, 4), linear(4, 2));
    }

    @Override
    public Tensor forward(Tensor x) {
      return fc2.forward(fc1.forward(x).relu());
    }
  }

  private static Batches batches() {
    float[] x = new float[3 * 32];
    int[] labels = new int[32];
    for (int i = 0; i < 32; i++) {
      x[3 * i] = i / 32f;
      labels[i] = i / 16;
    }
    return Batches.of(
            MemoryDataset.of("x", HostTensor.of(x, 32, 3)).and("label", HostTensor.of(labels, 32)))
        .size(8);
  }

  private static TrainerBuilder settings() {
    return Trainer.classifier(new Mlp()).threads(1);
  }

  private static List<Double> scalars(List<Message> events, String tag) {
    return Events.values(events, tag).stream()
        .map(value -> (double) value.message(8).floats(5))
        .toList();
  }

  @Test
  void writesStepsAndEpochs() throws IOException {
    List<Double> losses = new ArrayList<>();
    TensorBoard board = TensorBoard.to(folder.resolve("new")).everySteps(2);
    List<EpochResult> epochs;
    try (Trainer trainer =
        settings().callbacks(board, Callback.eachStep(t -> losses.add(t.stepLoss()))).build()) {
      epochs = trainer.fit(batches(), batches(), 2).epochs();
    }
    List<Message> events = Events.read(Events.files(folder.resolve("new")).getFirst());
    assertThat(Events.steps(events, "train/loss")).containsExactly(2L, 4L, 6L, 8L);
    for (int i = 0; i < 4; i++) {
      assertThat(scalars(events, "train/loss").get(i))
          .isEqualTo((double) losses.get(2 * i + 1).floatValue());
    }
    assertThat(scalars(events, "train/learning_rate")).hasSize(4).containsOnly((double) 1e-3f);
    assertThat(Events.steps(events, "epoch/train_loss")).containsExactly(4L, 8L);
    assertThat(scalars(events, "epoch/train_loss").get(1))
        .isEqualTo((double) (float) epochs.get(1).trainLoss());
    assertThat(scalars(events, "epoch/validation_accuracy").get(1))
        .isEqualTo((double) (float) epochs.get(1).validation().accuracy());
    assertThat(Events.values(events, "epoch/utilization")).isEmpty();
    assertThatThrownBy(board::file).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void histogramsOfAllParametersAndGradients() throws IOException {
    try (Trainer trainer = settings().callbacks(TensorBoard.to(folder).histograms(3)).build()) {
      trainer.fit(batches(), 1);
    }
    List<Message> events = Events.read(Events.files(folder).getFirst());
    for (String name : List.of("fc1/weight", "fc1/bias", "fc2/weight", "fc2/bias")) {
      for (String group : List.of("parameters/", "gradients/")) {
        assertThat(Events.steps(events, group + name)).as(group + name).containsExactly(3L);
      }
    }
    double[] buckets =
        Events.values(events, "gradients/fc1/weight").getFirst().message(8).doubles(6);
    assertThat(LongStream.range(0, 30).mapToDouble(i -> buckets[(int) (3 * i + 2)]).sum())
        .isEqualTo(12);
  }

  @Test
  void aResumedTrainingContinuesInAFileOfItsOwn() throws IOException {
    Path logs = folder.resolve("logs");
    Path checkpoint = folder.resolve("checkpoint");
    try (Trainer trainer = settings().callbacks(TensorBoard.to(logs).everySteps(1)).build()) {
      trainer.fit(batches(), 1);
      trainer.saveCheckpoint(checkpoint);
      trainer.fit(batches(), 2); // what a killed process made after its checkpoint
    }
    try (Trainer trainer = settings().callbacks(TensorBoard.to(logs).everySteps(1)).build()) {
      trainer.resume(checkpoint, batches());
      trainer.fit(batches(), 3);
    }
    List<Path> files = Events.files(logs);
    assertThat(files).hasSize(3);
    assertThat(Events.steps(Events.read(files.get(1)), "train/loss"))
        .containsExactly(5L, 6L, 7L, 8L);
    List<Message> last = Events.read(files.get(2));
    assertThat(Events.steps(last, "train/loss")).containsExactly(5L, 6L, 7L, 8L, 9L, 10L, 11L, 12L);
    Message begin = last.stream().filter(event -> event.has(7)).findFirst().orElseThrow();
    assertThat(begin.number(2)).isEqualTo(5);
    assertThat(scalars(last, "train/loss").subList(0, 4))
        .isEqualTo(scalars(Events.read(files.get(1)), "train/loss"));
  }

  @Test
  void aFileIsWholeAfterEachEpochAndWhenTrainingFails() throws IOException {
    Map<Integer, Integer> eventsAtEpoch = new HashMap<>();
    TensorBoard board = TensorBoard.to(folder).everySteps(1).hyperparameters(Map.of("batch", 8));
    Callback fails =
        new Callback() {
          @Override
          public void onEpoch(Trainer trainer, EpochResult result) throws IOException {
            eventsAtEpoch.put(result.epoch(), Events.read(board.file().path()).size());
            if (result.epoch() == 2) {
              throw new IOException("disk full");
            }
          }
        };
    try (Trainer trainer = settings().callbacks(board, fails).build()) {
      assertThatThrownBy(() -> trainer.fit(batches(), 3)).hasMessageContaining("disk full");
    }
    List<Message> events = Events.read(Events.files(folder).getFirst());
    assertThat(eventsAtEpoch.get(2) - eventsAtEpoch.get(1)).isEqualTo(4 * 3 + 2);
    assertThat(events).hasSize(eventsAtEpoch.get(2) + 1);
    Message end = Events.values(events, "_hparams_/session_end_info").getFirst();
    assertThat(end.message(9).message(1).message(2).message(4).number(1))
        .as("FAILURE")
        .isEqualTo(2);
  }

  @Test
  void theGraphHasLayersAsScopes() throws IOException {
    try (Trainer trainer = settings().callbacks(TensorBoard.to(folder)).build()) {
      trainer.fit(batches(), 1);
    }
    Message graph =
        Events.read(Events.files(folder).getFirst()).stream()
            .filter(event -> event.has(4))
            .findFirst()
            .orElseThrow()
            .message(4);
    Map<String, String> ops = new HashMap<>();
    Set<String> read = new HashSet<>();
    for (Message node : graph.messages(1)) {
      assertThat(node.text(1)).matches("[A-Za-z0-9.][A-Za-z0-9_./-]*");
      assertThat(ops.put(node.text(1), node.text(2))).as("%s is unique", node.text(1)).isNull();
      node.texts(3).forEach(input -> read.add(input.replaceAll(":\\d+$", "")));
      Message attribute = node.messages(5).getFirst();
      assertThat(attribute.text(1)).isEqualTo("_output_shapes");
    }
    assertThat(ops)
        .containsEntry("x", "Placeholder")
        .containsEntry("fc1/weight", "Parameter")
        .containsEntry("fc1/Gemm", "Gemm")
        .containsEntry("loss", "Identity");
    assertThat(ops.keySet()).containsAll(read);
    assertThat(read).contains("x", "fc1/weight", "fc1/Gemm");
  }

  @Test
  void checksItsSettings() {
    assertThatThrownBy(() -> TensorBoard.to(folder).everySteps(0))
        .hasMessage("everySteps must be at least 1 but is 0");
    assertThatThrownBy(() -> TensorBoard.to(folder).histograms(0))
        .hasMessage("histograms must be at least 1 but is 0");
    assertThatThrownBy(() -> TensorBoard.to(folder).hyperparameters(Map.of("x", 'c')))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
