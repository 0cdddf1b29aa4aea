package org.lanewise.nn.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lanewise.nn.HostTensor;
import org.lanewise.nn.weights.MismatchedWeightsException;

/** What a folder lacks, or has that does not fit, is named in one line. */
class DamagedFoldersTest {
  @TempDir private Path folder;

  private void assertRefused(String... says) {
    assertThatThrownBy(() -> SentenceModel.open(folder))
        .isInstanceOf(IOException.class)
        .message()
        .startsWith(folder.toString())
        .contains(says)
        .hasLineCount(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "model_type | \"gpt2\" | model_type is 'gpt2' where bert, distilbert, roberta",
        "model_type | | model_type is missing",
        "vocab_size | | vocab_size is missing",
        "vocab_size | 11 | vocab.txt: the vocabulary has 12 tokens but the model has vectors for 11",
        "vocab_size | 13 | embeddings.word_embeddings.weight is f32[12, 8] but the model has f32[13, 8]",
        "hidden_size | 9 | heads must divide the width but are 2 of 9",
        "hidden_size | -8 | hidden_size is -8 where an integer from 0",
        "hidden_size | \"8\" | hidden_size is '8' where an integer",
        "hidden_size | 1e99 | hidden_size is 1.0E99 where an integer",
        "hidden_size | 0 | width must be at least 1 but is 0",
        "hidden_size | 6 | embeddings.word_embeddings.weight is f32[12, 8] but the model has f32[12, 6]",
        "num_hidden_layers | 0 | layers must be at least 1 but is 0",
        "num_hidden_layers | 1 | unexpected encoder.layer.1.attention.self.query.weight",
        "num_hidden_layers | 3 | missing encoder.layer.2.attention.self.query.weight",
        "intermediate_size | 24 | encoder.layer.0.intermediate.dense.weight is f32[20, 8]",
        "max_position_embeddings | 0 | positions must be at least 1 but is 0",
        "type_vocab_size | 0 | types must be at least 1 but is 0",
        "layer_norm_eps | -1 | epsilon must be in [0, 1) but is -1.0",
        "layer_norm_eps | \"a\" | layer_norm_eps is 'a' where a number",
        "hidden_dropout_prob | 1 | dropout must be in [0, 1) but is 1.0",
        "hidden_act | \"odd\" | hidden_act is 'odd', which is not supported",
        "position_embedding_type | \"relative_key\" | position_embedding_type is 'relative_key', which is not supported",
        "is_decoder | true | is_decoder is true, which is not supported",
        "add_cross_attention | true | add_cross_attention is true"
      })
  void byItsConfiguration(String key, String value, String says) throws IOException {
    Map<String, String> config = new HashMap<>();
    config.put(key, value);
    TinyEncoder.write(folder, config, TinyEncoder.tensors());
    assertRefused(says);
  }

  @Test
  void byAMissingTensor() throws IOException {
    String missing = "encoder.layer.1.output.dense.bias";
    SequencedMap<String, HostTensor> tensors = TinyEncoder.tensors();
    tensors.remove(missing);
    TinyEncoder.write(folder, Map.of(), tensors);
    assertThatThrownBy(() -> SentenceModel.open(folder))
        .isInstanceOfSatisfying(
            MismatchedWeightsException.class,
            mismatch -> assertThat(mismatch.missing()).containsExactly(missing));
    assertRefused("model.safetensors", "missing " + missing);
  }

  @Test
  void byHalfAPooler() throws IOException {
    SequencedMap<String, HostTensor> tensors = TinyEncoder.tensors();
    tensors.remove("pooler.dense.bias");
    TinyEncoder.write(folder, Map.of(), tensors);
    assertRefused("missing pooler.dense.bias");
  }

  @Test
  void byATensorOfAnotherShape() throws IOException {
    SequencedMap<String, HostTensor> tensors = TinyEncoder.tensors();
    tensors.put("encoder.layer.0.output.dense.bias", HostTensor.of(new float[7], 7));
    TinyEncoder.write(folder, Map.of(), tensors);
    assertRefused("encoder.layer.0.output.dense.bias is f32[7] but the model has f32[8]");
  }

  @Test
  void byTwoTensorsOfOneName() throws IOException {
    SequencedMap<String, HostTensor> tensors = TinyEncoder.tensors();
    tensors.put("bert.embeddings.LayerNorm.gamma", HostTensor.of(new float[8], 8));
    TinyEncoder.write(folder, Map.of(), tensors);
    assertRefused("model.safetensors", "two tensors are 'embeddings.LayerNorm.weight'");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "model.safetensors | 0.5 | model.safetensors",
        "model.safetensors | 0.001 | model.safetensors",
        "model.safetensors | 0 | not a safetensors file: only 0 bytes",
        "config.json | 0.5 | config.json: is not valid JSON",
        "config.json | 0 | config.json: is empty or cut off",
        "vocab.txt | 0 | vocab.txt"
      })
  void byAFileThatIsCut(String name, double part, String says) throws IOException {
    Path file = TinyEncoder.write(folder).resolve(name);
    try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
      out.setLength((long) (part * out.length()));
    }
    assertRefused(says);
  }

  @ParameterizedTest
  @CsvSource({
    "config.json, the folder has no config.json",
    "vocab.txt, the folder has no tokenizer.json or vocab.txt",
    "model.safetensors, the folder has no model.safetensors or .onnx file"
  })
  void byAFileThatIsMissing(String name, String says) throws IOException {
    Files.delete(TinyEncoder.write(folder).resolve(name));
    assertRefused(says);
  }

  @Test
  void byATokenizerOfAnotherKind() throws IOException {
    TinyEncoder.write(folder);
    Files.writeString(
        folder.resolve("tokenizer.json"), "{\"model\":{\"type\":\"WordLevel\",\"vocab\":{}}}");
    assertRefused("tokenizer.json: model.type is 'WordLevel', which is not supported");
  }

  @Test
  void byRobertasOldTokenizer() throws IOException {
    TinyEncoder.write(folder, Map.of("model_type", "\"roberta\""), TinyEncoder.tensors());
    assertRefused("a RoBERTa model needs a tokenizer.json");
  }

  @ParameterizedTest
  @ValueSource(strings = {"absent", "file"})
  void byBeingNone(String name) throws IOException {
    Files.createFile(folder.resolve("file"));
    assertThatThrownBy(() -> SentenceModel.open(folder.resolve(name)))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(folder.resolve(name).toString());
  }

  @Test
  void byTwoOnnxModels() throws IOException {
    Files.delete(TinyEncoder.write(folder).resolve("model.safetensors"));
    Files.createFile(folder.resolve("a.onnx"));
    Files.createFile(folder.resolve("b.onnx"));
    assertRefused("several that could be its model.safetensors or .onnx file: [a.onnx, b.onnx]");
  }

  @Test
  void byAnOnnxModelThatIsNone() throws IOException {
    Files.delete(TinyEncoder.write(folder).resolve("model.safetensors"));
    Files.write(folder.resolve("model.onnx"), new byte[] {1, 2, 3});
    assertRefused("model.onnx");
  }
}
