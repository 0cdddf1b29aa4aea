package org.lanewise.nn.examples;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.lanewise.nn.layers.Layers.linear;
import static org.lanewise.nn.train.Optimizer.sgd;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lanewise.nn.HostTensor;
import org.lanewise.nn.Layer;
import org.lanewise.nn.Tensor;
import org.lanewise.nn.data.Batches;
import org.lanewise.nn.data.MemoryDataset;
import org.lanewise.nn.layers.Linear;
import org.lanewise.nn.metrics.Metric;
import org.lanewise.nn.train.Callback;
import org.lanewise.nn.train.History;
import org.lanewise.nn.train.OtherSettingException;
import org.lanewise.nn.train.Schedule;
import org.lanewise.nn.train.Trainer;
import org.lanewise.nn.train.TrainerBuilder;

/** Schedules, metrics and callbacks of one's own. */
class OwnTrainingTest {
  record Line(Linear layer) implements Layer {
    @Override
    public Tensor forward(Tensor x) {
      return layer.forward(x);
    }
  }

  @TempDir private Path folder;

  private static TrainerBuilder settings() {
    return Trainer.regressor(new Line(linear(1, 1))).optimizer(sgd(0.5));
  }

  /** {@code y = 3x − 2} at 100 places from −1 to 1. */
  private static Batches data() {
    float[] x = new float[100];
    float[] y = new float[100];
    for (int i = 0; i < 100; i++) {
      x[i] = i / 50f - 1;
      y[i] = 3 * x[i] - 2;
    }
    return Batches.of(
            MemoryDataset.of("x", HostTensor.of(x, 100, 1)).and("target", HostTensor.of(y, 100, 1)))
        .size(20)
        .shuffle();
  }

  @Test
  void aScheduleIsAFunctionOfTheStep() {
    try (Trainer trainer = settings().schedule(step -> step <= 3 ? 1 : 0).build()) {
      trainer.fit(data(), 1);
      float[] moved = trainer.weights().toArray("layer.weight");
      assertThat(moved[0]).isGreaterThan(0);
      trainer.fit(data(), 2);
      assertThat(trainer.weights().toArray("layer.weight")).isEqualTo(moved);
    }
  }

  @Test
  void aTrainingIsResumedWithItsSchedule() throws IOException {
    Path checkpoint = folder.resolve("checkpoint");
    Schedule falling = step -> 1 / Math.sqrt(step);
    try (Trainer whole = settings().schedule(falling).build();
        Trainer first = settings().schedule(falling).build();
        Trainer second = settings().schedule(step -> 1 / Math.sqrt(step)).build();
        Trainer other = settings().schedule(step -> 1 / (double) step).build()) {
      whole.fit(data(), 4);
      first.fit(data(), 2);
      first.saveCheckpoint(checkpoint);
      second.resume(checkpoint, data());
      second.fit(data(), 4);
      assertThat(second.weights().parametersToArrays())
          .usingRecursiveComparison()
          .isEqualTo(whole.weights().parametersToArrays());
      assertThatThrownBy(() -> other.resume(checkpoint, data()))
          .isInstanceOf(OtherSettingException.class)
          .hasMessageContaining("was written with schedule {1=1.0, 2=0.7071067811865475,")
          .hasMessageContaining("this training has {1=1.0, 2=0.5,");
    }
  }

  /** The largest distance of an output from its target. */
  record LargestError() implements Metric {
    @Override
    public String name() {
      return "largest error";
    }

    @Override
    public Measurement start() {
      return new Measurement() {
        private double largest = Double.NaN;

        @Override
        public void add(Function<String, HostTensor> tensors, int samples) {
          MemorySegment outputs = tensors.apply("output").data();
          MemorySegment targets = tensors.apply("target").data();
          for (int i = 0; i < samples; i++) {
            double error =
                Math.abs(outputs.getAtIndex(JAVA_FLOAT, i) - targets.getAtIndex(JAVA_FLOAT, i));
            largest = Double.isNaN(largest) ? error : Math.max(largest, error);
          }
        }

        @Override
        public double value() {
          return largest;
        }
      };
    }
  }

  @Test
  void aMetricSeesTheOutputsOfEachBatch() {
    try (Trainer trainer = settings().metric(new LargestError()).build()) {
      double before = trainer.evaluate(data()).metric("largest error");
      float weight = trainer.weights().toArray("layer.weight")[0];
      float bias = trainer.weights().toArray("layer.bias")[0];
      double atMinus1 = Math.abs(-weight + bias + 5);
      double atPlus1 = Math.abs(0.98 * weight + bias - 0.94);
      assertThat(before).isCloseTo(Math.max(atMinus1, atPlus1), within(1e-5));
      double after = trainer.fit(data(), data(), 20).last().validation().metric("largest error");
      assertThat(after).isLessThan(0.01 * before);
    }
  }

  @Test
  void aTrainingIsResumedWithItsMetrics() throws IOException {
    Path checkpoint = folder.resolve("checkpoint");
    Metric odd = new LargestError().named("a=1; b 2 %");
    try (Trainer first = settings().metric(new LargestError()).metric(odd).build();
        Trainer second = settings().metric(new LargestError()).metric(odd).build()) {
      History history = first.fit(data(), data(), 2);
      first.saveCheckpoint(checkpoint);
      second.resume(checkpoint, data());
      assertThat(second.history()).isEqualTo(history);
      assertThat(second.history().last().validation().metrics())
          .containsOnlyKeys("largest error", "a=1; b 2 %");
    }
    for (String name : List.of("largest error", "loss", "train_loss")) {
      assertThatThrownBy(
              () -> settings().metric(new LargestError()).metric(new LargestError().named(name)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("another metric is called '%s'", name);
    }
  }

  @Test
  void aCallbackGetsTheTrainerAndMayStopIt() {
    Callback enough =
        Callback.eachStep(trainer -> {
          if (trainer.meanLoss() < 0.5) {
            trainer.stop();
          }
        });
    try (Trainer trainer = settings().callbacks(enough).build()) {
      trainer.fit(data(), 1000);
      assertThat(trainer.stopped()).isTrue();
      assertThat(trainer.epoch()).isBetween(2, 20);
      assertThat(trainer.meanLoss()).isLessThan(0.5);
    }
  }
}
