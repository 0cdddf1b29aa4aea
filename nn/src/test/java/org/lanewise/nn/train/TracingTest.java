package org.lanewise.nn.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.lanewise.kernels.op.Shape;
import org.lanewise.nn.HostTensor;
import org.lanewise.nn.Tensor;
import org.lanewise.nn.Tensors;
import org.lanewise.nn.data.Batches;
import org.lanewise.nn.data.MemoryDataset;
import org.lanewise.nn.layers.Layers;
import org.lanewise.nn.layers.Linear;
import org.lanewise.nn.weights.Weights;

/** How often a model is called: once for each plan. */
class TracingTest {
  private final List<Shape> traced = new ArrayList<>();

  /** Sums of products, of inputs of any length. */
  record Model(Linear layer) {
    Model() {
      this(Layers.linear(2, 1));
    }
  }

  private Trainer trainer(int accumulate) {
    Model model = new Model();
    return Trainer.of(Weights.of(model), in -> loss(model, in)).accumulate(accumulate).build();
  }

  private Tensor loss(Model model, Tensors in) {
    traced.add(in.get("x").shape());
    return model.layer().forward(in.get("x")).meanSquaredError(in.get("y"));
  }

  /** Samples x [length, 2] and y [length, 1], whose lengths are given. */
  private static Batches data(int... lengths) {
    List<HostTensor> x = new ArrayList<>();
    List<HostTensor> y = new ArrayList<>();
    for (int length : lengths) {
      x.add(HostTensor.of(new float[2 * length], length, 2));
      y.add(HostTensor.of(new float[length], length, 1));
    }
    return Batches.of(MemoryDataset.of("x", x).and("y", y)).size(2).lengthMultiple(1).prefetch(2);
  }

  @Test
  void isOnceForBatchesOfOneKind() {
    try (Trainer trainer = trainer(1)) {
      trainer.fit(data(3, 3, 3, 3, 3, 3, 3, 3), 3);
    }
    assertThat(traced).containsExactly(Shape.of(2, 3, 2));
  }

  @Test
  void isOnceForEachLengthWhateverTheirOrder() {
    try (Trainer trainer = trainer(1)) {
      trainer.fit(data(3, 3, 5, 5, 3, 3, 5, 5, 3), 3);
    }
    assertThat(traced).containsExactly(Shape.of(2, 3, 2), Shape.of(2, 5, 2), Shape.of(1, 3, 2));
  }

  @Test
  void isOnceMoreWhereGradientsAreAdded() {
    try (Trainer trainer = trainer(2)) {
      trainer.fit(data(3, 3, 3, 3, 3, 3, 3, 3), 3);
    }
    assertThat(traced).containsExactly(Shape.of(2, 3, 2), Shape.of(2, 3, 2));
  }
}
