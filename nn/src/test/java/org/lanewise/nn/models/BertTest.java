package org.lanewise.nn.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.lanewise.kernels.op.Activation;
import org.lanewise.kernels.op.ShapeException;
import org.lanewise.nn.HostTensor;
import org.lanewise.nn.Tensor;
import org.lanewise.nn.Tensors;
import org.lanewise.nn.data.Batches;
import org.lanewise.nn.data.MemoryDataset;
import org.lanewise.nn.layers.Layers;
import org.lanewise.nn.layers.Linear;
import org.lanewise.nn.models.BertConfig.Family;
import org.lanewise.nn.session.Session;
import org.lanewise.nn.train.Optimizer;
import org.lanewise.nn.train.Trainer;
import org.lanewise.nn.weights.Weights;

/** The layers beside what published models show: the pooler, limits, and training further. */
class BertTest {
  @TempDir private Path folder;

  private static Map<String, HostTensor> texts(int length) {
    int[] ids = new int[length];
    Arrays.setAll(ids, i -> 5 + i % 7);
    int[] ones = new int[length];
    Arrays.fill(ones, 1);
    return Map.of(
        "ids", HostTensor.of(ids, 1, length),
        "types", HostTensor.of(new int[length], 1, length),
        "mask", HostTensor.of(ones, 1, length));
  }

  private static Tensor states(TextEncoder model, Tensors in) {
    return model.forward(in.get("ids"), in.get("types"), in.get("mask"));
  }

  @Test
  void poolsTheFirstToken() throws IOException {
    PretrainedEncoder encoder = PretrainedEncoder.open(TinyEncoder.write(folder));
    Bert bert = (Bert) encoder.model();
    float[] weight = encoder.weights().toArray("pooler.dense.weight");
    float[] bias = encoder.weights().toArray("pooler.dense.bias");
    try (Session session = Session.open("cpu", 1, encoder.weights())) {
      float[] states = session.run(in -> states(bert, in), texts(5)).toFloats();
      float[] pooled =
          session.run(in -> bert.pooler().forward(states(bert, in)), texts(5)).toFloats();
      assertThat(pooled).hasSize(8);
      for (int i = 0; i < 8; i++) {
        double sum = bias[i];
        for (int j = 0; j < 8; j++) {
          sum += weight[8 * i + j] * states[j];
        }
        assertThat((double) pooled[i]).isCloseTo(Math.tanh(sum), within(1e-6));
      }
    }
  }

  private static Stream<TextEncoder> models() {
    BertConfig bert = TinyEncoder.config();
    BertConfig roberta =
        new BertConfig(Family.ROBERTA, 12, 8, 1, 2, 20, 18, 2, 1, 1e-5f, Activation.GELU, 0f);
    BertConfig distilled =
        new BertConfig(Family.DISTILBERT, 12, 8, 1, 2, 20, 16, 0, 0, 1e-12f, Activation.RELU, 0f);
    return Stream.of(Bert.of(bert), Bert.of(roberta), DistilBert.of(distilled));
  }

  @ParameterizedTest
  @MethodSource("models")
  void takesTextsAsLongAsItsTable(TextEncoder model) {
    assertThat(model.config().maxLength()).isEqualTo(16);
    try (Session session = Session.open("cpu", 1, Weights.of((Record) model).initialize(1))) {
      assertThat(session.run(in -> states(model, in), texts(16)).toFloats()).hasSize(16 * 8);
      assertThatThrownBy(() -> session.run(in -> states(model, in), texts(17)))
          .isInstanceOf(ShapeException.class)
          .hasMessageContaining("at most 16 tokens but")
          .hasMessageContaining("has 17");
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void isTrained(TextEncoder model) throws IOException {
    Weights weights = Weights.of((Record) model).initialize(1);
    Map<String, HostTensor> text = texts(6);
    MemoryDataset data =
        MemoryDataset.of("ids", text.get("ids"))
            .and("types", text.get("types"))
            .and("mask", text.get("mask"));
    Trainer trainer =
        Trainer.of(
                weights,
                in ->
                    Pooling.MEAN
                        .apply(states(model, in), in.get("mask"))
                        .sub(ones(in))
                        .square()
                        .mean())
            .optimizer(Optimizer.adam(0.03))
            .build();
    try (trainer) {
      List<Double> losses =
          trainer.fit(Batches.of(data).size(1), 150).epochs().stream()
              .map(epoch -> epoch.trainLoss())
              .toList();
      assertThat(losses.getLast()).isLessThan(losses.getFirst() / 10);
    }
  }

  private static Tensor ones(Tensors in) {
    return in.get("mask").toF32().sum(-1).reshape(1, 1).mul(1f / 6);
  }

  @Test
  void isReadMappedTrainedAndReadAgain() throws IOException {
    PretrainedEncoder encoder = PretrainedEncoder.open(TinyEncoder.write(folder));
    final float[] before = TinyEncoder.embed(folder).getFirst();
    MemoryDataset data =
        MemoryDataset.of("ids", texts(6).get("ids"))
            .and("types", texts(6).get("types"))
            .and("mask", texts(6).get("mask"));
    try (Trainer trainer =
        Trainer.of(encoder.weights(), in -> states(encoder.model(), in).abs().mean())
            .optimizer(Optimizer.sgd(0.1))
            .build()) {
      trainer.fit(Batches.of(data).size(1), 1);
    }
    Path other = TinyEncoder.write(folder.resolve("other"));
    encoder.weights().save(other.resolve("model.safetensors"));
    assertThat(TinyEncoder.embed(folder).getFirst()).containsExactly(before);
    assertThat(TinyEncoder.embed(other).getFirst()).isNotEqualTo(before);
  }

  record Classifier(Bert bert, Linear head) {
    Tensor forward(Tensors in) {
      return head.forward(bert.pooler().forward(states(bert, in)));
    }
  }

  @Test
  void becomesAPartOfAModel() throws IOException {
    PretrainedEncoder encoder = PretrainedEncoder.open(TinyEncoder.write(folder));
    Classifier model = new Classifier((Bert) encoder.model(), Layers.linear(8, 3));
    Weights weights = Weights.of(model).initialize(1);
    final float[] head = weights.toArray("head.weight");
    weights.load("bert", encoder.weights()).freeze("bert.embeddings");
    assertThat(weights.toArray("head.weight")).containsExactly(head);
    encoder
        .weights()
        .parametersToArrays()
        .forEach(
            (name, array) -> assertThat(weights.toArray("bert." + name)).containsExactly(array));
    try (Session session = Session.open("cpu", 1, weights)) {
      assertThat(session.run(model::forward, texts(5)).toFloats()).hasSize(3);
    }
  }

  @Test
  void isNoPartOfAnotherModel() throws IOException {
    PretrainedEncoder encoder = PretrainedEncoder.open(TinyEncoder.write(folder));
    Bert other = Bert.of(TinyEncoder.config()).withoutPooler();
    Weights weights = Weights.of(new Classifier(other, Layers.linear(8, 3))).initialize(1);
    assertThatThrownBy(() -> weights.load("bert", encoder.weights()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("bert.pooler.dense.weight is missing in the model but f32[8, 8] in the part");
    assertThatThrownBy(() -> weights.load("head", encoder.weights()))
        .hasMessage("head.weight is f32[3, 8] in the model but missing in the part");
    assertThatThrownBy(() ->
            Weights.of(new Classifier(other, Layers.linear(8, 3))).load("bert", Weights.of(other)))
        .isInstanceOf(IllegalStateException.class);
  }
}
