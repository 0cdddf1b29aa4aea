package org.lanewise.nn.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.lanewise.nn.layers.Layers.linear;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.lanewise.nn.HostTensor;
import org.lanewise.nn.Layer;
import org.lanewise.nn.Tensor;
import org.lanewise.nn.Tensors;
import org.lanewise.nn.layers.Linear;
import org.lanewise.nn.weights.Weights;

class SessionTest {
  record Model(Linear first, Linear second) implements Layer {
    Model() {
      this(linear(8, 16), linear(16, 4));
    }

    @Override
    public Tensor forward(Tensor x) {
      return second.forward(first.forward(x).tanh());
    }
  }

  private final Model model = new Model();
  private final Weights weights = Weights.of(model).initialize(3);
  private final Function<Tensors, Tensor> function = in -> model.forward(in.get("x")).softmax(-1);

  private static Map<String, HostTensor> input(int rows) {
    float[] elements = new float[rows * 8];
    for (int i = 0; i < elements.length; i++) {
      elements[i] = (i * 37 % 101) / 50f - 1;
    }
    return Map.of("x", HostTensor.of(elements, rows, 8));
  }

  private static float[] firstRow(HostTensor output) {
    return Arrays.copyOf(output.toFloats(), 4);
  }

  @Test
  void aRowDoesNotDependOnItsBatch() {
    try (Session session = Session.open("cpu", weights)) {
      float[] alone = session.run(function, input(1)).toFloats();
      for (int rows : new int[] {2, 7, 64}) {
        assertThat(firstRow(session.run(function, input(rows)))).isEqualTo(alone);
      }
    }
  }

  @Test
  void sessionsInThreadsShareTheWeights() throws Exception {
    float[] expected;
    try (Session session = Session.open("cpu", weights)) {
      expected = session.run(function, input(5)).toFloats();
    }
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Callable<float[]>> users = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        users.add(() -> {
          try (Session session = Session.open("cpu", 1, weights)) {
            assertThat(session.deviceWeights().isCopy()).isFalse();
            float[] last = null;
            for (int round = 0; round < 200; round++) {
              last = session.run(function, input(5)).toFloats();
              assertThat(last).isEqualTo(expected);
            }
            return last;
          }
        });
      }
      for (Future<float[]> result : threads.invokeAll(users)) {
        assertThat(result.get()).isEqualTo(expected);
      }
    }
  }

  @Test
  void manyLengthsTakeTheMemoryOfTheLongest() {
    long ofLongest;
    try (Session session = Session.open("cpu", weights)) {
      session.run(function, input(100));
      ofLongest = session.workspaceBytes();
    }
    try (Session session = Session.open("cpu", weights)) {
      for (int rows = 1; rows <= 100; rows++) {
        session.run(function, input(rows));
      }
      assertThat(session.plans()).isEqualTo(100);
      assertThat(session.workspaceBytes()).isEqualTo(ofLongest);
      assertThat(firstRow(session.run(function, input(1))))
          .as("an early plan moves along")
          .isEqualTo(firstRow(session.run(function, input(100))));
    }
  }

  @Test
  void forgetsThePlanThatWasUnusedForLongest() {
    try (Session session = Session.open("cpu", weights)) {
      float[] expected = firstRow(session.run(function, input(1)));
      for (int rows = 2; rows <= 200; rows++) {
        session.run(function, input(rows));
      }
      assertThat(session.plans()).isEqualTo(128);
      assertThat(session.run(function, input(1)).toFloats()).isEqualTo(expected);
    }
  }

  @Test
  void seesWhatIsLoadedLater() {
    try (Session session = Session.open("cpu", weights)) {
      float[] before = session.run(function, input(2)).toFloats();
      weights.initialize(4);
      assertThat(session.run(function, input(2)).toFloats()).isNotEqualTo(before);
    }
  }

  @Test
  void returnsSeveralResultsAndWhatIsNamed() {
    try (Session session = Session.open("cpu", weights)) {
      Map<String, HostTensor> results =
          session.runAll(
              in -> {
                Tensor hidden = model.first().forward(in.get("x")).as("hidden");
                return Tensors.of("y", model.second().forward(hidden)).and("sum", hidden.sum());
              },
              input(3));
      assertThat(results.keySet()).containsExactly("hidden", "y", "sum");
      float sum = 0;
      for (float element : results.get("hidden").toFloats()) {
        sum += element;
      }
      assertThat(results.get("sum").toFloats()[0]).isCloseTo(sum, within(1e-4f));
    }
  }

  @Test
  void refusesWeightsWithoutElements() {
    assertThatThrownBy(() -> Session.open("cpu", Weights.of(model)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("neither initialized nor loaded");
  }

  @Test
  void refusesUseAfterClose() {
    Session session = Session.open("cpu", weights);
    session.close();
    session.close();
    assertThatThrownBy(() -> session.run(function, input(1)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
  }
}
