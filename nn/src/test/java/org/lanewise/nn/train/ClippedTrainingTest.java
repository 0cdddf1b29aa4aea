package org.lanewise.nn.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.lanewise.nn.train.Models.points;
import static org.lanewise.nn.train.Optimizer.adamW;
import static org.lanewise.nn.train.Optimizer.sgd;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lanewise.nn.data.Batches;

/** Gradients that are kept small. */
class ClippedTrainingTest {
  private static final double VALUE = 0.004;
  private static final double NORM = 0.03;

  @TempDir private Path folder;

  private static TrainerBuilder settings() {
    return Trainer.classifier(new Models.Mlp()).seed(5).threads(2).optimizer(sgd(1));
  }

  /** The gradients that the first step follows. */
  private static Map<String, float[]> gradients(TrainerBuilder settings, int size) {
    try (Trainer trainer = settings.build()) {
      Map<String, float[]> before = trainer.weights().parametersToArrays();
      trainer.fit(Batches.of(points(64, 1)).size(size), 1);
      assertThat(trainer.steps()).isEqualTo(1);
      Map<String, float[]> after = trainer.weights().parametersToArrays();
      Map<String, float[]> gradients = new TreeMap<>();
      trainer
          .gradients()
          .forEach((name, tensor) -> {
            float[] elements = tensor.data().toArray(ValueLayout.JAVA_FLOAT);
            gradients.put(name, elements);
            for (int i = 0; i < elements.length; i++) {
              assertThat(after.get(name)[i])
                  .as("with a learning rate of 1, what is taken from %s[%d]", name, i)
                  .isEqualTo(Math.fma(-1f, elements[i], before.get(name)[i]));
            }
          });
      return gradients;
    }
  }

  private static double norm(Map<String, float[]> gradients) {
    double squares = 0;
    for (float[] elements : gradients.values()) {
      for (float element : elements) {
        squares += (double) element * element;
      }
    }
    return Math.sqrt(squares);
  }

  private static void assertChanged(
      Map<String, float[]> actual, Map<String, float[]> gradients, UnaryOperator<Double> change) {
    gradients.forEach((name, elements) -> {
      for (int i = 0; i < elements.length; i++) {
        double expected = change.apply((double) elements[i]);
        assertThat((double) actual.get(name)[i])
            .as("%s[%d]", name, i)
            .isCloseTo(expected, within(2e-7 * Math.abs(expected)));
      }
    });
  }

  private static double clamp(double element) {
    return Math.clamp(element, -VALUE, VALUE);
  }

  @ParameterizedTest
  @CsvSource({"64, 1", "16, 4"})
  void limitsElementsAndThenTheNorm(int size, int accumulate) {
    Map<String, float[]> gradients = gradients(settings().accumulate(accumulate), size);
    double norm = norm(gradients);
    assertThat(norm).isGreaterThan(2 * NORM);

    Map<String, float[]> byNorm = gradients(settings().accumulate(accumulate).clipNorm(NORM), size);
    assertThat(norm(byNorm)).isCloseTo(NORM, within(1e-6));
    assertChanged(byNorm, gradients, g -> g * NORM / (norm + 1e-6));

    Map<String, float[]> byValue =
        gradients(settings().accumulate(accumulate).clipValue(VALUE), size);
    assertChanged(byValue, gradients, ClippedTrainingTest::clamp);
    double clampedNorm = norm(byValue);
    assertThat(clampedNorm).isBetween(1.1 * NORM, 0.9 * norm);

    Map<String, float[]> both =
        gradients(settings().accumulate(accumulate).clipNorm(NORM).clipValue(VALUE), size);
    assertChanged(both, gradients, g -> clamp(g) * NORM / (clampedNorm + 1e-6));

    Map<String, float[]> within =
        gradients(settings().accumulate(accumulate).clipNorm(1.01 * norm).clipValue(9), size);
    assertThat(within).usingRecursiveComparison().isEqualTo(gradients);
  }

  private static TrainerBuilder all(int accumulate) {
    return settings()
        .optimizer(adamW(0.01, 0.1).withoutDecay(p -> p.shape().rank() < 2))
        .accumulate(accumulate)
        .clipValue(VALUE)
        .clipNorm(NORM);
  }

  private static Map<String, float[]> train(TrainerBuilder settings, int size) {
    try (Trainer trainer = settings.build()) {
      trainer.fit(Batches.of(points(128 * 3 + 32, 1)).size(size), 2);
      assertThat(trainer.steps()).isEqualTo(8);
      return trainer.weights().parametersToArrays();
    }
  }

  @Test
  void sameBitsOnAnyDeviceWithAnyThreads() {
    Map<String, float[]> expected = train(all(4), 32);
    assertThat(train(all(4).threads(1), 32)).usingRecursiveComparison().isEqualTo(expected);
    assertThat(train(all(4).device("scalar"), 32)).usingRecursiveComparison().isEqualTo(expected);
    assertThat(train(all(4).clipNorm(0.9 * NORM), 32).get("out.weight"))
        .isNotEqualTo(expected.get("out.weight"));
  }

  @Test
  void fourBatchesOf32MakeTheStepOfOneOf128() {
    Optimizer groups = sgd(0.5).withWeightDecay(0.1).withoutDecay(p -> p.shape().rank() < 2);
    Map<String, float[]> expected = train(all(1).optimizer(groups), 128);
    Map<String, float[]> actual = train(all(4).optimizer(groups), 32);
    expected.forEach((name, elements) -> {
      for (int i = 0; i < elements.length; i++) {
        assertThat(actual.get(name)[i])
            .as("%s[%d]", name, i)
            .isCloseTo(elements[i], within(2 * Math.ulp(1f)));
      }
    });
  }

  @Test
  void resumesOnlyWithTheSameLimits() throws IOException {
    Path checkpoint = folder.resolve("checkpoint");
    Batches data = Batches.of(points(64, 1)).size(16);
    try (Trainer trainer = all(1).build()) {
      trainer.fit(data, 1);
      trainer.saveCheckpoint(checkpoint);
    }
    try (Trainer same = all(1).build();
        Trainer other = all(1).clipNorm(1).build()) {
      same.resume(checkpoint, data);
      assertThatThrownBy(() -> other.resume(checkpoint, data))
          .isInstanceOf(OtherSettingException.class)
          .hasMessageContaining("was written with clip_norm 0.03; this training has 1.0");
    }
  }

  @Test
  void refusesImpossibleLimits() {
    assertThatThrownBy(() -> settings().clipNorm(0)).hasMessageContaining("clipNorm");
    assertThatThrownBy(() -> settings().clipValue(Double.NaN)).hasMessageContaining("clipValue");
  }
}
