package org.lanewise.nn.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.lanewise.nn.train.Models.FEATURES;
import static org.lanewise.nn.train.Models.points;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lanewise.nn.Optimizer;
import org.lanewise.nn.data.Dataset;
import org.lanewise.nn.io.MalformedFileException;
import org.lanewise.nn.io.SafeTensors;

/** Checkpoints whose numbers cannot be, and threads that are interrupted. */
class CheckpointTest {
  @TempDir private Path folder;

  static TrainerBuilder settings() {
    return Trainer.classify(new Models.Mlp(), FEATURES)
        .batch(16)
        .threads(1)
        .optimizer(Optimizer.adam(0.01));
  }

  /** Writes a checkpoint after two epochs and two steps of the third. */
  static void write(Path file, Dataset data) throws IOException {
    Trainer[] running = new Trainer[1];
    Callback stop =
        new Callback() {
          @Override
          public void onBatch(int epoch, int samplesDone, int samples, double meanLoss) {
            if (epoch == 3 && samplesDone == 32) {
              running[0].stop();
            }
          }
        };
    try (Trainer trainer = settings().on(stop).compile()) {
      running[0] = trainer;
      trainer.fit(data, data, 3);
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
        "steps | -5 | steps is -5; 2 epochs and samples_done 32 in batches of 16 make 16",
        "steps | 999999999999 | steps is 999999999999; 2 epochs",
        "steps | 17 | make 16",
        "steps | 1e3 | steps is '1e3', not a number",
        "steps | missing | steps is missing",
        "samples_done | -16 | samples_done is -16, not 0 to 2^30",
        "samples_done | 2147483647 | samples_done is 2147483647, not 0 to 2^30",
        "samples_done | 48 | steps is 16; 2 epochs and samples_done 48 in batches of 16 make 17",
        "loss_sum | NaN | loss_sum is NaN after 32 samples",
        "loss_sum | 1e300 | loss_sum is 1.0E300 after 32 samples",
        "loss_sum | -Infinity | loss_sum is -Infinity after 32 samples",
        "seconds | -5 | seconds is -5.0 after 32 samples",
        "seconds | Infinity | seconds is Infinity",
        "seconds | NaN | seconds is NaN",
        "epochs | missing | epochs is missing",
        "epochs | '' | steps is 16; 0 epochs and samples_done 32 in batches of 16 make 2",
        "epochs | x | epoch 1 is 'x', not 3 or 5 numbers",
        "epochs | 0.5 101 1;0.5 101 x | For input string: \"x\"",
        "epochs | 0.5 101 1;-5 | epoch 2 is '-5', not 3 or 5 numbers",
        "epochs | 0.5 101 1;0.5 101 1;0.5 101 1 | 3 epochs and samples_done 32",
        "epochs | 0.5 101 1;0.5 202 1 | make 22",
        "epochs | 0.5 101 1;0.5 -101 -1 | epoch 2 has -101.0 samples/s in -1.0 s",
        "epochs | 0.5 1e300 1e300;0.5 101 1 | epoch 1 has 1.0E300 samples/s",
        "epochs | 0.5 101 0;0.5 101 1 | epoch 1 has 101.0 samples/s in 0.0 s",
        "epochs | 1e300 101 1;0.5 101 1 | epoch 1 has a loss of 1.0E300",
        "epochs | 0.5 101 1 0.5 1.5;0.5 101 1 | epoch 1 has an accuracy of 1.5",
      })
  void namesTheNumberThatCannotBe(String key, String value, String fault) throws IOException {
    Path file = with(key, value);
    try (Trainer trainer = settings().compile()) {
      Map<String, float[]> before = trainer.parameters();
      assertThatThrownBy(() -> trainer.resume(file))
          .isInstanceOf(MalformedFileException.class)
          .hasMessageStartingWith(file + ": the checkpoint's position is damaged: ")
          .hasMessageContaining(fault)
          .hasMessageNotContaining("\n");
      assertThat(trainer.parameters()).usingRecursiveComparison().isEqualTo(before);
      assertThat(trainer.steps()).isZero();
    }
  }

  @ParameterizedTest
  @CsvSource({"32, 16, 31", "32, 16, 16", "33, 17, 101", "992, 76, 101"})
  void doesNotGoOnWithDataThatCannotBe(int samplesDone, int steps, int samples) throws IOException {
    Path file = with("samples_done", Integer.toString(samplesDone));
    change(file, Map.of("steps", Integer.toString(steps)));
    try (Trainer trainer = settings().compile()) {
      trainer.resume(file);
      assertThatThrownBy(() -> trainer.fit(points(samples, 1), 3))
          .isInstanceOf(UncheckedIOException.class)
          .cause()
          .isInstanceOf(MalformedFileException.class)
          .hasMessage(
              "%s: %d samples of epoch 3 are done, which cannot be with %d samples in batches of 16"
                  .formatted(file, samplesDone, samples));
    }
  }

  @Test
  void anInterruptedThreadSavesAndLoadsAndStaysInterrupted() throws IOException {
    Path checkpoint = folder.resolve("checkpoint");
    Path model = folder.resolve("model");
    Trainer[] running = new Trainer[1];
    Callback interrupt =
        new Callback() {
          @Override
          public void onBatch(int epoch, int samplesDone, int samples, double meanLoss) {
            Thread.currentThread().interrupt();
            running[0].stop();
          }
        };
    try (Trainer trainer = settings().on(interrupt).on(Callback.checkpoint(checkpoint)).compile();
        Trainer other = settings().compile()) {
      running[0] = trainer;
      trainer.fit(points(101, 1), 3);
      trainer.save(model);
      other.resume(checkpoint);
      assertThat(other.steps()).isEqualTo(1);
      other.load(model);
      assertThat(other.parameters()).usingRecursiveComparison().isEqualTo(trainer.parameters());
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }
}
