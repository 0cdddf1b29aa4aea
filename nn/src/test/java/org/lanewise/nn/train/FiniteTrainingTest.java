package org.lanewise.nn.train;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.lanewise.nn.layers.Layers.linear;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lanewise.kernels.backend.NonFiniteException;
import org.lanewise.nn.Layer;
import org.lanewise.nn.Tensor;
import org.lanewise.nn.data.Batches;
import org.lanewise.nn.layers.Linear;

class FiniteTrainingTest {
  record Logarithm(Linear first, Linear last) implements Layer {
    Logarithm() {
      this(linear(2, 4), linear(4, 3));
    }

    @Override
    public Tensor forward(Tensor x) {
      return last.forward(first.forward(x).log());
    }
  }

  private static TrainerBuilder settings(Logarithm model) {
    return Trainer.classifier(model).seed(1).threads(2);
  }

  private static Batches batches(float last) {
    return Batches.of(Models.labelled(new float[] {1, -2, 3, last}, 2, new int[] {0, 1})).size(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"cpu", "scalar"})
  void namesTheLayerThatMadeIt(String device) {
    try (Trainer trainer = settings(new Logarithm()).device(device).checkFinite(true).build()) {
      assertThatThrownBy(() -> trainer.fit(batches(4), 1))
          .isInstanceOf(NonFiniteException.class)
          .hasMessageMatching(
              "(?i).*log.* made \\d+ NaN elements of y f32\\[2, 4\\] from finite inputs: x f32\\[2, 4\\]"
                  + " in -[\\d.]+\\.\\.[\\d.]+");
    }
  }

  @Test
  void namesTheFirstOpThatReadABatchThatIsNotFinite() {
    try (Trainer trainer = settings(new Logarithm()).checkFinite(true).build()) {
      assertThatThrownBy(() -> trainer.fit(batches(Float.NaN), 1))
          .isInstanceOf(DivergedException.class)
          .hasMessageMatching(
              "the loss became NaN in epoch 1, step 1: no op made that from finite inputs; the first"
                  + " that had others was first: .* of .* f32\\[2, 2\\] in -2\\.0\\.\\.3\\.0, 1 NaN; .*");
    }
  }

  @Test
  void saysLessWithoutTheCheck() {
    try (Trainer trainer = settings(new Logarithm()).build()) {
      assertThatThrownBy(() -> trainer.fit(batches(4), 1))
          .hasMessage("the loss became NaN in epoch 1, step 1: a lower learning rate may help");
    }
  }
}
