package org.lanewise.nn.train;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.lanewise.nn.Layers.linear;
import static org.lanewise.nn.train.Models.CLASSES;
import static org.lanewise.nn.train.Models.FEATURES;
import static org.lanewise.nn.train.Models.points;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lanewise.kernels.backend.BackendUnavailableException;
import org.lanewise.kernels.op.Shape;
import org.lanewise.kernels.op.ShapeException;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.nn.Layer;
import org.lanewise.nn.Linear;
import org.lanewise.nn.Optimizer;
import org.lanewise.nn.Schedule;
import org.lanewise.nn.Tensor;
import org.lanewise.nn.data.Dataset;
import org.lanewise.nn.io.MalformedFileException;

class TrainerTest {
  @TempDir Path folder;

  private static TrainerBuilder settings() {
    return Trainer.classify(new Models.Mlp(), FEATURES)
        .batch(16)
        .seed(5)
        .threads(2)
        .optimizer(Optimizer.adam(0.01));
  }

  static List<Optimizer> optimizers() {
    return List.of(
        Optimizer.sgd(0.5),
        Optimizer.sgd(0.1, 0.9),
        new Optimizer.Sgd(0.1, 0.9, true, 1e-4),
        Optimizer.rmsProp(0.01),
        Optimizer.adagrad(0.1),
        Optimizer.adam(0.01),
        Optimizer.adamW(0.01, 0.01));
  }

  @ParameterizedTest
  @MethodSource("optimizers")
  void learnsToClassify(Optimizer optimizer) {
    try (Trainer trainer = settings().optimizer(optimizer).compile()) {
      History history = trainer.fit(points(1000, 1), points(300, 2), 20);
      assertThat(history.last().validation().accuracy()).isGreaterThan(0.93);
      assertThat(history.last().trainLoss()).isLessThan(history.epochs().getFirst().trainLoss());
    }
  }

  @Test
  void outputsThatAreNotNumbersAreNoRightAnswer() {
    Dataset data = Dataset.of(new float[] {Float.NaN}, Shape.of(1), new int[1]);
    record Logits(Linear out) implements Layer {
      @Override
      public Tensor forward(Tensor x) {
        return out.forward(x);
      }
    }
    try (Trainer trainer = Trainer.classify(new Logits(linear(1, 3)), 1).batch(1).compile()) {
      assertThat(trainer.evaluate(data).accuracy()).isZero();
    }
  }

  @Test
  void learnsARegression() {
    record Line(Linear layer) implements Layer {
      @Override
      public Tensor forward(Tensor x) {
        return layer.forward(x);
      }
    }
    float[] inputs = new float[200];
    float[] targets = new float[200];
    for (int i = 0; i < 200; i++) {
      inputs[i] = i / 100f - 1;
      targets[i] = 3 * inputs[i] - 2;
    }
    try (Arena arena = Arena.ofShared();
        Trainer trainer =
            Trainer.regress(new Line(linear(1, 1)), 1)
                .batch(20)
                .optimizer(Optimizer.sgd(0.3))
                .compile()) {
      Dataset data =
          Dataset.of(
              arena.allocateFrom(JAVA_FLOAT, inputs),
              TensorType.f32(1),
              arena.allocateFrom(JAVA_FLOAT, targets),
              TensorType.f32(1));
      Evaluation evaluation = trainer.fit(data, data, 30).last().validation();
      assertThat(evaluation.loss()).isLessThan(1e-6);
      assertThat(evaluation.accuracy()).isNaN();
      assertThat(trainer.predict(new float[] {0, 1})[1])
          .isCloseTo(1f, org.assertj.core.api.Assertions.within(1e-3f));
    }
  }

  @Test
  void dependsOnTheSeedAndNotOnThreadsOrDevice() {
    Map<String, float[]> first = train(settings().threads(1));
    assertThat(train(settings().threads(2))).usingRecursiveComparison().isEqualTo(first);
    assertThat(train(settings().threads(3))).usingRecursiveComparison().isEqualTo(first);
    assertThat(train(settings().device("scalar"))).usingRecursiveComparison().isEqualTo(first);
    assertThat(train(settings().seed(6)).get("out.bias")).isNotEqualTo(first.get("out.bias"));
  }

  private static Map<String, float[]> train(TrainerBuilder settings) {
    try (Trainer trainer = settings.compile()) {
      trainer.fit(points(101, 1), 2);
      return trainer.parameters();
    }
  }

  @Test
  void trainsOnAShortLastBatch() {
    List<Integer> batches = new ArrayList<>();
    Callback watch =
        new Callback() {
          @Override
          public void onBatch(int epoch, int samplesDone, int samples, double meanLoss) {
            batches.add(samplesDone);
          }
        };
    try (Trainer trainer = settings().on(watch).compile()) {
      trainer.fit(points(37, 1), 1);
      assertThat(batches).containsExactly(16, 32, 37);
      assertThat(trainer.steps()).isEqualTo(3);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4, 7, 9, 14})
  void continuesAfterAStopToTheSameBits(int stopAfterBatches) throws IOException {
    Dataset data = points(101, 1);
    Dataset validation = points(50, 2);
    Path checkpoint = folder.resolve("checkpoint");
    Map<String, float[]> uninterrupted;
    List<EpochResult> epochs;
    try (Trainer trainer = settings().compile()) {
      epochs = trainer.fit(data, validation, 3).epochs();
      uninterrupted = trainer.parameters();
    }
    TrainerBuilder stopping = settings();
    Trainer[] running = new Trainer[1];
    stopping.on(
        new Callback() {
          private int batches;

          @Override
          public void onBatch(int epoch, int samplesDone, int samples, double meanLoss) {
            if (++batches == stopAfterBatches) {
              running[0].stop();
            }
          }
        });
    try (Trainer trainer = stopping.on(Callback.checkpoint(checkpoint)).compile()) {
      running[0] = trainer;
      trainer.fit(data, validation, 3);
      assertThat(trainer.stopped()).isTrue();
      assertThat(trainer.steps()).isEqualTo(stopAfterBatches);
    }
    try (Trainer trainer = settings().compile()) {
      trainer.resume(checkpoint);
      assertThat(trainer.steps()).isEqualTo(stopAfterBatches);
      List<EpochResult> resumed = trainer.fit(data, validation, 3).epochs();
      assertThat(trainer.parameters()).usingRecursiveComparison().isEqualTo(uninterrupted);
      for (int i = 0; i < 3; i++) {
        assertThat(resumed.get(i).trainLoss()).isEqualTo(epochs.get(i).trainLoss());
        assertThat(resumed.get(i).validation()).isEqualTo(epochs.get(i).validation());
      }
    }
  }

  @Test
  void refusesACheckpointOfOtherSettings() throws IOException {
    Path checkpoint = folder.resolve("checkpoint");
    try (Trainer trainer = settings().compile()) {
      trainer.saveCheckpoint(checkpoint);
    }
    Map.of(
            "seed",
            settings().seed(6),
            "batch",
            settings().batch(8),
            "optimizer",
            settings().optimizer(Optimizer.sgd(1)),
            "schedule",
            settings().schedule(Schedule.warmupCosine(0, 9)))
        .forEach((setting, other) -> {
          try (Trainer trainer = other.compile()) {
            assertThatThrownBy(() -> trainer.resume(checkpoint))
                .isInstanceOf(OtherSettingException.class)
                .hasMessageContaining("was written with " + setting)
                .extracting(refused -> ((OtherSettingException) refused).setting())
                .isEqualTo(setting);
          }
        });
  }

  @Test
  void refusesAModelFileAsACheckpoint() throws IOException {
    Path model = folder.resolve("model");
    try (Trainer trainer = settings().compile()) {
      trainer.save(model);
      assertThatThrownBy(() -> trainer.resume(model))
          .isInstanceOf(MalformedFileException.class)
          .hasMessageContaining("not a checkpoint");
    }
  }

  @Test
  void loadsWhatItSaved() throws IOException {
    Path file = folder.resolve("model");
    float[] input = {1, 2, 3, 4, 5, 6};
    float[] output;
    try (Trainer trainer = settings().compile()) {
      trainer.fit(points(64, 1), 1);
      trainer.save(file);
      output = trainer.predict(input);
    }
    try (Trainer trainer = settings().seed(77).compile()) {
      assertThat(trainer.predict(input)).isNotEqualTo(output);
      trainer.load(file);
      assertThat(trainer.predict(input)).isEqualTo(output);
    }
  }

  record Wider(Linear hidden, Linear out) implements Layer {
    @Override
    public Tensor forward(Tensor x) {
      return out.forward(hidden.forward(x));
    }
  }

  record Renamed(Linear hidden, Linear head) implements Layer {
    @Override
    public Tensor forward(Tensor x) {
      return head.forward(hidden.forward(x));
    }
  }

  @Test
  void namesATensorThatDoesNotFit() throws IOException {
    Path file = folder.resolve("model");
    try (Trainer trainer = settings().compile()) {
      trainer.save(file);
    }
    try (Trainer wider =
        Trainer.classify(new Wider(linear(FEATURES, 25), linear(25, 3)), FEATURES).compile()) {
      Map<String, float[]> before = wider.parameters();
      assertThatThrownBy(() -> wider.load(file))
          .isInstanceOf(MalformedFileException.class)
          .hasMessageContaining("'hidden.weight' is f32[24, 6] but the model has f32[25, 6]")
          .hasMessageContaining("and 2 more");
      assertThat(wider.parameters()).usingRecursiveComparison().isEqualTo(before);
    }
    try (Trainer renamed =
        Trainer.classify(new Renamed(linear(FEATURES, 24), linear(24, 3)), FEATURES).compile()) {
      assertThatThrownBy(() -> renamed.load(file))
          .isInstanceOf(MalformedFileException.class)
          .hasMessageContaining("'head.weight' is missing");
    }
  }

  @Test
  void predictsTheSameInBatchesOfAnySize() {
    float[] inputs = new float[33 * FEATURES];
    for (int i = 0; i < inputs.length; i++) {
      inputs[i] = (i * 37 % 101) / 50f - 1;
    }
    float[] expected;
    try (Trainer trainer = settings().batch(64).compile()) {
      expected = trainer.predict(inputs);
    }
    for (int batch : new int[] {1, 7, 32}) {
      try (Trainer trainer = settings().batch(batch).compile()) {
        assertThat(trainer.predict(inputs)).isEqualTo(expected);
      }
    }
  }

  /** A model that computes two tensors which it does not use, one of them of its input alone. */
  record Wasteful(Linear hidden, Linear spare, Linear out) implements Layer {
    Wasteful() {
      this(linear(FEATURES, 24), linear(24, 7), linear(24, CLASSES));
    }

    @Override
    public Tensor forward(Tensor x) {
      Tensor h = hidden.forward(x);
      x.mul(2f).softmax(-1);
      spare.forward(h.relu()).relu();
      return out.forward(h.relu());
    }
  }

  @Test
  void whatAModelDoesNotUseIsLeftOut() {
    TrainerBuilder wasteful =
        Trainer.classify(new Wasteful(), FEATURES)
            .batch(16)
            .threads(2)
            .optimizer(Optimizer.adam(0.01));
    assertThat(wasteful.summary().layers())
        .extracting(Summary.LayerSummary::name)
        .containsExactly("hidden", "out", "");
    try (Trainer trainer = wasteful.compile()) {
      float[] spare = trainer.parameters().get("spare.weight");
      float[] hidden = trainer.parameters().get("hidden.weight");
      trainer.fit(points(320, 1), 1);
      assertThat(trainer.gradients().get("spare.weight")).containsOnly(0f);
      assertThat(trainer.parameters().get("spare.weight")).isEqualTo(spare);
      assertThat(trainer.parameters().get("hidden.weight")).isNotEqualTo(hidden);
      assertThat(trainer.predict(new float[FEATURES])).hasSize(CLASSES);
    }
  }

  @Test
  void stopsEarly() {
    Dataset data = points(64, 1);
    try (Trainer trainer =
        settings().optimizer(Optimizer.sgd(0)).on(Callback.earlyStopping(2)).compile()) {
      assertThat(trainer.fit(data, data, 50).epochs()).hasSize(3);
    }
    try (Trainer trainer = settings().on(Callback.earlyStopping(2)).compile()) {
      assertThatThrownBy(() -> trainer.fit(data, 1)).hasMessageContaining("validation");
    }
  }

  @Test
  void reportsADivergedLoss() {
    Path checkpoint = folder.resolve("checkpoint");
    try (Trainer trainer =
        settings().optimizer(Optimizer.sgd(1e30)).on(Callback.checkpoint(checkpoint)).compile()) {
      assertThatThrownBy(() -> trainer.fit(points(320, 1), 5))
          .isInstanceOf(DivergedException.class)
          .hasMessageContaining("epoch 1");
    }
    assertThat(checkpoint).as("a diverged model is not kept").doesNotExist();
  }

  @Test
  void refusesDataOfOtherTypes() {
    Dataset wrong = Dataset.of(new float[20], Shape.of(5), new int[4]);
    Dataset empty = points(10, 1).slice(3, 3);
    try (Trainer trainer = settings().compile()) {
      assertThatThrownBy(() -> trainer.fit(wrong, 1))
          .isInstanceOf(ShapeException.class)
          .hasMessageContaining("training data has inputs f32[5]")
          .hasMessageContaining("takes f32[6]");
      assertThatThrownBy(() -> trainer.evaluate(empty))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("empty");
      assertThatThrownBy(() -> trainer.predict(new float[7]))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("7")
          .hasMessageContaining("[6]");
    }
  }

  @Test
  void refusesLabelsBeyondTheClasses() {
    Dataset data = Dataset.of(new float[FEATURES], Shape.of(FEATURES), new int[] {3});
    try (Trainer trainer = settings().compile()) {
      assertThatThrownBy(() -> trainer.fit(data, 1))
          .isInstanceOf(IndexOutOfBoundsException.class)
          .hasMessageContaining("3 classes");
    }
  }

  @Test
  void refusesUseAfterClose() {
    Trainer trainer = settings().compile();
    trainer.fit(points(20, 1), 1);
    trainer.close();
    trainer.close();
    assertThatThrownBy(() -> trainer.fit(points(20, 1), 2))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> trainer.predict(new float[FEATURES]))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(trainer::parameters).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void namesAMissingDevice() {
    assertThatThrownBy(() -> settings().device("tpu").compile())
        .isInstanceOf(BackendUnavailableException.class)
        .hasMessageContaining("tpu");
  }

  @Test
  void refusesImpossibleSettings() {
    assertThatThrownBy(() -> settings().batch(0)).hasMessageContaining("batch");
    assertThatThrownBy(() -> settings().threads(-1)).hasMessageContaining("-1");
    assertThatThrownBy(() -> Optimizer.adam(-1)).hasMessageContaining("learningRate");
    assertThatThrownBy(() -> Optimizer.adam(Double.NaN)).hasMessageContaining("NaN");
    assertThatThrownBy(() -> Optimizer.sgd(1, 1)).hasMessageContaining("momentum");
    assertThatThrownBy(() -> Optimizer.sgd(1e39)).hasMessageContaining("learningRate");
    assertThatThrownBy(() -> new Optimizer.Adam(1e-3, 0.9, 0.999, 1e-46, 0, false, true))
        .hasMessageContaining("epsilon");
    assertThatThrownBy(() -> new Optimizer.RmsProp(1e-3, 0.9, 1e-46, 0))
        .hasMessageContaining("epsilon");
    assertThatThrownBy(() -> new Optimizer.Adagrad(1e-3, 1e-46, 0))
        .hasMessageContaining("epsilon");
    assertThatThrownBy(() -> new Optimizer.Sgd(1, 0, true, 0)).hasMessageContaining("Nesterov");
  }
}
