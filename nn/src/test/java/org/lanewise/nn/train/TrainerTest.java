package org.lanewise.nn.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.lanewise.nn.layers.Layers.linear;
import static org.lanewise.nn.train.Models.CLASSES;
import static org.lanewise.nn.train.Models.FEATURES;
import static org.lanewise.nn.train.Models.labelled;
import static org.lanewise.nn.train.Models.points;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.lanewise.kernels.backend.BackendUnavailableException;
import org.lanewise.nn.HostTensor;
import org.lanewise.nn.Layer;
import org.lanewise.nn.Tensor;
import org.lanewise.nn.data.Batches;
import org.lanewise.nn.data.Dataset;
import org.lanewise.nn.data.MemoryDataset;
import org.lanewise.nn.io.MalformedFileException;
import org.lanewise.nn.layers.Linear;
import org.lanewise.nn.weights.MismatchedWeightsException;
import org.lanewise.nn.weights.Weights;

class TrainerTest {
  @TempDir Path folder;

  private static TrainerBuilder settings() {
    return Trainer.classifier(new Models.Mlp()).seed(5).threads(2).optimizer(Optimizer.adam(0.01));
  }

  private static Batches batches(Dataset data) {
    return Batches.of(data).size(16).shuffle();
  }

  static List<Optimizer> optimizers() {
    return List.of(
        Optimizer.sgd(0.5),
        Optimizer.sgd(0.1, 0.9),
        Optimizer.sgd(0.1, 0.9).withNesterov().withWeightDecay(1e-4),
        Optimizer.sgd(0.1, 0.9).withDampening(0.5),
        Optimizer.rmsProp(0.01),
        Optimizer.rmsProp(0.003).withCentering().withMomentum(0.5),
        Optimizer.adagrad(0.1),
        Optimizer.adam(0.01),
        Optimizer.adam(0.01).withAmsGrad(),
        Optimizer.adamW(0.01, 0.01).withBetas(0.9, 0.95));
  }

  @ParameterizedTest
  @MethodSource("optimizers")
  void learnsToClassify(Optimizer optimizer) {
    try (Trainer trainer = settings().optimizer(optimizer).build()) {
      History history = trainer.fit(batches(points(1000, 1)), batches(points(300, 2)), 20);
      assertThat(history.last().validation().accuracy()).isGreaterThan(0.93);
      assertThat(history.last().trainLoss()).isLessThan(history.epochs().getFirst().trainLoss());
    }
  }

  record Line(Linear layer) implements Layer {
    @Override
    public Tensor forward(Tensor x) {
      return layer.forward(x);
    }
  }

  @Test
  void outputsThatAreNotNumbersAreNoRightAnswer() {
    Batches data = batches(labelled(new float[] {Float.NaN}, 1, new int[1]));
    try (Trainer trainer = Trainer.classifier(new Line(linear(1, 3))).build()) {
      assertThat(trainer.evaluate(data).accuracy()).isZero();
    }
  }

  @Test
  void learnsARegression() {
    float[] inputs = new float[200];
    float[] targets = new float[200];
    for (int i = 0; i < 200; i++) {
      inputs[i] = i / 100f - 1;
      targets[i] = 3 * inputs[i] - 2;
    }
    Batches data =
        Batches.of(
                MemoryDataset.of("x", HostTensor.of(inputs, 200, 1))
                    .and("target", HostTensor.of(targets, 200, 1)))
            .size(20)
            .shuffle();
    try (Trainer trainer =
        Trainer.regressor(new Line(linear(1, 1))).optimizer(Optimizer.sgd(0.3)).build()) {
      Evaluation evaluation = trainer.fit(data, data, 30).last().validation();
      assertThat(evaluation.loss()).isLessThan(1e-6);
      assertThat(evaluation.metrics()).isEmpty();
      assertThat(trainer.weights().toArray("layer.weight")[0]).isCloseTo(3f, within(1e-2f));
      assertThat(trainer.weights().toArray("layer.bias")[0]).isCloseTo(-2f, within(1e-2f));
    }
  }

  private static Map<String, float[]> train(TrainerBuilder settings, int epochs) {
    try (Trainer trainer = settings.build()) {
      trainer.fit(batches(points(100, 1)), epochs);
      return trainer.weights().parametersToArrays();
    }
  }

  @Test
  void sameSettingsGiveTheSameBits() {
    Map<String, float[]> expected = train(settings(), 2);
    assertThat(train(settings(), 2)).usingRecursiveComparison().isEqualTo(expected);
    assertThat(train(settings().threads(1), 2)).usingRecursiveComparison().isEqualTo(expected);
    assertThat(train(settings().device("scalar"), 2))
        .usingRecursiveComparison()
        .isEqualTo(expected);
    assertThat(train(settings().seed(6), 2).get("out.bias")).isNotEqualTo(expected.get("out.bias"));
  }

  private static Map<String, float[]> accumulated(int size, int accumulate, int threads) {
    Batches data = Batches.of(points(128 * 3 + 32, 1)).size(size);
    try (Trainer trainer =
        settings().optimizer(Optimizer.sgd(0.5)).threads(threads).accumulate(accumulate).build()) {
      trainer.fit(data, 1);
      assertThat(trainer.steps()).isEqualTo(4);
      return trainer.weights().parametersToArrays();
    }
  }

  @Test
  void fourBatchesOf32MakeTheStepOfOneOf128() {
    Map<String, float[]> expected = accumulated(128, 1, 2);
    Map<String, float[]> actual = accumulated(32, 4, 2);
    expected.forEach((name, elements) -> {
      for (int i = 0; i < elements.length; i++) {
        assertThat(actual.get(name)[i])
            .as("%s[%d]", name, i)
            .isCloseTo(elements[i], within(2 * Math.ulp(1f)));
      }
    });
    assertThat(accumulated(32, 4, 1)).usingRecursiveComparison().isEqualTo(actual);
  }

  @Test
  void resumesBetweenAccumulatedSteps() throws IOException {
    Path checkpoint = folder.resolve("checkpoint");
    Batches data = batches(points(105, 1)); // steps of 3, 3 and 1 batches
    Callback stopping =
        Callback.eachStep(trainer -> {
          if (trainer.steps() == 4) {
            trainer.stop();
          }
        });
    try (Trainer whole = settings().accumulate(3).build();
        Trainer first =
            settings().accumulate(3).callbacks(stopping, Callback.checkpoint(checkpoint)).build();
        Trainer second = settings().accumulate(3).build()) {
      whole.fit(data, 2);
      assertThat(whole.steps()).isEqualTo(6);
      first.fit(data, 2);
      assertThat(first.samplesDone()).isEqualTo(48);
      second.resume(checkpoint, data);
      second.fit(data, 2);
      assertThat(second.weights().parametersToArrays())
          .usingRecursiveComparison()
          .isEqualTo(whole.weights().parametersToArrays());
    }
  }

  @ParameterizedTest
  @CsvSource({"1", "7", "8", "14", "20"})
  void resumesToTheSameBits(int stopAfterSteps) throws IOException {
    Batches data = batches(points(105, 1)); // 7 steps an epoch, the last with 9 samples
    Batches validation = batches(points(50, 2));
    Map<String, float[]> uninterrupted;
    List<EpochResult> epochs;
    try (Trainer trainer = settings().build()) {
      epochs = trainer.fit(data, validation, 3).epochs();
      uninterrupted = trainer.weights().parametersToArrays();
    }
    Path checkpoint = folder.resolve("checkpoint");
    Callback stopping =
        Callback.eachStep(trainer -> {
          if (trainer.steps() == stopAfterSteps) {
            trainer.stop();
          }
        });
    try (Trainer trainer =
        settings().callbacks(stopping, Callback.checkpoint(checkpoint)).build()) {
      trainer.fit(data, validation, 3);
      assertThat(trainer.stopped()).isTrue();
      assertThat(trainer.steps()).isEqualTo(stopAfterSteps);
    }
    try (Trainer trainer = settings().build()) {
      trainer.resume(checkpoint, data);
      assertThat(trainer.steps()).isEqualTo(stopAfterSteps);
      List<EpochResult> resumed = trainer.fit(data, validation, 3).epochs();
      assertThat(trainer.weights().parametersToArrays())
          .usingRecursiveComparison()
          .isEqualTo(uninterrupted);
      for (int i = 0; i < 3; i++) {
        assertThat(resumed.get(i).trainLoss()).isEqualTo(epochs.get(i).trainLoss());
        assertThat(resumed.get(i).validation()).isEqualTo(epochs.get(i).validation());
      }
    }
  }

  @Test
  void resumesWhatHasTrainedMeanwhile() throws IOException {
    Path checkpoint = folder.resolve("checkpoint");
    Batches data = batches(points(105, 1));
    try (Trainer trainer = settings().build()) {
      trainer.fit(data, 1);
      trainer.saveCheckpoint(checkpoint);
      trainer.fit(data, 2);
      Map<String, float[]> uninterrupted = trainer.weights().parametersToArrays();
      trainer.resume(checkpoint, data);
      trainer.fit(data, 2);
      assertThat(trainer.weights().parametersToArrays())
          .usingRecursiveComparison()
          .isEqualTo(uninterrupted);
    }
  }

  @Test
  void refusesACheckpointOfOtherSettings() throws IOException {
    Path checkpoint = folder.resolve("checkpoint");
    Batches data = batches(points(100, 1));
    try (Trainer trainer = settings().build()) {
      trainer.fit(data, 1);
      trainer.saveCheckpoint(checkpoint);
    }
    Map.of(
            "seed",
            settings().seed(6),
            "optimizer",
            settings().optimizer(Optimizer.sgd(1)),
            "schedule",
            settings().schedule(Schedule.warmupCosine(0, 9)))
        .forEach((setting, other) -> refuses(other, checkpoint, data, setting));
    refuses(settings(), checkpoint, data.size(8), "batch");
    refuses(settings(), checkpoint, batches(points(104, 1)), "samples");
  }

  private static void refuses(
      TrainerBuilder other, Path checkpoint, Batches batches, String setting) {
    try (Trainer trainer = other.build()) {
      assertThatThrownBy(() -> trainer.resume(checkpoint, batches))
          .isInstanceOf(OtherSettingException.class)
          .hasMessageContaining("was written with " + setting)
          .extracting(refused -> ((OtherSettingException) refused).setting())
          .isEqualTo(setting);
    }
  }

  @Test
  void anEpochGoesOnWithItsBatchesOnly() {
    Callback stopping =
        Callback.eachStep(trainer -> {
          trainer.stop();
        });
    try (Trainer trainer = settings().callbacks(stopping).build()) {
      trainer.fit(batches(points(105, 1)), 1);
      assertThatThrownBy(() -> trainer.fit(batches(points(104, 1)), 1))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("105 samples in batches of 16");
    }
  }

  @Test
  void refusesAModelFileAsACheckpoint() throws IOException {
    Path model = folder.resolve("model");
    try (Trainer trainer = settings().build()) {
      trainer.weights().save(model);
      assertThatThrownBy(() -> trainer.resume(model, batches(points(100, 1))))
          .isInstanceOf(MalformedFileException.class)
          .hasMessageContaining("not a checkpoint");
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
        Trainer.classifier(new Wasteful()).optimizer(Optimizer.adamW(0.01, 0.1));
    Batches data = batches(points(320, 1));
    assertThat(wasteful.summary(data.signature()).layers())
        .extracting(Summary.LayerSummary::name)
        .containsExactly("hidden", "out", "");
    try (Trainer trainer = wasteful.build()) {
      float[] spare = trainer.weights().toArray("spare.weight");
      float[] hidden = trainer.weights().toArray("hidden.weight");
      trainer.fit(data, 1);
      assertThat(trainer.gradients())
          .containsOnlyKeys("hidden.weight", "hidden.bias", "out.weight", "out.bias");
      assertThat(trainer.weights().toArray("spare.weight")).isEqualTo(spare);
      assertThat(trainer.weights().toArray("hidden.weight")).isNotEqualTo(hidden);
    }
  }

  @Test
  void stopsEarly() {
    Batches data = batches(points(64, 1));
    try (Trainer trainer =
        settings().optimizer(Optimizer.sgd(0)).callbacks(Callback.earlyStopping(2)).build()) {
      assertThat(trainer.fit(data, data, 50).epochs()).hasSize(3);
    }
    try (Trainer trainer = settings().callbacks(Callback.earlyStopping(2)).build()) {
      assertThatThrownBy(() -> trainer.fit(data, 1)).hasMessageContaining("validation");
    }
  }

  @Test
  void reportsADivergedLoss() {
    Path checkpoint = folder.resolve("checkpoint");
    try (Trainer trainer =
        settings()
            .optimizer(Optimizer.sgd(1e30))
            .callbacks(Callback.checkpoint(checkpoint))
            .build()) {
      assertThatThrownBy(() -> trainer.fit(batches(points(320, 1)), 5))
          .isInstanceOf(DivergedException.class)
          .hasMessageContaining("epoch 1");
    }
    assertThat(checkpoint).as("a diverged model is not kept").doesNotExist();
  }

  @Test
  void refusesDataOfOtherTypes() {
    Batches wrong = batches(labelled(new float[20], 5, new int[4]));
    Batches unlabelled =
        batches(MemoryDataset.of("x", HostTensor.of(new float[FEATURES], 1, FEATURES)));
    Batches empty = batches(points(10, 1).slice(3, 3));
    try (Trainer trainer = settings().build()) {
      assertThatThrownBy(() -> trainer.fit(wrong, 1))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("x f32[4, 5]")
          .hasMessageContaining("hidden.weight f32[24, 6]");
      assertThatThrownBy(() -> trainer.fit(unlabelled, 1))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("no tensor is called 'label': there are [x]");
      assertThatThrownBy(() -> trainer.evaluate(empty))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("empty");
    }
  }

  @Test
  void refusesLabelsBeyondTheClasses() {
    Batches data = batches(labelled(new float[FEATURES], FEATURES, new int[] {3}));
    try (Trainer trainer = settings().build()) {
      assertThatThrownBy(() -> trainer.fit(data, 1))
          .isInstanceOf(IndexOutOfBoundsException.class)
          .hasMessageContaining("3 classes");
    }
  }

  @Test
  void refusesUseAfterClose() {
    Trainer trainer = settings().build();
    trainer.fit(batches(points(20, 1)), 1);
    trainer.close();
    trainer.close();
    assertThatThrownBy(() -> trainer.fit(batches(points(20, 1)), 2))
        .isInstanceOf(IllegalStateException.class);
    assertThat(trainer.weights().toArray("out.bias")).as("weights outlive the trainer").hasSize(3);
  }

  @Test
  void namesAMissingDevice() {
    assertThatThrownBy(() -> settings().device("tpu").build())
        .isInstanceOf(BackendUnavailableException.class)
        .hasMessageContaining("tpu");
  }

  @Test
  void refusesImpossibleSettings() {
    assertThatThrownBy(() -> batches(points(1, 1)).size(0)).hasMessageContaining("size");
    assertThatThrownBy(() -> settings().threads(-1)).hasMessageContaining("-1");
    assertThatThrownBy(() -> settings().accumulate(0)).hasMessageContaining("accumulate");
    assertThatThrownBy(() -> Optimizer.adam(-1)).hasMessageContaining("learningRate");
    assertThatThrownBy(() -> Optimizer.adam(Double.NaN)).hasMessageContaining("NaN");
    assertThatThrownBy(() -> Optimizer.sgd(1, 1)).hasMessageContaining("momentum");
    assertThatThrownBy(() -> Optimizer.sgd(1e39)).hasMessageContaining("learningRate");
    assertThatThrownBy(() -> Optimizer.adam(1e-3).withEpsilon(1e-46))
        .hasMessageContaining("epsilon");
    assertThatThrownBy(() -> new RmsProp(1e-3, 0.9, 1e-46, 0, 0, false))
        .hasMessageContaining("epsilon");
    assertThatThrownBy(() -> new Adagrad(1e-3, 1e-46, 0)).hasMessageContaining("epsilon");
    assertThatThrownBy(() -> Optimizer.sgd(1).withNesterov()).hasMessageContaining("Nesterov");
  }

  @Test
  void frozenParametersStay() {
    Models.Mlp model = new Models.Mlp();
    Weights frozen = Weights.of(model).initialize(1).freeze("hidden");
    Map<String, float[]> before = frozen.parametersToArrays();
    assertThatThrownBy(() -> frozen.freeze("nothing")).hasMessageContaining("'nothing'");
    try (Trainer trainer =
        Trainer.of(frozen, in -> model.forward(in.get("x")).crossEntropy(in.get("label")))
            .build()) {
      trainer.fit(batches(points(64, 1)), 1);
      assertThat(trainer.gradients()).containsOnlyKeys("out.weight", "out.bias");
    }
    assertThat(frozen.toArray("hidden.weight")).isEqualTo(before.get("hidden.weight"));
    assertThat(frozen.toArray("out.weight")).isNotEqualTo(before.get("out.weight"));
  }

  @Test
  void namesTensorsThatDoNotFit() throws IOException {
    Path file = folder.resolve("model");
    Weights.of(new Models.Mlp()).initialize(1).save(file);
    record Renamed(Linear hidden, Linear head) {}
    Weights renamed = Weights.of(new Renamed(linear(FEATURES, 25), linear(25, 3))).initialize(1);
    Map<String, float[]> before = renamed.parametersToArrays();
    assertThatThrownBy(() -> renamed.load(file))
        .isInstanceOfSatisfying(
            MismatchedWeightsException.class,
            mismatch -> {
              assertThat(mismatch.missing()).containsExactly("head.weight", "head.bias");
              assertThat(mismatch.unexpected()).containsExactly("out.weight", "out.bias");
              assertThat(mismatch.mismatched()).hasSize(2);
            })
        .hasMessageContaining("hidden.weight is f32[24, 6] but the model has f32[25, 6]");
    assertThat(renamed.parametersToArrays()).usingRecursiveComparison().isEqualTo(before);
  }
}
