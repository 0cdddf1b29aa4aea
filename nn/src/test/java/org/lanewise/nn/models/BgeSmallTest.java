package org.lanewise.nn.models;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lanewise.nn.HostTensor;
import org.lanewise.nn.oracle.OnnxRuntime;
import org.lanewise.nn.text.Encoding;

/** A second encoder, of twelve layers and the first token's vector, beside ONNX Runtime. */
class BgeSmallTest {
  private static final float MOST = 2e-6f;
  private static final List<String> SENTENCES =
      List.of(
          "Represent this sentence for searching relevant passages: what is a matrix product?",
          "A matrix product sums products of rows and columns.",
          "Der Zug fährt um 17:45 Uhr ab.",
          "",
          "of the, ".repeat(100));

  @TempDir private Path folder;

  @Test
  void hasTheVectorsOfOnnxRuntime() throws IOException, OrtException {
    SentenceModel model = SentenceModel.open(PublishedModel.BGE_SMALL.unpack(folder));
    BertConfig config = model.encoder().model().config();
    assertThat(config.layers()).isEqualTo(12);
    int threads = Runtime.getRuntime().availableProcessors();
    try (OnnxRuntime runtime = OnnxRuntime.open(PublishedModel.BGE_SMALL.file(folder));
        SentenceEmbedder embedder =
            SentenceEmbedder.open(model.withPooling(Pooling.CLS), "cpu", threads)) {
      List<float[]> vectors = embedder.embed(SENTENCES);
      for (int i = 0; i < vectors.size(); i++) {
        Encoding encoding = embedder.encode(SENTENCES.get(i));
        Map<String, HostTensor> inputs =
            Map.of(
                "input_ids", row(encoding.ids()),
                "token_type_ids", row(encoding.types()),
                "attention_mask", row(ones(encoding.length())));
        float[] states = runtime.run(inputs).get("last_hidden_state").toFloats();
        assertThat(vectors.get(i))
            .as(SENTENCES.get(i))
            .usingComparatorWithPrecision(MOST)
            .containsExactly(normalized(Arrays.copyOf(states, config.width())));
      }
    }
  }

  private static HostTensor row(int[] elements) {
    long[] longs = IntStream.of(elements).asLongStream().toArray();
    return HostTensor.of(longs, 1, longs.length);
  }

  private static int[] ones(int length) {
    int[] ones = new int[length];
    Arrays.fill(ones, 1);
    return ones;
  }

  private static float[] normalized(float[] vector) {
    double squares = 0;
    for (float element : vector) {
      squares += (double) element * element;
    }
    for (int i = 0; i < vector.length; i++) {
      vector[i] = (float) (vector[i] / Math.sqrt(squares));
    }
    return vector;
  }
}
