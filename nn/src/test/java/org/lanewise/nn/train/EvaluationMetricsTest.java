package org.lanewise.nn.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.lanewise.nn.layers.Layers.linear;
import static org.lanewise.nn.train.Models.points;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lanewise.nn.HostTensor;
import org.lanewise.nn.LossReduction;
import org.lanewise.nn.data.Batches;
import org.lanewise.nn.data.MemoryDataset;
import org.lanewise.nn.layers.Linear;
import org.lanewise.nn.metrics.Average;
import org.lanewise.nn.metrics.ConfusionCounter;
import org.lanewise.nn.metrics.ConfusionMatrix;
import org.lanewise.nn.metrics.Metric;
import org.lanewise.nn.metrics.Source;
import org.lanewise.nn.weights.Weights;

/** Metrics and measurements of a model's evaluation. */
class EvaluationMetricsTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 16, 101})
  void aClassifierHasMetricsAndAConfusionMatrix(int size) {
    TrainerBuilder settings =
        Trainer.classifier(new Models.Mlp())
            .seed(3)
            .optimizer(Optimizer.adam(0.01))
            .metric(Metric.topK(2))
            .metric(Metric.f1(Average.MACRO))
            .metric(Metric.perplexity());
    ConfusionCounter counter = ConfusionMatrix.counter(Source.CLASSES, "one", "two", "three");
    try (Trainer trainer = settings.build()) {
      trainer.fit(Batches.of(points(300, 1)).size(16).shuffle(), 3);
      Evaluation evaluation = trainer.evaluate(Batches.of(points(101, 2)).size(size), counter);
      ConfusionMatrix matrix = counter.matrix();
      assertThat(matrix.total()).isEqualTo(101);
      assertThat(evaluation.metrics())
          .containsOnlyKeys("accuracy", "top_2", "macro_f1", "perplexity");
      assertThat(evaluation.accuracy()).isEqualTo(matrix.accuracy()).isBetween(0.7, 0.99);
      assertThat(evaluation.metric("top_2")).isGreaterThan(evaluation.accuracy());
      assertThat(evaluation.metric("macro_f1")).isEqualTo(matrix.f1(Average.MACRO));
      assertThat(evaluation.metric("perplexity"))
          .isCloseTo(Math.exp(evaluation.loss()), within(1e-5));
    }
  }

  record Separator(Linear layer) {
    TrainerBuilder settings() {
      return Trainer.of(
          Weights.of(this),
          in ->
              layer
                  .forward(in.get("x"))
                  .as("logits")
                  .binaryCrossEntropy(in.get("label"), LossReduction.MEAN));
    }
  }

  @Test
  void aBinaryClassifierHasOneLogit() {
    float[] x = new float[200];
    float[] labels = new float[200];
    for (int i = 0; i < x.length; i++) {
      x[i] = i / 100f - 1;
      labels[i] = i >= 120 ? 1 : 0;
    }
    Batches data =
        Batches.of(
                MemoryDataset.of("x", HostTensor.of(x, 200, 1))
                    .and("label", HostTensor.of(labels, 200, 1)))
            .size(25)
            .shuffle();
    TrainerBuilder settings =
        new Separator(linear(1, 1))
            .settings()
            .optimizer(Optimizer.adam(0.05))
            .metric(Metric.accuracy())
            .metric(Metric.precision(Average.BINARY))
            .metric(Metric.recall(Average.BINARY))
            .metric(Metric.rocAuc());
    try (Trainer trainer = settings.build()) {
      Evaluation evaluation = trainer.fit(data, data, 40).last().validation();
      assertThat(evaluation.accuracy()).isGreaterThan(0.95);
      assertThat(evaluation.metric("precision")).isGreaterThan(0.9);
      assertThat(evaluation.metric("recall")).isGreaterThan(0.9);
      assertThat(evaluation.metric("roc_auc")).isEqualTo(1);
    }
  }
}
