package org.lanewise.nn.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lanewise.nn.data.Batches;

/** A schedule that follows a metric, against PyTorch 1.13's ReduceLROnPlateau without its ε. */
class PlateauTest {
  private static final double[] METRIC = {
    1.8,
    1.63,
    1.458,
    1.302,
    1.231,
    Double.NaN,
    0.957,
    0.861,
    0.861,
    0.861,
    0.911,
    1.061,
    0.871,
    0.861,
    0.861,
    1.061,
    1.061,
    0.871,
    0.871,
    0.861,
    0.861,
    0.871,
    0.861,
    0.861,
    0.851,
    0.871,
    0.871,
    0.861,
    0.861,
    0.871,
    0.871,
    0.851,
    0.851,
    0.871,
    0.861,
    1.061,
    0.871,
    0.851,
    0.911,
    1.061
  };

  static Stream<Arguments> references() {
    return Stream.of(
        arguments(
            Schedule.onPlateau(0.5, 2),
            "1 1 1 1 1 1 1 1 1 1 0.5 0.5 0.5 0.25 0.25 0.25 0.125 0.125 0.125 "
                + "0.0625 0.0625 0.0625 0.03125 0.03125 0.03125 0.03125 0.03125 0.015625 "
                + "0.015625 0.015625 0.0078125 0.0078125 0.0078125 0.00390625 0.00390625 "
                + "0.00390625 0.00195312 0.00195312 0.00195312 0.000976562"),
        arguments(
            Schedule.onPlateau(0.5, 0).threshold(0.05),
            "1 1 1 1 1 0.5 0.5 0.5 0.25 0.125 0.0625 0.03125 0.015625 0.0078125 "
                + "0.00390625 0.00195312 0.000976562 0.000488281 0.000244141 0.00012207 "
                + "6.10352e-05 3.05176e-05 1.52588e-05 7.62939e-06 3.8147e-06 1.90735e-06 "
                + "9.53674e-07 4.76837e-07 2.38419e-07 1.19209e-07 5.96046e-08 "
                + "2.98023e-08 1.49012e-08 7.45058e-09 3.72529e-09 1.86265e-09 "
                + "9.31323e-10 4.65661e-10 2.32831e-10 1.16415e-10"),
        arguments(
            Schedule.onPlateau(0.1, 3).cooldown(4).least(0.005),
            "1 1 1 1 1 1 1 1 1 1 1 0.1 0.1 0.1 0.1 0.1 0.1 0.1 0.1 0.01 0.01 0.01 "
                + "0.01 0.01 0.01 0.01 0.01 0.01 0.005 0.005 0.005 0.005 0.005 0.005 "
                + "0.005 0.005 0.005 0.005 0.005 0.005"),
        arguments(
            Schedule.onPlateau(0.5, 5).ofLarger("m"),
            "1 1 1 1 1 1 0.5 0.5 0.5 0.5 0.5 0.5 0.25 0.25 0.25 0.25 0.25 0.25 "
                + "0.125 0.125 0.125 0.125 0.125 0.125 0.0625 0.0625 0.0625 0.0625 0.0625 "
                + "0.0625 0.03125 0.03125 0.03125 0.03125 0.03125 0.03125 0.015625 "
                + "0.015625 0.015625 0.015625"));
  }

  /** A history whose validation loss, metric m and training loss are given. */
  private static History history(int epochs, double... values) {
    return new History(
        IntStream.range(0, epochs)
            .mapToObj(i ->
                new EpochResult(
                    i + 1,
                    values[i],
                    new Evaluation(values[i], new LinkedHashMap<>(Map.of("m", values[i]))),
                    1,
                    1,
                    0,
                    Double.NaN))
            .toList());
  }

  @ParameterizedTest
  @MethodSource("references")
  void followsPyTorch(Plateau schedule, String factors) {
    double[] expected = Stream.of(factors.split(" ")).mapToDouble(Double::parseDouble).toArray();
    assertThat(expected).hasSameSizeAs(METRIC);
    assertThat(schedule.factor(1, history(0))).isEqualTo(1);
    for (int epoch = 1; epoch <= METRIC.length; epoch++) {
      assertThat(schedule.factor(epoch * 10L, history(epoch, METRIC)))
          .as("after epoch %d", epoch)
          .isCloseTo(expected[epoch - 1], within(1e-5 * expected[epoch - 1]));
    }
  }

  @Test
  void followsAMetricOrALoss() {
    double[] falling = DoubleStream.iterate(9, x -> x - 1).limit(5).toArray();
    Plateau schedule = Schedule.onPlateau(0.5, 0);
    for (String name : List.of(Plateau.LOSS, Plateau.TRAIN_LOSS, "m")) {
      assertThat(schedule.ofSmaller(name).factor(9, history(5, falling))).isEqualTo(1);
      assertThat(schedule.ofLarger(name).factor(9, history(5, falling))).isEqualTo(1 / 16d);
    }
    assertThatThrownBy(() -> schedule.ofLarger("f1").factor(9, history(5, falling)))
        .hasMessageContaining("no metric is called 'f1': there are [m]");
  }

  @Test
  void aWarmupPassesTheHistoryOn() {
    Schedule schedule = Schedule.onPlateau(0.5, 0).afterWarmup(10);
    assertThat(schedule.factor(5, history(0))).isEqualTo(0.5);
    assertThat(schedule.factor(5, history(2, 1, 1))).isEqualTo(0.25);
    assertThat(schedule.factor(11, history(2, 1, 1))).isEqualTo(0.5);
  }

  @TempDir Path folder;

  private static TrainerBuilder settings(Schedule schedule) {
    return Trainer.classifier(new Models.Mlp())
        .seed(5)
        .threads(1)
        .schedule(schedule)
        .optimizer(Optimizer.sgd(3));
  }

  private static Batches batches(int size, int seed) {
    return Batches.of(Models.points(size, seed)).size(16).shuffle();
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 21, 28, 35, 37})
  void resumesToTheSameBits(int stopAfterSteps) throws IOException {
    Schedule schedule = Schedule.onPlateau(0.25, 0).threshold(0.2);
    Path checkpoint = folder.resolve("checkpoint");
    Batches data = batches(105, 1); // 7 steps an epoch
    Batches validation = batches(50, 2);
    Callback stopping =
        Callback.eachStep(trainer -> {
          if (trainer.steps() == stopAfterSteps) {
            trainer.stop();
          }
        });
    try (Trainer whole = settings(schedule).build();
        Trainer first =
            settings(schedule).callbacks(stopping, Callback.checkpoint(checkpoint)).build();
        Trainer second = settings(schedule).build();
        Trainer constant = settings(Schedule.constant()).build()) {
      History history = whole.fit(data, validation, 7);
      assertThat(schedule.factor(1, new History(history.epochs().subList(0, 5))))
          .as("a factor that the last epochs need")
          .isLessThan(1);
      first.fit(data, validation, 7);
      assertThat(first.stopped()).isTrue();
      second.resume(checkpoint, data);
      second.fit(data, validation, 7);
      assertThat(second.weights().parametersToArrays())
          .usingRecursiveComparison()
          .isEqualTo(whole.weights().parametersToArrays());
      constant.fit(data, validation, 7);
      assertThat(constant.weights().toArray("out.bias"))
          .isNotEqualTo(whole.weights().toArray("out.bias"));
    }
  }

  @Test
  void anotherPlateauIsAnotherSetting() throws IOException {
    Path checkpoint = folder.resolve("checkpoint");
    Batches data = batches(105, 1);
    Schedule warm = Schedule.onPlateau(0.5, 1).afterWarmup(3);
    try (Trainer first = settings(warm).build();
        Trainer same = settings(Schedule.onPlateau(0.5, 1).afterWarmup(3)).build();
        Trainer other = settings(Schedule.onPlateau(0.5, 2).afterWarmup(3)).build()) {
      first.fit(data, data, 1);
      first.saveCheckpoint(checkpoint);
      same.resume(checkpoint, data);
      assertThat(same.steps()).isEqualTo(7);
      assertThatThrownBy(() -> other.resume(checkpoint, data))
          .isInstanceOf(OtherSettingException.class)
          .hasMessageContaining("patience=1")
          .hasMessageContaining("patience=2");
    }
  }

  @Test
  void aWarmupOfAFunctionIsComparedByItsFactors() throws IOException {
    Path checkpoint = folder.resolve("checkpoint");
    Batches data = batches(105, 1);
    Schedule falling = step -> 1 / Math.sqrt(step);
    try (Trainer first = settings(falling.afterWarmup(3)).build();
        Trainer same = settings(((Schedule) step -> 1 / Math.sqrt(step)).afterWarmup(3)).build()) {
      first.fit(data, 1);
      first.saveCheckpoint(checkpoint);
      same.resume(checkpoint, data);
      assertThat(same.steps()).isEqualTo(7);
    }
  }

  @Test
  void needsAValidationSet() {
    try (Trainer trainer = settings(Schedule.onPlateau(0.5, 1)).build()) {
      assertThatThrownBy(() -> trainer.fit(batches(105, 1), 2))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("the schedule follows 'loss' of a validation set, which epoch 1 had not");
    }
    try (Trainer trainer =
        settings(Schedule.onPlateau(0.5, 1).ofSmaller(Plateau.TRAIN_LOSS)).build()) {
      assertThat(trainer.fit(batches(105, 1), 2).epochs()).hasSize(2);
    }
  }
}
