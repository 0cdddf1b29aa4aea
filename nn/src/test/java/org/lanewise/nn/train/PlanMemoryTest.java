package org.lanewise.nn.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.lanewise.kernels.backend.Backend;
import org.lanewise.kernels.backend.Backends;
import org.lanewise.nn.HostTensor;
import org.lanewise.nn.Tensor;
import org.lanewise.nn.Tensors;
import org.lanewise.nn.data.Batches;
import org.lanewise.nn.session.Session;
import org.lanewise.nn.weights.Weights;

/** What memory of a device plans take: all together that of the largest. */
class PlanMemoryTest {
  private final Models.Mlp model = new Models.Mlp();
  private final Weights weights = Weights.of(model).initialize(1);
  private final List<Long> allocated = new ArrayList<>();

  /** A backend that notes what is allocated. */
  private Backend counting() {
    Backend backend = Backends.open("cpu", 1);
    return (Backend)
        Proxy.newProxyInstance(
            Backend.class.getClassLoader(),
            new Class<?>[] {Backend.class},
            (_, method, arguments) -> {
              if (method.getName().equals("allocate")) {
                allocated.add((Long) arguments[0]);
              }
              try {
                return method.invoke(backend, arguments);
              } catch (InvocationTargetException thrown) {
                throw thrown.getCause();
              }
            });
  }

  /** The bytes that were allocated since the last call. */
  private long newBytes() {
    long sum = allocated.stream().mapToLong(Long::longValue).sum();
    allocated.clear();
    return sum;
  }

  private static Map<String, HostTensor> input(int rows) {
    return Map.of("x", HostTensor.of(new float[rows * Models.FEATURES], rows, Models.FEATURES));
  }

  @Test
  void aSecondPlanTakesNoMemoryButWhatTheWorkspaceGrowsBy() {
    Function<Tensors, Tensor> function = in -> model.forward(in.get("x"));
    try (Session session = Session.of(counting(), weights)) {
      session.run(function, input(32));
      assertThat(newBytes()).isEqualTo(session.workspaceBytes());
      session.run(function, input(16));
      assertThat(session.plans()).isEqualTo(2);
      assertThat(newBytes()).isZero();
      session.run(function, input(33));
      assertThat(newBytes()).as("replaces what there was").isEqualTo(session.workspaceBytes());
      session.run(function, input(32));
      assertThat(newBytes()).isZero();
    }
  }

  @Test
  void theLastBatchOfAnEpochTakesNoMemoryOfItsOwn() {
    TrainerBuilder settings = Trainer.classifier(model).accumulate(2);
    try (Trainer trainer = new Trainer(settings, Session.of(counting(), weights))) {
      trainer.fit(Batches.of(Models.points(32, 1)).size(16), 1);
      assertThat(trainer.session().plans())
          .as("to write gradients and to add to them")
          .isEqualTo(2);
      assertThat(newBytes()).isGreaterThan(trainer.session().workspaceBytes());
      long workspace = trainer.session().workspaceBytes();
      trainer.fit(Batches.of(Models.points(42, 1)).size(16), 2);
      assertThat(trainer.session().plans()).isEqualTo(3);
      assertThat(newBytes()).as("the constant 1 of the loss's gradient").isLessThanOrEqualTo(64);
      assertThat(trainer.session().workspaceBytes()).isEqualTo(workspace);
    }
  }
}
