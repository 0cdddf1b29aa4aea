package org.lanewise.nn.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OrtException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.nn.HostTensor;
import org.lanewise.nn.Signature;
import org.lanewise.nn.Tensors;
import org.lanewise.nn.onnx.Onnx;
import org.lanewise.nn.onnx.OnnxOptions;
import org.lanewise.nn.oracle.OnnxRuntime;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A real encoder of sentences gives the vectors that ONNX Runtime gives. */
class MiniLmTest {
  private static final float MOST = 2e-6f;

  @TempDir private static Path folder;

  private static SentenceEmbedder embedder;

  /** A sentence with what it has become elsewhere. */
  record Sentence(String text, int[] ids, float[] embedding) {}

  @BeforeAll
  static void open() throws IOException {
    embedder = SentenceEmbedder.open(PublishedModel.MINILM.unpack(folder));
  }

  @AfterAll
  static void close() {
    if (embedder != null) {
      embedder.close();
    }
  }

  private static List<Sentence> sentences() throws IOException {
    List<Sentence> sentences = new ArrayList<>();
    try (InputStream in = MiniLmTest.class.getResourceAsStream("minilm.json")) {
      for (JsonNode sentence : JsonMapper.builder().build().readTree(in)) {
        int[] ids = sentence.get("ids").valueStream().mapToInt(JsonNode::asInt).toArray();
        float[] embedding = new float[sentence.get("embedding").size()];
        for (int i = 0; i < embedding.length; i++) {
          embedding[i] = (float) sentence.get("embedding").get(i).asDouble();
        }
        sentences.add(new Sentence(sentence.get("text").asString(), ids, embedding));
      }
    }
    return sentences;
  }

  private static List<String> texts() throws IOException {
    return sentences().stream().map(Sentence::text).toList();
  }

  @Test
  void readsItsSizesFromTheGraph() {
    BertConfig config = embedder.model().encoder().model().config();
    assertThat(List.of(config.layers(), config.heads(), config.width(), config.feedForward()))
        .containsExactly(6, 12, 384, 1536);
    assertThat(config.epsilon()).isEqualTo(1e-12f);
  }

  @Test
  void hasTheSameTokensAndVectors() throws IOException {
    List<float[]> vectors = embedder.embed(texts());
    List<Sentence> sentences = sentences();
    assertThat(vectors).hasSameSizeAs(sentences);
    for (int i = 0; i < vectors.size(); i++) {
      Sentence sentence = sentences.get(i);
      assertThat(embedder.encode(sentence.text()).ids()).isEqualTo(sentence.ids());
      assertThat(vectors.get(i))
          .as(sentence.text())
          .usingComparatorWithPrecision(MOST)
          .containsExactly(sentence.embedding());
      assertThat(cosine(vectors.get(i), sentence.embedding())).isGreaterThan(0.999999);
    }
  }

  private static double cosine(float[] x, float[] y) {
    double dot = 0;
    double xx = 0;
    double yy = 0;
    for (int i = 0; i < x.length; i++) {
      dot += (double) x[i] * y[i];
      xx += (double) x[i] * x[i];
      yy += (double) y[i] * y[i];
    }
    return dot / Math.sqrt(xx * yy);
  }

  @Test
  void hasTheSameBitsInAnyBatch() throws IOException {
    List<String> texts = new ArrayList<>(texts());
    texts.add("");
    texts.add("so ".repeat(600));
    Map<String, float[]> alone = new LinkedHashMap<>();
    texts.forEach(text -> alone.put(text, embedder.embed(text)));
    for (int seed = 0; seed < 3; seed++) {
      Collections.shuffle(texts, new Random(seed));
      List<String> some = texts.subList(seed, texts.size());
      List<float[]> vectors = embedder.embed(some);
      for (int i = 0; i < some.size(); i++) {
        assertThat(vectors.get(i)).as(some.get(i)).containsExactly(alone.get(some.get(i)));
      }
    }
  }

  @Test
  void exportsWhatItReads() throws IOException, OrtException {
    PretrainedEncoder encoder = embedder.model().encoder();
    Function<Tensors, Tensors> function =
        in ->
            Tensors.of(
                "y",
                Pooling.normalize(
                    Pooling.MEAN.apply(
                        encoder.model().forward(in.get("ids"), in.get("types"), in.get("mask")),
                        in.get("mask"))));
    OnnxOptions options = OnnxOptions.DEFAULT;
    Signature signature = new Signature(new LinkedHashMap<>());
    for (String input : List.of("ids", "types", "mask")) {
      signature = signature.and(input, TensorType.i32(1, 8));
      options = options.dynamic(input, 1, "time");
    }
    Path exported = folder.resolve("exported.onnx");
    Onnx.export(encoder.weights(), function, signature, exported, options);
    try (OnnxRuntime runtime = OnnxRuntime.open(exported)) {
      for (Sentence sentence : sentences()) {
        int length = sentence.ids().length;
        int[] ones = new int[length];
        Arrays.fill(ones, 1);
        Map<String, HostTensor> inputs =
            Map.of(
                "ids", HostTensor.of(sentence.ids(), 1, length),
                "types", HostTensor.of(new int[length], 1, length),
                "mask", HostTensor.of(ones, 1, length));
        float[] vector = runtime.run(inputs).get("y").toFloats();
        for (int i = 0; i < vector.length; i++) {
          assertThat(vector[i])
              .as("element %d", i)
              .isCloseTo(sentence.embedding()[i], within(MOST));
        }
      }
    }
  }
}
