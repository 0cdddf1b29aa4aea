package org.lanewise.nn.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lanewise.nn.data.Batches;

class UtilizationTest {
  @TempDir private Path folder;

  private static Batches batches() {
    return Batches.of(Models.points(96, 1)).size(16);
  }

  private static TrainerBuilder settings() {
    return Trainer.classifier(new Models.Mlp()).threads(1);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.5})
  void anEpochHasTheOperationsOfItsSteps(double norm) {
    TrainerBuilder settings = norm == 0 ? settings() : settings().clipNorm(norm);
    long step = settings.summary(batches().signature()).step().flops();
    try (Trainer trainer = settings.build()) {
      History history = trainer.fit(batches(), batches(), 2);
      assertThat(history.epochs())
          .extracting(EpochResult::flops)
          .containsExactly(6 * step, 6 * step);
      EpochResult last = history.last();
      assertThat(last.flopsPerSecond()).isEqualTo(6 * step / last.seconds());
      assertThat(last.utilization()).isNaN();
      assertThat(trainer.pace().utilization()).isNaN();
    }
  }

  @Test
  void thePeakIsKnownWhenTheFirstEpochEnds() {
    List<Double> whileTraining = new ArrayList<>();
    try (Trainer trainer =
        settings()
            .utilization(true)
            .callbacks(Callback.eachStep(t -> whileTraining.add(t.pace().utilization())))
            .build()) {
      List<EpochResult> epochs = trainer.fit(batches(), 2).epochs();
      double peak = epochs.get(0).flopsPerSecond() / epochs.get(0).utilization();
      assertThat(peak).isFinite().isPositive();
      assertThat(epochs.get(1).flopsPerSecond() / epochs.get(1).utilization())
          .isCloseTo(peak, within(1e-9 * peak));
      assertThat(whileTraining).hasSize(12);
      assertThat(whileTraining.subList(6, 12)).allMatch(share -> share > 0 && share < 100);
    }
  }

  @Test
  void aResumedTrainingKnowsWhatWasBefore() throws IOException {
    Path checkpoint = folder.resolve("checkpoint");
    List<EpochResult> before;
    try (Trainer trainer = settings().utilization(true).build()) {
      before = trainer.fit(batches(), 1).epochs();
      trainer.saveCheckpoint(checkpoint);
    }
    try (Trainer trainer = settings().build()) {
      trainer.resume(checkpoint, batches());
      List<EpochResult> epochs = trainer.fit(batches(), 2).epochs();
      assertThat(epochs.getFirst()).isEqualTo(before.getFirst());
      assertThat(epochs.getLast().flops()).isEqualTo(before.getFirst().flops());
      assertThat(epochs.getLast().utilization()).isNaN();
    }
  }

  @Test
  void anEpochStoppedInTheMiddleHasAllOperations() throws IOException {
    Path checkpoint = folder.resolve("checkpoint");
    try (Trainer trainer =
        settings()
            .callbacks(
                Callback.eachStep(t -> {
                  if (t.steps() == 2) t.stop();
                }))
            .build()) {
      trainer.fit(batches(), 1);
      trainer.saveCheckpoint(checkpoint);
    }
    try (Trainer trainer = settings().build()) {
      trainer.resume(checkpoint, batches());
      long step = trainer.summary(batches().signature()).step().flops();
      assertThat(trainer.fit(batches(), 1).last().flops()).isEqualTo(6 * step);
    }
  }
}
