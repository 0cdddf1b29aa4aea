package org.lanewise.nn.models;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.lanewise.kernels.op.Activation;
import org.lanewise.nn.HostTensor;
import org.lanewise.nn.io.SafeTensors;
import org.lanewise.nn.models.BertConfig.Family;
import org.lanewise.nn.weights.Weights;

/** Folders of a BERT whose weights are random, and which knows twelve words. */
final class TinyEncoder {
  static final List<String> WORDS =
      List.of(
          "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "the", "cat", "sat", "on", "a", "##s",
          "mat");

  static final List<String> SENTENCES =
      List.of("the cat sat on a mat", "Cats", "a dog", "", "the mat ".repeat(20));

  private static final String CONFIG =
      """
      {"model_type": "bert", "vocab_size": 12, "hidden_size": 8, "num_hidden_layers": 2,
       "num_attention_heads": 2, "intermediate_size": 20, "max_position_embeddings": 16,
       "type_vocab_size": 2, "layer_norm_eps": 1e-12, "hidden_act": "gelu", "pad_token_id": 0}
      """;

  private TinyEncoder() {}

  /** The sizes that {@link #write} gives a folder. */
  static BertConfig config() {
    return new BertConfig(Family.BERT, 12, 8, 2, 2, 20, 16, 0, 2, 1e-12f, Activation.GELU, 0.1f);
  }

  /** Random tensors of a BERT with a pooler, by the names of its parameters. */
  static SequencedMap<String, HostTensor> tensors() {
    SequencedMap<String, HostTensor> tensors = new LinkedHashMap<>();
    Weights.of(Bert.of(config()))
        .initialize(7)
        .tensors()
        .forEach((name, tensor) -> tensors.put(name, spread(tensor)));
    return tensors;
  }

  /** Larger numbers than a model starts with, so that each of its parts matters. */
  private static HostTensor spread(HostTensor tensor) {
    float[] elements = tensor.toFloats();
    for (int i = 0; i < elements.length; i++) {
      elements[i] = 10 * elements[i] + (float) Math.sin(i) / 2;
    }
    long[] shape = new long[tensor.type().shape().rank()];
    for (int axis = 0; axis < shape.length; axis++) {
      shape[axis] = tensor.type().shape().dimension(axis);
    }
    return HostTensor.of(elements, shape);
  }

  /** Tensors under other names; null leaves one out. */
  static SequencedMap<String, HostTensor> renamed(
      Map<String, HostTensor> tensors, UnaryOperator<String> names) {
    SequencedMap<String, HostTensor> renamed = new LinkedHashMap<>();
    tensors.forEach((name, tensor) -> {
      String other = names.apply(name);
      if (other != null) {
        renamed.put(other, tensor);
      }
    });
    return renamed;
  }

  /** Writes a folder as it is published. */
  static Path write(Path folder) throws IOException {
    return write(folder, Map.of(), tensors());
  }

  /**
   * Writes a folder.
   *
   * @param config values that differ, as JSON has them
   * @param tensors of the file of weights
   */
  static Path write(
      Path folder, Map<String, String> config, SequencedMap<String, HostTensor> tensors)
      throws IOException {
    Files.createDirectories(folder);
    Files.write(folder.resolve("vocab.txt"), WORDS);
    Files.writeString(folder.resolve("config.json"), config(config));
    SafeTensors.of(Map.of("format", "pt"), tensors).write(folder.resolve("model.safetensors"));
    return folder;
  }

  private static String config(Map<String, String> other) {
    Stream<String> given =
        CONFIG
            .strip()
            .substring(1, CONFIG.strip().length() - 1)
            .replace("\n", "")
            .transform(text -> Stream.of(text.split(",")))
            .filter(entry ->
                other.keySet().stream().noneMatch(key -> entry.contains("\"" + key + "\"")));
    Stream<String> added =
        other.entrySet().stream()
            .filter(entry -> entry.getValue() != null)
            .map(entry -> "\"%s\": %s".formatted(entry.getKey(), entry.getValue()));
    return Stream.concat(given, added).collect(Collectors.joining(",", "{", "}"));
  }

  /** The vectors of {@link #SENTENCES}. */
  static List<float[]> embed(Path folder) throws IOException {
    try (SentenceEmbedder embedder = SentenceEmbedder.open(folder)) {
      return embedder.embed(SENTENCES);
    }
  }
}
