package org.lanewise.nn.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.lanewise.nn.train.Models.points;
import static org.lanewise.nn.train.Optimizer.adam;
import static org.lanewise.nn.train.Optimizer.adamW;
import static org.lanewise.nn.train.Optimizer.sgd;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lanewise.kernels.backend.Backend;
import org.lanewise.kernels.backend.Backends;
import org.lanewise.kernels.op.Op;
import org.lanewise.kernels.op.UpdateOp;
import org.lanewise.nn.data.Batches;
import org.lanewise.nn.io.SafeTensors;
import org.lanewise.nn.session.Session;
import org.lanewise.nn.weights.Weights;

/** Parameters that follow rules of their own. */
class ParameterGroupsTest {
  private static final Batches DATA = Batches.of(points(100, 1)).size(16).shuffle();

  /** No decay of biases, and smaller steps of the first layer: four groups. */
  private static final Optimizer GROUPS =
      adamW(0.01, 0.5)
          .withoutDecay(p -> p.shape().rank() < 2)
          .group(
              p -> p.name().startsWith("hidden."),
              rule -> rule.withLearningRate(0.1 * rule.learningRate()));

  @TempDir private Path folder;

  private static TrainerBuilder settings(Optimizer optimizer) {
    return Trainer.classifier(new Models.Mlp()).seed(5).threads(2).optimizer(optimizer);
  }

  private static Map<String, float[]> train(TrainerBuilder settings) {
    try (Trainer trainer = settings.build()) {
      trainer.fit(DATA, 2);
      return trainer.weights().parametersToArrays();
    }
  }

  /** A parameter after one step, in which all trainings have the same gradients. */
  private static float[] step(Optimizer optimizer, String parameter) {
    try (Trainer trainer = settings(optimizer).build()) {
      trainer.fit(Batches.of(points(16, 1)).size(16), 1);
      return trainer.weights().toArray(parameter);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "hidden.weight, 0.001, 0.5",
    "hidden.bias, 0.001, 0",
    "out.weight, 0.01, 0.5",
    "out.bias, 0.01, 0"
  })
  void eachParameterFollowsItsRule(String parameter, double learningRate, double weightDecay) {
    assertThat(step(GROUPS, parameter))
        .isEqualTo(step(adamW(learningRate, weightDecay), parameter))
        .isNotEqualTo(step(adamW(2 * learningRate, weightDecay), parameter))
        .isNotEqualTo(step(adamW(learningRate, weightDecay + 1), parameter));
  }

  @Test
  void aFunctionOfTheParameterIsAnOptimizer() {
    Optimizer mixed = p -> p.shape().rank() == 2 ? adam(0.01) : sgd(0.1);
    assertThat(step(mixed, "out.weight")).isEqualTo(step(adam(0.01), "out.weight"));
    assertThat(step(mixed, "out.bias")).isEqualTo(step(sgd(0.1), "out.bias"));
  }

  @Test
  void sameBitsOnAnyDeviceWithAnyThreads() {
    Map<String, float[]> expected = train(settings(GROUPS));
    assertThat(train(settings(GROUPS).threads(1))).usingRecursiveComparison().isEqualTo(expected);
    assertThat(train(settings(GROUPS).device("scalar")))
        .usingRecursiveComparison()
        .isEqualTo(expected);
  }

  /** Counts the optimizers' ops of a training, whose weights are arranged or else already open. */
  private static List<Op> updates(Optimizer optimizer, boolean isOpen) {
    List<Op> ops = new ArrayList<>();
    Backend cpu = Backends.open("cpu", 1);
    Backend counting =
        (Backend)
            Proxy.newProxyInstance(
                Backend.class.getClassLoader(),
                new Class<?>[] {Backend.class},
                (_, method, arguments) -> {
                  if (method.getName().equals("bind") && arguments[1] instanceof UpdateOp op) {
                    ops.add(op);
                  }
                  try {
                    return method.invoke(cpu, arguments);
                  } catch (InvocationTargetException thrown) {
                    throw thrown.getCause();
                  }
                });
    TrainerBuilder settings = settings(optimizer);
    settings.weights.initialize(1);
    try (Session session = isOpen ? Session.of(counting, settings.weights) : null) {
      settings.build().close();
      try (Trainer trainer =
          new Trainer(settings, isOpen ? session : Session.of(counting, settings.weights))) {
        trainer.fit(DATA, 1);
      }
    }
    return ops;
  }

  @Test
  void aGroupIsOneOp() {
    assertThat(updates(adam(0.01), false)).hasSize(1);
    assertThat(updates(adamW(0.01, 0.5).withoutDecay(p -> p.shape().rank() < 2), false))
        .containsExactly(adamW(0.01, 0.5).op(), adamW(0.01, 0).op());
    assertThat(updates(adamW(0.01, 0.5).withoutDecay(p -> p.shape().rank() < 2), true))
        .as("where the weights cannot be moved")
        .hasSize(4);
  }

  @Test
  void whereParametersLieChangesNoBits() throws IOException {
    TrainerBuilder arranged = settings(GROUPS);
    TrainerBuilder open = settings(GROUPS);
    open.weights.initialize(5);
    try (Session _ = Session.open("cpu", open.weights)) {
      assertThat(train(open)).usingRecursiveComparison().isEqualTo(train(arranged));
    }
    assertThat(arranged.weights.layout().places().keySet())
        .containsExactly("hidden.weight", "hidden.bias", "out.weight", "out.bias");
    Path file1 = folder.resolve("1");
    Path file2 = folder.resolve("2");
    arranged.weights.save(file1);
    open.weights.save(file2);
    assertThat(file1).hasSameBinaryContentAs(file2);
  }

  @Test
  void weightsStayWhatTheyAreWhenTheyAreArranged() throws IOException {
    Weights weights = Weights.of(new Models.Mlp()).initialize(3);
    Map<String, float[]> before = weights.parametersToArrays();
    weights.save(folder.resolve("before"));
    weights.arrange(List.of("out.bias", "hidden.bias"));
    weights.save(folder.resolve("after"));
    assertThat(weights.layout().places().keySet())
        .containsExactly("out.bias", "hidden.bias", "hidden.weight", "out.weight");
    assertThat(weights.parametersToArrays()).usingRecursiveComparison().isEqualTo(before);
    assertThat(folder.resolve("after")).hasSameBinaryContentAs(folder.resolve("before"));
    assertThat(Weights.of(new Models.Mlp()).load(folder.resolve("after")).toArray("out.weight"))
        .isEqualTo(before.get("out.weight"));
  }

  private static Callback stopAfter(int steps) {
    return Callback.eachStep(trainer -> {
      if (trainer.steps() == steps) {
        trainer.stop();
      }
    });
  }

  private Path checkpoint(TrainerBuilder settings, int steps) {
    Path file = folder.resolve("checkpoint");
    try (Trainer trainer =
        settings.callbacks(stopAfter(steps), Callback.checkpoint(file)).build()) {
      trainer.fit(DATA, 2);
      assertThat(trainer.steps()).isEqualTo(steps);
    }
    return file;
  }

  @Test
  void resumesToTheSameBits() throws IOException {
    Optimizer mixed =
        p -> p.name().equals("out.bias") ? sgd(0.1) : GROUPS.ruleOf(p).withWeightDecay(0.1);
    for (Optimizer optimizer : List.of(GROUPS, mixed)) {
      Path checkpoint = checkpoint(settings(optimizer), 9);
      try (Trainer trainer = settings(optimizer).build()) {
        trainer.resume(checkpoint, DATA);
        trainer.fit(DATA, 2);
        assertThat(trainer.weights().parametersToArrays())
            .usingRecursiveComparison()
            .isEqualTo(train(settings(optimizer)));
        trainer.resume(checkpoint, DATA); // once more, on a trainer that has made steps
        trainer.fit(DATA, 2);
        assertThat(trainer.weights().parametersToArrays())
            .usingRecursiveComparison()
            .isEqualTo(train(settings(optimizer)));
      }
    }
  }

  @Test
  void refusesACheckpointOfOtherGroups() {
    Path grouped = checkpoint(settings(GROUPS), 3);
    refuses(grouped, adamW(0.001, 0.5), "optimizer of hidden.bias", "weightDecay=0.0");
    refuses(
        grouped,
        GROUPS.withoutDecay(p -> p.name().equals("out.weight")),
        "optimizer of out.weight",
        "weightDecay=0.5");
    refuses(grouped, adam(0.1), "optimizer", "learningRate=0.001");
    Path whole = checkpoint(settings(adamW(0.01, 0.5)), 3);
    refuses(
        whole,
        adamW(0.01, 0.5).withoutDecay(p -> p.shape().rank() < 2),
        "optimizer of hidden.bias",
        "weightDecay=0.5");
  }

  private static void refuses(Path checkpoint, Optimizer other, String setting, String saved) {
    try (Trainer trainer = settings(other).build()) {
      assertThatThrownBy(() -> trainer.resume(checkpoint, DATA))
          .isInstanceOfSatisfying(
              OtherSettingException.class,
              refused -> {
                assertThat(refused.setting()).isEqualTo(setting);
                assertThat(refused.saved()).contains(saved);
              })
          .hasMessageContaining("was written with " + setting + " Adam[");
    }
  }

  @Test
  void frozenParametersHaveNoState() throws IOException {
    TrainerBuilder settings = settings(GROUPS);
    settings.weights.freeze("hidden");
    Path checkpoint = checkpoint(settings, 3);
    try (Arena arena = Arena.ofShared()) {
      Set<String> names = SafeTensors.read(checkpoint, arena).tensors().keySet();
      assertThat(names.stream().filter(OptimizerState::isStored))
          .containsExactlyInAnyOrder(
              "optimizer.0.out.weight",
              "optimizer.0.out.bias",
              "optimizer.1.out.weight",
              "optimizer.1.out.bias");
    }
    assertThat(settings.weights.layout().places().keySet())
        .as("what is trained lies together")
        .containsExactly("out.weight", "out.bias", "hidden.weight", "hidden.bias");
  }

  @Test
  void theSummaryShowsGroups() {
    Summary summary = settings(GROUPS).summary(DATA.signature());
    assertThat(summary.groups()).hasSize(4);
    assertThat(summary.groups().getFirst())
        .isEqualTo(new Summary.GroupSummary(adamW(0.001, 0.5), 24 * Models.FEATURES));
    assertThat(summary.toString()).contains("3 parameters follow Adam[learningRate=0.01,");
    assertThat(settings(adam(0.1)).summary(DATA.signature()).toString()).doesNotContain("follow");
    assertThat(settings(adam(0.1).withAmsGrad()).summary(DATA.signature()).stateBytes())
        .isEqualTo(5 * 4 * summary.parameters());
    assertThat(settings(sgd(0.1)).summary(DATA.signature()).stateBytes())
        .isEqualTo(2 * 4 * summary.parameters());
    assertThat(summary.stateBytes()).isEqualTo(4 * 4 * summary.parameters());
  }
}
