package org.lanewise.nn.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.lanewise.nn.train.Models.points;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lanewise.nn.data.Batches;
import org.lanewise.nn.data.Dataset;
import org.lanewise.nn.io.MalformedFileException;
import org.lanewise.nn.io.SafeTensors;
import org.lanewise.nn.weights.Weights;

/** What a caller notes beside the settings of the trainer, and what files say of a training. */
class OwnSettingsTest {
  private static final Dataset DATA = points(50, 1);

  @TempDir private Path folder;
  private Path checkpoint;

  @BeforeEach
  void choose() {
    checkpoint = folder.resolve("checkpoint");
  }

  private static Batches batches(int size) {
    return Batches.of(DATA).size(size);
  }

  private History trainAndSave(String settings) throws IOException {
    try (Trainer trainer = with(settings).build()) {
      trainer.fit(batches(16), batches(16), 2);
      trainer.saveCheckpoint(checkpoint);
      return trainer.history();
    }
  }

  /** A builder with settings, as in {@code a=1 b=2}. */
  private static TrainerBuilder with(String settings) {
    TrainerBuilder builder = CheckpointTest.settings();
    Map<String, String> all = new LinkedHashMap<>();
    for (String setting : settings.split(" ")) {
      if (!setting.isEmpty()) {
        all.put(setting.split("=")[0], setting.split("=")[1]);
      }
    }
    all.forEach(builder::setting);
    return builder;
  }

  @ParameterizedTest
  @CsvSource({
    "'model=a', 'model=b', setting.model, a, b",
    "'', 'model=b', setting.model, none, b",
    "'model=a', '', setting.model, a, none",
    "'x=1 model=a', 'x=1 model=b', setting.model, a, b"
  })
  void aTrainingIsResumedWithTheSameOnesFirst(
      String before, String now, String setting, String saved, String given) throws IOException {
    trainAndSave(before);

    try (Trainer trainer = with(now).seed(7).build()) {
      assertThatThrownBy(() -> trainer.resume(checkpoint, batches(8)))
          .isInstanceOfSatisfying(
              OtherSettingException.class,
              other -> {
                assertThat(other.setting()).isEqualTo(setting);
                assertThat(other.saved()).isEqualTo(saved);
                assertThat(other.given()).isEqualTo(given);
              });
    }
    try (Trainer trainer = with(before).build()) {
      trainer.resume(checkpoint, batches(16));
      assertThat(trainer.epoch()).isEqualTo(3);
    }
  }

  @Test
  void theHistoryIsReadFromACheckpoint() throws IOException {
    History history = trainAndSave("");

    assertThat(History.ofCheckpoint(checkpoint)).isEqualTo(history);
    assertThat(history.epochs()).hasSize(2);

    Path weights = folder.resolve("weights");
    Weights.of(new Models.Mlp()).initialize(1).save(weights);
    assertThatThrownBy(() -> History.ofCheckpoint(weights))
        .isInstanceOf(MalformedFileException.class)
        .hasMessageContaining("not a checkpoint");
  }

  @Test
  void weightsAreSavedWithMetadata() throws IOException {
    Path file = folder.resolve("weights");
    Weights weights = Weights.of(new Models.Mlp()).initialize(1);
    weights.save(file, Map.of("kind", "mlp"));

    try (Arena arena = Arena.ofShared()) {
      assertThat(SafeTensors.read(file, arena).metadata()).containsOnly(Map.entry("kind", "mlp"));
    }
    Weights loaded = Weights.of(new Models.Mlp()).load(file);
    assertThat(loaded.toArray("hidden.weight")).isEqualTo(weights.toArray("hidden.weight"));
  }
}
