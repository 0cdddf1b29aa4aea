package org.lanewise.nn.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.lanewise.nn.train.Models.points;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lanewise.nn.data.Batches;
import org.lanewise.nn.data.Dataset;
import org.lanewise.nn.io.MalformedFileException;
import org.lanewise.nn.io.SafeTensors;

/** Checkpoints whose numbers cannot be, and threads that are interrupted. */
class CheckpointTest {
  @TempDir private Path folder;

  static TrainerBuilder settings() {
    return Trainer.classifier(new Models.Mlp()).threads(1).optimizer(Optimizer.adam(0.01));
  }

  static Batches batches(Dataset data) {
    return Batches.of(data).size(16).shuffle();
  }

  /** Writes a checkpoint after two epochs and two steps of the third. */
  static void write(Path file, Dataset data) throws IOException {
    Callback stop =
        Callback.eachStep(trainer -> {
          if (trainer.epoch() == 3 && trainer.samplesDone() == 32) {
            trainer.stop();
          }
        });
    try (Trainer trainer = settings().callbacks(stop).build()) {
      trainer.fit(batches(data), batches(data), 3);
      assertThat(trainer.stopped()).isTrue();
      trainer.saveCheckpoint(file);
    }
  }

  private Path with(String key, String value) throws IOException {
    Path file = folder.resolve("checkpoint");
    write(file, points(101, 1)); // 7 steps an epoch
    return change(file, Map.of(key, value));
  }

  private static Path change(Path file, Map<String, String> changes) throws IOException {
    try (Arena arena = Arena.ofShared()) {
      SafeTensors saved = SafeTensors.read(file, arena);
      Map<String, String> metadata = new HashMap<>(saved.metadata());
      metadata.putAll(changes);
      metadata.values().removeIf("missing"::equals);
      new SafeTensors(metadata, saved.tensors()).write(file);
    }
    return file;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "steps | -5 | steps is -5 after 2 epochs and 32 samples in batches of 16",
        "steps | 9223372036854775807 | steps is 9223372036854775807 after 2 epochs",
        "steps | 1e3 | steps is '1e3', not a number",
        "steps | missing | steps is missing",
        "batch | -1 | batch is -1",
        "batch | 0 | samples_done is 32 of 101 in batches of 0",
        "batch | 7 | samples_done is 32 of 101 in batches of 7",
        "samples | -1 | samples is -1",
        "samples | 32 | samples_done is 32 of 32",
        "samples_done | -16 | samples_done is -16 of 101",
        "samples_done | 2147483647 | samples_done is 2147483647 of 101",
        "samples_done | 33 | samples_done is 33 of 101 in batches of 16",
        "loss_sum | NaN | loss_sum is NaN after 32 samples",
        "loss_sum | 1e300 | loss_sum is 1.0E300 after 32 samples",
        "loss_sum | -Infinity | loss_sum is -Infinity after 32 samples",
        "seconds | -5 | seconds is -5.0",
        "seconds | Infinity | seconds is Infinity",
        "seconds | NaN | seconds is NaN",
        "epochs | missing | epochs is missing",
        "epochs | '' | steps is 16 after 0 epochs",
        "epochs | x | train_loss is missing",
        "epochs | train_loss=1 samples_per_second=x seconds=1 | samples_per_second is 'x'",
        "flops | -1 | flops is -1",
        "epochs | train_loss=NaN samples_per_second=1 seconds=1 flops=1 utilization=NaN | epoch 1 has a loss of NaN",
        "epochs | train_loss=1 samples_per_second=-1 seconds=1 flops=1 utilization=1 | epoch 1 has a loss of 1.0 and"
            + " -1.0",
        "epochs | train_loss=1 samples_per_second=1 seconds=0 flops=1 utilization=1 | samples/s in 0.0 s",
        "epochs | train_loss=1 samples_per_second=1 seconds=1 flops=-1 utilization=1 | has -1 op",
        "epochs | train_loss=1 samples_per_second=1 seconds=1 flops=1 utilization=1 accuracy=1 | loss is missing",
      })
  void namesTheNumberThatCannotBe(String key, String value, String fault) throws IOException {
    Path file = with(key, value);
    try (Trainer trainer = settings().build()) {
      Map<String, float[]> before = trainer.weights().parametersToArrays();
      assertThatThrownBy(() -> trainer.resume(file, batches(points(101, 1))))
          .isInstanceOf(MalformedFileException.class)
          .hasMessageStartingWith(file + ": the checkpoint's position is damaged: ")
          .hasMessageContaining(fault)
          .hasMessageNotContaining("\n");
      assertThat(trainer.weights().parametersToArrays())
          .usingRecursiveComparison()
          .isEqualTo(before);
      assertThat(trainer.steps()).isZero();
    }
  }

  @Test
  void anInterruptedThreadSavesAndLoadsAndStaysInterrupted() throws IOException {
    Path checkpoint = folder.resolve("checkpoint");
    Path model = folder.resolve("model");
    Callback interrupt =
        Callback.eachStep(trainer -> {
          Thread.currentThread().interrupt();
          trainer.stop();
        });
    try (Trainer trainer =
            settings().callbacks(interrupt, Callback.checkpoint(checkpoint)).build();
        Trainer other = settings().build()) {
      trainer.fit(batches(points(101, 1)), 3);
      trainer.weights().save(model);
      other.resume(checkpoint, batches(points(101, 1)));
      assertThat(other.steps()).isEqualTo(1);
      other.weights().load(model);
      assertThat(other.weights().parametersToArrays())
          .usingRecursiveComparison()
          .isEqualTo(trainer.weights().parametersToArrays());
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }
}
