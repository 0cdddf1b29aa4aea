package org.lanewise.nn.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.lanewise.nn.layers.Layers.batchNorm;
import static org.lanewise.nn.layers.Layers.conv2d;
import static org.lanewise.nn.layers.Layers.linear;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lanewise.nn.HostTensor;
import org.lanewise.nn.Layer;
import org.lanewise.nn.Tensor;
import org.lanewise.nn.data.Batches;
import org.lanewise.nn.data.Dataset;
import org.lanewise.nn.data.MemoryDataset;
import org.lanewise.nn.layers.BatchNorm;
import org.lanewise.nn.layers.Conv2d;
import org.lanewise.nn.layers.Linear;
import org.lanewise.nn.session.Session;
import org.lanewise.nn.train.Callback;
import org.lanewise.nn.train.Optimizer;
import org.lanewise.nn.train.Trainer;
import org.lanewise.nn.train.TrainerBuilder;
import org.lanewise.nn.weights.Weights;

/** A residual block of convolutions with batch norm, whose running statistics are states. */
class ResidualConvolutionTest {
  record Block(Conv2d conv1, BatchNorm norm1, Conv2d conv2, BatchNorm norm2) implements Layer {
    Block(int channels) {
      this(
          conv2d(channels, channels, 3).padding(1),
          batchNorm(channels),
          conv2d(channels, channels, 3).padding(1),
          batchNorm(channels));
    }

    @Override
    public Tensor forward(Tensor x) {
      Tensor h = norm1.forward(conv1.forward(x)).relu();
      return x.add(norm2.forward(conv2.forward(h))).relu();
    }
  }

  record Classifier(Conv2d stem, Block block, Linear head) implements Layer {
    Classifier() {
      this(conv2d(1, 4, 3).padding(1), new Block(4), linear(4, 2));
    }

    @Override
    public Tensor forward(Tensor x) {
      return head.forward(block.forward(stem.forward(x)).mean(2, 3));
    }
  }

  @TempDir Path folder;

  /** Pictures that are brighter in their left or in their right half. */
  private static Batches pictures(int count) {
    SplittableRandom random = new SplittableRandom(5);
    float[] pixels = new float[count * 36];
    int[] labels = new int[count];
    for (int i = 0; i < count; i++) {
      labels[i] = random.nextInt(2);
      for (int p = 0; p < 36; p++) {
        float bright = (p % 6 < 3) == (labels[i] == 0) ? 1f : 0f;
        pixels[i * 36 + p] = bright * (p % 6 < 3 ? 1 : -1) + random.nextFloat();
      }
    }
    Dataset data =
        MemoryDataset.of("x", HostTensor.of(pixels, count, 1, 6, 6))
            .and("label", HostTensor.of(labels, count));
    return Batches.of(data).size(16).shuffle();
  }

  private static TrainerBuilder settings() {
    return settings(new Classifier());
  }

  private static TrainerBuilder settings(Classifier model) {
    return Trainer.classifier(model).seed(2).optimizer(Optimizer.adam(0.01));
  }

  @Test
  void learnsAndSavesTheRunningStatistics() throws IOException {
    Path file = folder.resolve("model.safetensors");
    Batches data = pictures(100); // the last batch of an epoch has 4
    float[] trained;
    Classifier classifier = new Classifier();
    try (Trainer trainer = settings(classifier).build()) {
      assertThat(trainer.fit(data, data, 10).last().validation().accuracy()).isGreaterThan(0.95);
      trainer.weights().save(file);
      assertThat(trainer.weights().toArray("block.norm1.running_mean")).isNotEqualTo(new float[4]);
      trained = read(classifier, trainer.session());
    }
    Classifier model = new Classifier();
    try (Session session = Session.open("cpu", Weights.of(model).load(file))) {
      assertThat(read(model, session)).isEqualTo(trained);
    }
  }

  /** What a model makes of a gray picture. */
  private static float[] read(Classifier model, Session session) {
    HostTensor x = HostTensor.of(new float[36], 1, 1, 6, 6);
    return session.run(in -> model.forward(in.get("x")), Map.of("x", x)).toFloats();
  }

  @Test
  void evaluationNeitherUsesNorChangesTheStatisticsOfItsBatch() {
    try (Trainer trainer = settings().build()) {
      trainer.fit(pictures(64), 1);
      Map<String, float[]> before = Map.copyOf(states(trainer));
      double loss = trainer.evaluate(pictures(40).size(40)).loss();
      assertThat(trainer.evaluate(pictures(40).size(8)).loss()).isCloseTo(loss, within(1e-6));
      assertThat(states(trainer)).usingRecursiveComparison().isEqualTo(before);
    }
  }

  private static Map<String, float[]> states(Trainer trainer) {
    Map<String, float[]> states = new TreeMap<>();
    for (String name : trainer.weights().components().states().keySet()) {
      states.put(name, trainer.weights().toArray(name));
    }
    return states;
  }

  @Test
  void resumesToTheSameBits() throws IOException {
    Path checkpoint = folder.resolve("checkpoint");
    Batches data = pictures(100);
    Callback stopping =
        new Callback() {
          @Override
          public void onStep(Trainer trainer) {
            if (trainer.steps() == 10) {
              trainer.stop();
            }
          }
        };
    try (Trainer whole = settings().build();
        Trainer first = settings().callbacks(stopping, Callback.checkpoint(checkpoint)).build();
        Trainer second = settings().build()) {
      whole.fit(data, 2);
      first.fit(data, 2);
      second.resume(checkpoint, data);
      second.fit(data, 2);
      assertThat(second.weights().parametersToArrays())
          .usingRecursiveComparison()
          .isEqualTo(whole.weights().parametersToArrays());
      assertThat(states(second)).usingRecursiveComparison().isEqualTo(states(whole));
    }
  }
}
