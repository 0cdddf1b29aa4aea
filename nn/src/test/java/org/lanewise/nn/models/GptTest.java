package org.lanewise.nn.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lanewise.nn.layers.Layers.CAUSAL;
import static org.lanewise.nn.layers.Layers.embedding;
import static org.lanewise.nn.layers.Layers.layerNorm;
import static org.lanewise.nn.layers.Layers.linear;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.nn.HostTensor;
import org.lanewise.nn.Layer;
import org.lanewise.nn.Signature;
import org.lanewise.nn.Tensor;
import org.lanewise.nn.Tensors;
import org.lanewise.nn.data.Batches;
import org.lanewise.nn.data.MemoryDataset;
import org.lanewise.nn.layers.Embedding;
import org.lanewise.nn.layers.LayerNorm;
import org.lanewise.nn.layers.Linear;
import org.lanewise.nn.train.History;
import org.lanewise.nn.train.Optimizer;
import org.lanewise.nn.train.Summary;
import org.lanewise.nn.train.Trainer;
import org.lanewise.nn.train.TrainerBuilder;
import org.lanewise.nn.weights.Weights;

/** A transformer of GPT-2's shape (Radford et al., 2019), whose head is its embedding. */
class GptTest {
  private static final int LENGTH = 8;
  private static final Signature BATCH =
      Signature.of("ids", TensorType.i32(4, 1024))
          .and("place", TensorType.i32(4, 1024))
          .and("next", TensorType.i32(4, 1024));

  record Attention(Linear qkv, Linear projection, int heads) implements Layer {
    Attention(long width, int heads) {
      this(linear(width, 3 * width), linear(width, width), heads);
    }

    @Override
    public Tensor forward(Tensor x) {
      return projection.forward(qkv.forward(x).selfAttention(heads, CAUSAL));
    }
  }

  record Block(LayerNorm norm1, Attention attention, LayerNorm norm2, Linear up, Linear down)
      implements Layer {
    Block(long width, int heads) {
      this(
          layerNorm(width),
          new Attention(width, heads),
          layerNorm(width),
          linear(width, 4 * width),
          linear(4 * width, width));
    }

    @Override
    public Tensor forward(Tensor x) {
      Tensor h = x.add(attention.forward(norm1.forward(x)).dropout(0.1f));
      return h.add(down.forward(up.forward(norm2.forward(h)).geluTanh()).dropout(0.1f));
    }
  }

  record Gpt(
      Embedding tokens,
      Embedding positions,
      List<Block> blocks,
      LayerNorm norm,
      boolean recomputes) {
    Gpt(long vocabulary, long context, long width, int heads, int layers) {
      this(
          embedding(vocabulary, width),
          embedding(context, width),
          Stream.generate(() -> new Block(width, heads)).limit(layers).toList(),
          layerNorm(width),
          false);
    }

    /** This model, whose blocks do not keep their values for the backward pass. */
    Gpt recomputing() {
      return new Gpt(tokens, positions, blocks, norm, true);
    }

    Tensor forward(Tensor ids, Tensor places) {
      Tensor x = tokens.forward(ids).add(positions.forward(places));
      for (Block block : blocks) {
        x = recomputes ? x.recomputed(block) : block.forward(x);
      }
      return norm.forward(x).linear(tokens.weight());
    }

    Tensor loss(Tensors in) {
      return forward(in.get("ids"), in.get("place")).crossEntropy(in.get("next"));
    }
  }

  /** Sequences of eight tokens, each of which is the one before plus a step of its sequence. */
  private static Batches sequences(int count) {
    int length = LENGTH;
    SplittableRandom random = new SplittableRandom(1);
    int[] ids = new int[count * length];
    int[] next = new int[count * length];
    int[] places = new int[count * length];
    for (int i = 0; i < count; i++) {
      int token = random.nextInt(11);
      int step = 1 + random.nextInt(3);
      for (int t = 0; t < length; t++) {
        ids[i * length + t] = token;
        token = (token + step) % 11;
        next[i * length + t] = token;
        places[i * length + t] = t;
      }
    }
    return Batches.of(
            MemoryDataset.of("ids", HostTensor.of(ids, count, length))
                .and("place", HostTensor.of(places, count, length))
                .and("next", HostTensor.of(next, count, length)))
        .size(16)
        .shuffle();
  }

  private static TrainerBuilder trainer(Gpt gpt) {
    return Trainer.of(Weights.of(gpt), gpt::loss)
        .optimizer(Optimizer.adamW(3e-3, 0.1).withoutDecay(p -> p.shape().rank() < 2))
        .clipNorm(1);
  }

  @Test
  void learnsASequence() {
    try (Trainer trainer = trainer(new Gpt(11, LENGTH, 16, 2, 2)).build()) {
      History history = trainer.fit(sequences(64), 30);
      assertThat(history.epochs().getFirst().trainLoss()).isGreaterThan(2);
      assertThat(history.last().trainLoss()).isLessThan(1);
    }
  }

  @Test
  void trainsToTheSameBitsInLessMemoryIfBlocksAreRecomputed() {
    Gpt gpt = new Gpt(11, LENGTH, 16, 2, 6);
    try (Trainer keeping = trainer(gpt).build();
        Trainer recomputing = trainer(gpt.recomputing()).build()) {
      keeping.fit(sequences(64), 3);
      recomputing.fit(sequences(64), 3);
      assertThat(recomputing.weights().parametersToArrays())
          .usingRecursiveComparison()
          .isEqualTo(keeping.weights().parametersToArrays());
      assertThat(recomputing.session().workspaceBytes())
          .isLessThan(keeping.session().workspaceBytes() * 6 / 10);
    }
  }

  @Test
  void theSummaryTellsWhatRecomputationSaves() {
    Gpt gpt = new Gpt(50_257, 1024, 768, 12, 12);
    Summary keeping = trainer(gpt).summary(BATCH);
    Summary recomputing = trainer(gpt.recomputing()).summary(BATCH);
    System.out.println(lastLine(keeping) + "\n" + lastLine(recomputing));
    assertThat(recomputing.activationBytes()).isLessThan(keeping.activationBytes() * 6 / 10);
    assertThat(recomputing.step().flops())
        .isGreaterThan(keeping.step().flops())
        .isLessThan(keeping.step().flops() + keeping.forward().flops());
  }

  private static String lastLine(Summary summary) {
    return summary.toString().lines().toList().getLast();
  }

  @Test
  void of124MillionParametersIsSummarizedWithoutMemory() {
    Gpt gpt = new Gpt(50_257, 1024, 768, 12, 12);
    Weights weights = Weights.of(gpt);
    Summary summary =
        Trainer.of(weights, gpt::loss)
            .optimizer(Optimizer.adamW(1e-4, 0.1).withoutDecay(p -> p.shape().rank() < 2))
            .summary(BATCH);
    assertThat(summary.parameters()).isEqualTo(124_439_808L);
    assertThat(summary.groups())
        .extracting(Summary.GroupSummary::parameters)
        .containsExactly(124_318_464L, 121_344L);
    assertThat(weights.hasElements()).isFalse();
    assertThat(summary.step().flops()).isGreaterThan(6L * 124_000_000 * 4 * 1024);
  }
}
