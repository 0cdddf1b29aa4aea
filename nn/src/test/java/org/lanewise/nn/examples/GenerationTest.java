package org.lanewise.nn.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.lanewise.nn.layers.Layers.embedding;
import static org.lanewise.nn.layers.Layers.linear;
import static org.lanewise.nn.layers.Layers.rmsNorm;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.lanewise.kernels.op.AttentionForm;
import org.lanewise.nn.HostTensor;
import org.lanewise.nn.KeyValueCache;
import org.lanewise.nn.Tensor;
import org.lanewise.nn.Tensors;
import org.lanewise.nn.layers.Embedding;
import org.lanewise.nn.layers.Linear;
import org.lanewise.nn.layers.RmsNorm;
import org.lanewise.nn.session.Session;
import org.lanewise.nn.weights.Weights;

/**
 * A decoder with fewer heads of keys than of queries (as in Touvron et al., arXiv 2307.09288)
 * continues texts token by token, and keeps the keys and values of what it has read.
 */
class GenerationTest {
  private static final int VOCABULARY = 11;
  private static final int CAPACITY = 600;
  private static final int LAYERS = 2;
  private static final AttentionForm FORM = AttentionForm.of(4).withKeyValueHeads(2).withCausal();
  private static final int HEAD_SIZE = 4;

  record Block(
      RmsNorm norm1, Linear qkv, Linear projection, RmsNorm norm2, Linear up, Linear down) {
    Block(int width) {
      this(
          rmsNorm(width),
          linear(width, (FORM.heads() + 2 * FORM.keyValueHeads()) * HEAD_SIZE),
          linear(width, width),
          rmsNorm(width),
          linear(width, 4 * width),
          linear(4 * width, width));
    }

    Tensor forward(Tensor x, UnaryOperator<Tensor> attention) {
      Tensor h = x.add(projection.forward(attention.apply(qkv.forward(norm1.forward(x)))));
      return h.add(down.forward(up.forward(norm2.forward(h)).silu()));
    }
  }

  record Decoder(Embedding tokens, Embedding places, List<Block> blocks, RmsNorm norm) {
    Decoder() {
      this(
          embedding(VOCABULARY, FORM.heads() * HEAD_SIZE),
          embedding(CAPACITY, FORM.heads() * HEAD_SIZE),
          Stream.generate(() -> new Block(FORM.heads() * HEAD_SIZE)).limit(LAYERS).toList(),
          rmsNorm(FORM.heads() * HEAD_SIZE));
    }

    /** What comes after each token of whole texts. */
    Tensor read(Tensors in) {
      Tensor x = tokens.forward(in.get("ids")).add(places.forward(in.get("place")));
      for (Block block : blocks) {
        x = block.forward(x, qkv -> qkv.selfAttention(FORM));
      }
      return norm.forward(x).linear(tokens.weight());
    }

    /** What comes after one token of each text, or some more; caches have what was before. */
    Tensor next(Tensors in, List<KeyValueCache> caches) {
      Tensor x = tokens.forward(in.get("ids")).add(places.forward(in.get("place")));
      for (int i = 0; i < blocks.size(); i++) {
        KeyValueCache cache = caches.get(i);
        x = blocks.get(i).forward(x, qkv -> qkv.selfAttention(FORM, cache, in.get("position")));
      }
      return norm.forward(x).linear(tokens.weight());
    }
  }

  private static List<KeyValueCache> caches(int texts) {
    long width = (long) FORM.keyValueHeads() * HEAD_SIZE;
    return IntStream.range(0, LAYERS)
        .mapToObj(i -> KeyValueCache.of("cache." + i, texts, CAPACITY, width))
        .toList();
  }

  /** The tokens from a position on of one text after the other. */
  private static Map<String, HostTensor> inputs(int[][] texts, int position, int length) {
    int[] ids = new int[texts.length * length];
    int[] places = new int[texts.length * length];
    int[] positions = new int[texts.length];
    Arrays.fill(positions, position);
    for (int i = 0; i < ids.length; i++) {
      places[i] = position + i % length;
      ids[i] = texts[i / length][places[i]];
    }
    return Map.of(
        "ids", HostTensor.of(ids, texts.length, length),
        "place", HostTensor.of(places, texts.length, length),
        "position", HostTensor.of(positions, texts.length));
  }

  private static int greatest(float[] logits) {
    return IntStream.range(0, logits.length)
        .reduce(0, (best, i) -> logits[i] > logits[best] ? i : best);
  }

  /** More tokens than attention takes keys at a time. */
  @ParameterizedTest
  @MethodSource("org.lanewise.nn.DevicesAndThreads#all")
  void tokenByTokenHasTheBitsOfTheWholeText(String device, int threads) {
    int length = 270;
    Decoder decoder = new Decoder();
    List<KeyValueCache> caches = caches(2);
    Function<Tensors, Tensor> next = in -> decoder.next(in, caches);
    int[][] texts = new int[2][length];
    texts[1][0] = 7;
    float[][] logits = new float[2 * length][];
    try (Session session = Session.open(device, threads, Weights.of(decoder).initialize(3))) {
      for (int t = 0; t < length; t++) {
        float[] both = session.run(next, inputs(texts, t, 1)).toFloats();
        for (int text = 0; text < 2; text++) {
          float[] own = Arrays.copyOfRange(both, text * VOCABULARY, (text + 1) * VOCABULARY);
          logits[text * length + t] = own;
          if (t + 1 < length) {
            texts[text][t + 1] = (greatest(own) + t) % VOCABULARY;
          }
        }
      }
      assertThat(session.plans()).isEqualTo(1);
      assertThat(session.workspaceBytes())
          .as("no cache is copied")
          .isLessThan(caches.getFirst().keys().shape().size() * Float.BYTES);
      float[] whole = session.run(decoder::read, inputs(texts, 0, length)).toFloats();
      for (int i = 0; i < logits.length; i++) {
        assertThat(Arrays.copyOfRange(whole, i * VOCABULARY, (i + 1) * VOCABULARY))
            .as("token %d of text %d", i % length, i / length)
            .isEqualTo(logits[i]);
      }
    }
  }

  /** A beginning that is read at once, and another one over it. */
  @Test
  void aTextIsContinuedFromWhereverItIs() {
    Decoder decoder = new Decoder();
    List<KeyValueCache> caches = caches(1);
    Function<Tensors, Tensor> next = in -> decoder.next(in, caches);
    try (Session session = Session.open("cpu", Weights.of(decoder).initialize(3))) {
      for (int start : new int[] {1, 5}) {
        int[][] text = {IntStream.range(0, 40).map(i -> start * i % VOCABULARY).toArray()};
        session.run(next, inputs(text, 0, 33));
        float[] last = session.run(next, inputs(text, 33, 7)).toFloats();
        float[] whole = session.run(decoder::read, inputs(text, 0, 40)).toFloats();
        assertThat(last).isEqualTo(Arrays.copyOfRange(whole, 33 * VOCABULARY, whole.length));
      }
    }
  }

  @Test
  void sessionsThatShareWeightsHaveTextsOfTheirOwn() {
    Decoder decoder = new Decoder();
    List<KeyValueCache> caches = caches(1);
    Function<Tensors, Tensor> next = in -> decoder.next(in, caches);
    Weights weights = Weights.of(decoder).initialize(3);
    int[][] one = {{1, 2, 3}};
    int[][] other = {{9, 8, 3}};
    try (Session mine = Session.open("cpu", weights);
        Session yours = Session.open("cpu", weights)) {
      mine.run(next, inputs(one, 0, 2));
      yours.run(next, inputs(other, 0, 2));
      float[] last = mine.run(next, inputs(one, 2, 1)).toFloats();
      assertThat(yours.run(next, inputs(other, 2, 1)).toFloats()).isNotEqualTo(last);
      float[] whole = mine.run(decoder::read, inputs(one, 0, 3)).toFloats();
      assertThat(last).isEqualTo(Arrays.copyOfRange(whole, 2 * VOCABULARY, whole.length));
    }
    assertThat(weights.components().states()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("org.lanewise.nn.DevicesAndThreads#all")
  void aFullCacheIsNoticed(String device, int threads) {
    Decoder decoder = new Decoder();
    List<KeyValueCache> caches = caches(1);
    Map<String, HostTensor> beyond =
        Map.of(
            "ids", HostTensor.of(new int[1], 1, 1),
            "place", HostTensor.of(new int[1], 1, 1),
            "position", HostTensor.of(new int[] {CAPACITY}, 1));
    try (Session session = Session.open(device, threads, Weights.of(decoder).initialize(3))) {
      assertThatThrownBy(() -> session.run(in -> decoder.next(in, caches), beyond))
          .isInstanceOf(IndexOutOfBoundsException.class)
          .hasMessage("position 600 of sample 0 is none of the 600 at which the rows fit");
    }
  }
}
