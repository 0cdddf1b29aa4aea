package org.lanewise.nn.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.SequencedMap;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lanewise.kernels.op.ShapeException;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.nn.HostTensor;
import org.lanewise.nn.Signature;
import org.lanewise.nn.Tensor;
import org.lanewise.nn.Tensors;
import org.lanewise.nn.data.Batches;
import org.lanewise.nn.data.MemoryDataset;
import org.lanewise.nn.io.StoredTensor;
import org.lanewise.nn.session.Session;
import org.lanewise.nn.train.History;
import org.lanewise.nn.train.Optimizer;
import org.lanewise.nn.train.Summary;
import org.lanewise.nn.train.Trainer;
import org.lanewise.nn.train.TrainerBuilder;
import org.lanewise.nn.weights.Weights;

class GptTest {
  private static final int LENGTH = 8;
  private static final Signature BATCH =
      Signature.of("ids", TensorType.i32(4, 1024)).and("next", TensorType.i32(4, 1024));

  private static Gpt small(int layers) {
    return Gpt.of(GptConfig.of(11, LENGTH, 16, 2, layers).dropout(0.1f));
  }

  private static Gpt gpt2() {
    return Gpt.of(GptConfig.of(50_257, 1024, 768, 12, 12));
  }

  private static Function<Tensors, Tensor> loss(Gpt gpt) {
    return in -> gpt.forward(in.get("ids")).crossEntropy(in.get("next"));
  }

  /** Sequences of eight tokens, each of which is the one before plus a step of its sequence. */
  private static Batches sequences(int count) {
    int length = LENGTH;
    SplittableRandom random = new SplittableRandom(1);
    int[] ids = new int[count * length];
    int[] next = new int[count * length];
    for (int i = 0; i < count; i++) {
      int token = random.nextInt(11);
      int step = 1 + random.nextInt(3);
      for (int t = 0; t < length; t++) {
        ids[i * length + t] = token;
        token = (token + step) % 11;
        next[i * length + t] = token;
      }
    }
    return Batches.of(
            MemoryDataset.of("ids", HostTensor.of(ids, count, length))
                .and("next", HostTensor.of(next, count, length)))
        .size(16)
        .shuffle();
  }

  private static TrainerBuilder trainer(Gpt gpt) {
    return Trainer.of(Weights.of(gpt), loss(gpt))
        .optimizer(Optimizer.adamW(3e-3, 0.1).withoutDecay(p -> p.shape().rank() < 2))
        .clipNorm(1);
  }

  @Test
  void learnsASequence() {
    try (Trainer trainer = trainer(small(2)).build()) {
      History history = trainer.fit(sequences(64), 40);
      assertThat(history.epochs().getFirst().trainLoss()).isGreaterThan(2);
      assertThat(history.last().trainLoss()).isLessThan(1);
    }
  }

  @Test
  void trainsToTheSameBitsInLessMemoryIfBlocksAreRecomputed() {
    Gpt gpt = small(6);
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
    Gpt gpt = gpt2();
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
    Gpt gpt = gpt2();
    Weights weights = Weights.of(gpt);
    Summary summary =
        Trainer.of(weights, loss(gpt))
            .optimizer(Optimizer.adamW(1e-4, 0.1).withoutDecay(p -> p.shape().rank() < 2))
            .summary(BATCH);
    assertThat(summary.parameters()).isEqualTo(124_439_808L);
    assertThat(summary.groups())
        .extracting(Summary.GroupSummary::parameters)
        .containsExactly(124_318_464L, 121_344L);
    assertThat(weights.hasElements()).isFalse();
    assertThat(summary.step().flops()).isGreaterThan(6L * 124_000_000 * 4 * 1024);
  }

  // ---- Against the formulas -------------------------------------------------------------------

  private static final GptConfig TINY = GptConfig.of(7, 6, 6, 2, 2);
  private static final int[] IDS = {3, 0, 6, 3, 5};
  private static final int[] NEXT = {0, 6, 3, 5, 1};

  /** Weights of which none is 0 or 1. */
  private static Weights random(Gpt gpt) throws Exception {
    Weights weights = Weights.of(gpt);
    Random random = new Random(1);
    SequencedMap<String, StoredTensor> tensors = new LinkedHashMap<>();
    weights
        .components()
        .parameters()
        .forEach((name, parameter) -> {
          float[] elements = new float[(int) parameter.shape().size()];
          for (int i = 0; i < elements.length; i++) {
            elements[i] = (float) (random.nextGaussian() / 2);
          }
          HostTensor tensor =
              new HostTensor(TensorType.f32(parameter.shape()), MemorySegment.ofArray(elements));
          tensors.put(name, StoredTensor.of(tensor));
        });
    return weights.load(Path.of("random"), tensors, _ -> false);
  }

  @Test
  void hasTheNamesAndShapesOfPublishedFiles() {
    Map<String, String> shapes = new LinkedHashMap<>();
    Weights.of(gpt2())
        .components()
        .parameters()
        .forEach((name, parameter) -> shapes.put(name, parameter.shape().toString()));
    assertThat(shapes)
        .hasSize(2 + 12 * 12 + 2)
        .containsEntry("wte.weight", "[50257, 768]")
        .containsEntry("wpe.weight", "[1024, 768]")
        .containsEntry("h.0.ln_1.weight", "[768]")
        .containsEntry("h.11.attn.c_attn.weight", "[768, 2304]")
        .containsEntry("h.11.attn.c_attn.bias", "[2304]")
        .containsEntry("h.3.attn.c_proj.weight", "[768, 768]")
        .containsEntry("h.3.ln_2.bias", "[768]")
        .containsEntry("h.3.mlp.c_fc.weight", "[768, 3072]")
        .containsEntry("h.3.mlp.c_proj.weight", "[3072, 768]")
        .containsEntry("ln_f.bias", "[768]");
  }

  @Test
  void computesTheFormulas() throws Exception {
    Gpt gpt = Gpt.of(TINY);
    Weights weights = random(gpt);
    double[][] expected = new GptReference(TINY, weights.parametersToArrays()).logits(IDS);
    try (Session session = Session.open("cpu", weights)) {
      float[] logits =
          session
              .run(
                  in -> gpt.forward(in.get("ids")),
                  Map.of("ids", HostTensor.of(IDS, 1, IDS.length)))
              .toFloats();
      for (int i = 0; i < logits.length; i++) {
        int vocabulary = TINY.vocabulary();
        assertThat((double) logits[i])
            .isCloseTo(expected[i / vocabulary][i % vocabulary], within(1e-5));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"false", "true"})
  void hasTheGradientsOfTheFormulas(boolean recomputes) throws Exception {
    Gpt gpt = recomputes ? Gpt.of(TINY).recomputing() : Gpt.of(TINY);
    Weights weights = random(gpt);
    SequencedMap<String, float[]> parameters = weights.parametersToArrays();
    GptReference reference = new GptReference(TINY, parameters);
    Batches text =
        Batches.of(
            MemoryDataset.of("ids", HostTensor.of(IDS, 1, IDS.length))
                .and("next", HostTensor.of(NEXT, 1, IDS.length)));
    try (Trainer trainer = Trainer.of(weights, loss(gpt)).optimizer(Optimizer.sgd(0.1)).build()) {
      History history = trainer.fit(text, 1);
      assertThat(history.last().trainLoss()).isCloseTo(reference.loss(IDS, NEXT), within(1e-5));
      assertThat(trainer.gradients()).hasSameSizeAs(parameters);
      trainer
          .gradients()
          .forEach((name, tensor) -> {
            float[] gradient = tensor.toFloats();
            for (int i = 0; i < gradient.length; i++) {
              assertThat((double) gradient[i])
                  .as("%s, element %d", name, i)
                  .isCloseTo(difference(reference, parameters.get(name), i), within(2e-5));
            }
          });
    }
  }

  /** The central difference of the loss for an element of a parameter. */
  private static double difference(GptReference reference, float[] parameter, int i) {
    float x = parameter[i];
    parameter[i] = x + 1e-3f;
    double above = reference.loss(IDS, NEXT);
    double to = parameter[i];
    parameter[i] = x - 1e-3f;
    double below = reference.loss(IDS, NEXT);
    double from = parameter[i];
    parameter[i] = x;
    return (above - below) / (to - from);
  }

  @Test
  void refusesTextsLongerThanItsContext() {
    Gpt gpt = Gpt.of(TINY);
    Signature signature =
        Signature.of("ids", TensorType.i32(2, 7)).and("next", TensorType.i32(2, 7));
    assertThatThrownBy(() -> Trainer.of(Weights.of(gpt), loss(gpt)).summary(signature))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining("a text may have at most 6 tokens but")
        .hasMessageContaining("wpe");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 | 1 | 4 | 2 | 1 | 0   | vocabulary must be at least 1 but is 0",
        "5 | 0 | 4 | 2 | 1 | 0   | context must be at least 1 but is 0",
        "5 | 1 | 0 | 2 | 1 | 0   | width must be at least 1 but is 0",
        "5 | 1 | 4 | 0 | 1 | 0   | heads must be at least 1 but is 0",
        "5 | 1 | 4 | 3 | 1 | 0   | heads must divide the width but are 3 of 4",
        "5 | 1 | 4 | 2 | 0 | 0   | layers must be at least 1 but is 0",
        "5 | 1 | 4 | 2 | 1 | 1   | dropout must be in [0, 1) but is 1.0",
        "5 | 1 | 4 | 2 | 1 | NaN | dropout must be in [0, 1) but is NaN"
      })
  void refusesSizesOutOfRange(
      int vocabulary, int context, int width, int heads, int layers, float dropout, String says) {
    assertThatThrownBy(
            () -> GptConfig.of(vocabulary, context, width, heads, layers).dropout(dropout))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(says);
  }
}
