package org.lanewise.nn.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.lanewise.nn.train.Models.points;
import static org.lanewise.nn.train.Optimizer.adamW;
import static org.lanewise.nn.train.Optimizer.sgd;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lanewise.kernels.op.Shape;
import org.lanewise.kernels.op.ShapeException;
import org.lanewise.nn.Tensor;
import org.lanewise.nn.data.Batches;
import org.lanewise.nn.io.SafeTensors;
import org.lanewise.nn.io.StoredTensor;

/** Rules of tensors' operations. */
class CustomRuleTest {
  private static final Batches DATA = Batches.of(points(96, 1)).size(16).shuffle();

  @TempDir private Path folder;

  private static TrainerBuilder settings(Optimizer optimizer) {
    return Trainer.classifier(new Models.Mlp()).seed(5).threads(2).optimizer(optimizer);
  }

  private static Map<String, float[]> train(Optimizer optimizer) {
    try (Trainer trainer = settings(optimizer).build()) {
      trainer.fit(DATA, 2);
      return trainer.weights().parametersToArrays();
    }
  }

  /** Gradient descent that keeps nothing. */
  record Descent(double learningRate) implements Rule.Custom {
    @Override
    public List<Shape> states(Shape parameter) {
      return List.of();
    }

    @Override
    public Update update(
        Tensor parameter, Tensor gradient, List<Tensor> states, Tensor learningRate) {
      return new Update(parameter.sub(gradient.mul(learningRate)));
    }

    @Override
    public Descent withLearningRate(double learningRate) {
      return new Descent(learningRate);
    }
  }

  @Test
  void isARuleLikeOthers() {
    Optimizer mixed =
        adamW(0.01, 0.1)
            .group(p -> p.shape().rank() < 2, _ -> new Descent(0.1))
            .group(p -> p.name().startsWith("out."), rule -> rule.withLearningRate(0.05));
    Optimizer fused =
        adamW(0.01, 0.1)
            .group(p -> p.shape().rank() < 2, _ -> sgd(0.1))
            .group(p -> p.name().startsWith("out."), rule -> rule.withLearningRate(0.05));
    Map<String, float[]> actual = train(mixed);
    train(fused)
        .forEach((name, elements) -> {
          for (int i = 0; i < elements.length; i++) { // the fused rule rounds once, not twice
            assertThat(actual.get(name)[i]).isCloseTo(elements[i], within(1e-4f));
          }
        });
    assertThatThrownBy(() -> settings(new Descent(1).withoutDecay(_ -> true)).build())
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageContaining("Descent[learningRate=1.0] makes no copy with another weight decay");
  }

  /** Gradient descent that remembers the last two parameters, and how many steps there were. */
  record Remembering(double learningRate) implements Rule.Custom {
    @Override
    public List<Shape> states(Shape parameter) {
      return List.of(parameter, parameter, Shape.of());
    }

    @Override
    public Update update(
        Tensor parameter, Tensor gradient, List<Tensor> states, Tensor learningRate) {
      Tensor more = states.get(2).mul(0.5f).add(learningRate);
      return new Update(
          parameter.sub(gradient.mul(learningRate)), parameter, states.getFirst(), more);
    }
  }

  @Test
  void statesAreReplacedAtOnce() throws IOException {
    Path checkpoint = folder.resolve("checkpoint");
    Map<String, float[]> afterOne;
    Map<String, float[]> afterTwo;
    try (Trainer trainer = settings(new Remembering(0.5)).build()) {
      Batches batch = Batches.of(points(16, 1)).size(16);
      trainer.fit(batch, 1);
      afterOne = trainer.weights().parametersToArrays();
      trainer.fit(batch, 2);
      afterTwo = trainer.weights().parametersToArrays();
      trainer.fit(batch, 3);
      trainer.saveCheckpoint(checkpoint);
    }
    try (Arena arena = Arena.ofShared()) {
      Map<String, StoredTensor> tensors = SafeTensors.read(checkpoint, arena).tensors();
      for (String name : afterOne.keySet()) {
        assertThat(elements(tensors, "optimizer.0." + name)).isEqualTo(afterTwo.get(name));
        assertThat(elements(tensors, "optimizer.1." + name)).isEqualTo(afterOne.get(name));
        assertThat(elements(tensors, "optimizer.2." + name)).containsExactly(0.875f);
      }
    }
    try (Trainer trainer = settings(new Remembering(0.5)).build()) {
      trainer.resume(checkpoint, Batches.of(points(16, 1)).size(16));
      assertThat(trainer.steps()).isEqualTo(3);
    }
  }

  private static float[] elements(Map<String, StoredTensor> tensors, String name) {
    return tensors.get(name).data().toArray(ValueLayout.JAVA_FLOAT);
  }

  /** Steps as long as a part of the parameter (LARS: You et al., arXiv 1708.03888). */
  record Lars(double learningRate, float trust) implements Rule.Custom {
    @Override
    public List<Shape> states(Shape parameter) {
      return List.of();
    }

    @Override
    public Update update(
        Tensor parameter, Tensor gradient, List<Tensor> states, Tensor learningRate) {
      Tensor ratio = norm(parameter).div(norm(gradient)).mul(trust).mul(learningRate);
      return new Update(parameter.sub(gradient.mul(ratio)));
    }

    private static Tensor norm(Tensor x) {
      return x.square().sum().sqrt();
    }
  }

  @Test
  void seesTheWholeParameter() {
    try (Trainer trainer = settings(new Lars(0.5, 0.1f)).build()) {
      Map<String, float[]> before = trainer.weights().parametersToArrays();
      trainer.fit(Batches.of(points(16, 1)).size(16), 1);
      Map<String, float[]> after = trainer.weights().parametersToArrays();
      before.forEach((name, elements) -> {
        double length = 0;
        double moved = 0;
        for (int i = 0; i < elements.length; i++) {
          length = Math.hypot(length, elements[i]);
          moved = Math.hypot(moved, after.get(name)[i] - elements[i]);
        }
        assertThat(moved).as(name).isCloseTo(0.05 * length, within(1e-6 * length));
      });
    }
  }

  /** A rule that forgets one of its states. */
  record Forgetful(double learningRate) implements Rule.Custom {
    @Override
    public List<Shape> states(Shape parameter) {
      return List.of(parameter);
    }

    @Override
    public Update update(
        Tensor parameter, Tensor gradient, List<Tensor> states, Tensor learningRate) {
      return new Update(parameter.sub(gradient));
    }
  }

  @Test
  void namesWhatARuleDoesNotReturn() {
    try (Trainer trainer = settings(new Forgetful(0.1)).build()) {
      assertThatThrownBy(() -> trainer.fit(DATA, 1))
          .isInstanceOf(ShapeException.class)
          .hasMessage(
              "Forgetful[learningRate=0.1] makes of 'hidden.weight' a parameter [24, 6] and states"
                  + " [], which must be [24, 6] and [[24, 6]]");
    }
  }
}
