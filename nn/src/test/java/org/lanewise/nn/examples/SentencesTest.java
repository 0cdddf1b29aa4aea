package org.lanewise.nn.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lanewise.nn.layers.Layers.embedding;
import static org.lanewise.nn.layers.Layers.linear;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lanewise.nn.HostTensor;
import org.lanewise.nn.Tensor;
import org.lanewise.nn.Tensors;
import org.lanewise.nn.data.Batches;
import org.lanewise.nn.data.Dataset;
import org.lanewise.nn.data.MemoryDataset;
import org.lanewise.nn.layers.Embedding;
import org.lanewise.nn.layers.Linear;
import org.lanewise.nn.train.Callback;
import org.lanewise.nn.train.Optimizer;
import org.lanewise.nn.train.Trainer;
import org.lanewise.nn.train.TrainerBuilder;
import org.lanewise.nn.weights.Weights;

/** A bag of words on sentences of any length, in batches of similar ones, some words left out. */
class SentencesTest {
  private static final int PADDING = 0;
  private static final int LEFT_OUT = 1;
  private static final int VOCABULARY = 12;

  record Bag(Embedding words, Linear head) {
    Bag() {
      this(embedding(VOCABULARY, 8), linear(8, 2));
    }

    Tensor forward(Tensor ids, Tensor present) {
      long batch = ids.shape().dimension(0);
      long length = ids.shape().dimension(1);
      Tensor vectors = words.forward(ids).mul(present.reshape(batch, length, 1));
      return head.forward(vectors.transpose(1, 2).sum(-1));
    }

    Tensor loss(Tensors in) {
      return forward(in.get("ids"), in.get("present")).as("logits").crossEntropy(in.get("label"));
    }
  }

  @TempDir Path folder;

  /** Sentences in which the word 2 or the word 3 is more frequent. */
  private static Dataset sentences(int count) {
    SplittableRandom random = new SplittableRandom(3);
    List<HostTensor> ids = new ArrayList<>();
    List<HostTensor> present = new ArrayList<>();
    int[] labels = new int[count];
    for (int i = 0; i < count; i++) {
      labels[i] = random.nextInt(2);
      int length = 1 + random.nextInt(60);
      int[] words = new int[length];
      float[] ones = new float[length];
      for (int t = 0; t < length; t++) {
        words[t] = random.nextInt(4) == 0 ? 2 + labels[i] : 4 + random.nextInt(VOCABULARY - 4);
        ones[t] = 1;
      }
      words[0] = 2 + labels[i];
      ids.add(HostTensor.of(words, length));
      present.add(HostTensor.of(ones, length));
    }
    return MemoryDataset.of("ids", ids)
        .and("present", present)
        .and("label", HostTensor.of(labels, count));
  }

  private static Batches training() {
    Dataset augmented =
        sentences(1000)
            .map((sample, random) -> {
              int word = random.nextInt((int) sample.byteSize("ids") / Integer.BYTES);
              if (sample.getInt("ids", word) > 3) {
                sample.set("ids", word, LEFT_OUT);
              }
            });
    return Batches.of(augmented)
        .size(16)
        .shuffle()
        .bucketByLength("ids")
        .padding("ids", PADDING)
        .prefetch(2);
  }

  private static TrainerBuilder settings() {
    Bag bag = new Bag();
    return Trainer.of(Weights.of(bag), bag::loss).seed(1).optimizer(Optimizer.adam(0.02));
  }

  @Test
  void areLearnt() {
    try (Trainer trainer = settings().build()) {
      assertThat(trainer.fit(training(), 4).last().trainLoss()).isLessThan(0.1);
      assertThat(trainer.session().plans())
          .as("of lengths 8 to 56, 60, and of short batches")
          .isLessThanOrEqualTo(9);
    }
  }

  @Test
  void resumeToTheSameBits() throws IOException {
    Path checkpoint = folder.resolve("checkpoint");
    Callback stopping =
        new Callback() {
          @Override
          public void onStep(Trainer trainer) {
            if (trainer.steps() == 100) {
              trainer.stop();
            }
          }
        };
    try (Trainer whole = settings().build();
        Trainer first = settings().callbacks(stopping, Callback.checkpoint(checkpoint)).build();
        Trainer second = settings().build()) {
      whole.fit(training(), 3);
      first.fit(training(), 3);
      second.resume(checkpoint, training());
      assertThat(second.samplesDone()).isEqualTo(37 * 16);
      second.fit(training(), 3);
      assertThat(second.weights().parametersToArrays())
          .usingRecursiveComparison()
          .isEqualTo(whole.weights().parametersToArrays());
    }
  }
}
