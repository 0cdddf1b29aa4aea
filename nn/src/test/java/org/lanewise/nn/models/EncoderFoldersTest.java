package org.lanewise.nn.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lanewise.kernels.op.DType;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.nn.HostTensor;
import org.lanewise.nn.Signature;
import org.lanewise.nn.Tensors;
import org.lanewise.nn.io.SafeTensors;
import org.lanewise.nn.onnx.Onnx;
import org.lanewise.nn.onnx.OnnxOptions;
import org.lanewise.nn.text.Tokenizers;

/** One encoder in all the ways in which it may be published: its vectors have the same bits. */
class EncoderFoldersTest {
  @TempDir private Path folder;

  private List<float[]> expected() throws IOException {
    return TinyEncoder.embed(TinyEncoder.write(folder.resolve("expected")));
  }

  private void assertSame(Path other) throws IOException {
    assertSame(other, expected());
  }

  private static void assertSame(Path other, List<float[]> expected) throws IOException {
    assertThat(TinyEncoder.embed(other)).usingRecursiveComparison().isEqualTo(expected);
  }

  private static String old(String name) {
    return "bert."
        + name.replace("LayerNorm.weight", "LayerNorm.gamma")
            .replace("LayerNorm.bias", "LayerNorm.beta");
  }

  @Test
  void vectorsDiffer() throws IOException {
    List<float[]> vectors = expected();
    assertThat(vectors.stream().map(Arrays::toString).distinct()).hasSize(vectors.size());
  }

  @Test
  void isMapped() throws IOException {
    PretrainedEncoder encoder = PretrainedEncoder.open(TinyEncoder.write(folder));
    assertThat(encoder.weights().isMapped()).isTrue();
    assertThat(encoder.model().config()).isEqualTo(TinyEncoder.config());
    assertThat(((Bert) encoder.model()).pooler()).isNotNull();
    assertThat(encoder.weights().components().parameters())
        .containsOnlyKeys(TinyEncoder.tensors().keySet())
        .containsKey("encoder.layer.1.attention.self.query.weight")
        .containsKey("encoder.layer.0.attention.output.LayerNorm.bias");
  }

  @Test
  void mayHaveAHeadAndOldNames() throws IOException {
    SequencedMap<String, HostTensor> tensors =
        TinyEncoder.renamed(TinyEncoder.tensors(), EncoderFoldersTest::old);
    tensors.put("cls.predictions.transform.LayerNorm.gamma", HostTensor.of(new float[3], 3));
    tensors.put("cls.seq_relationship.bias", HostTensor.of(new float[2], 2));
    assertSame(TinyEncoder.write(folder, Map.of(), tensors));
  }

  @Test
  void mayHaveNoPooler() throws IOException {
    SequencedMap<String, HostTensor> tensors =
        TinyEncoder.renamed(TinyEncoder.tensors(), name -> name.startsWith("pooler") ? null : name);
    tensors.put("embeddings.position_ids", HostTensor.of(new long[16], 1, 16));
    Path other = TinyEncoder.write(folder, Map.of(), tensors);
    assertSame(other);
    assertThat(((Bert) PretrainedEncoder.open(other).model()).pooler()).isNull();
  }

  @Test
  void mayHaveATokenizerJson() throws IOException {
    Path other = TinyEncoder.write(folder);
    Tokenizers.write(Tokenizers.read(other.resolve("vocab.txt")), other.resolve("tokenizer.json"));
    Files.delete(other.resolve("vocab.txt"));
    assertSame(other);
  }

  @ParameterizedTest
  @ValueSource(strings = {"model.onnx", "onnx/model.onnx", "tiny.onnx"})
  void mayBeOnnx(String name) throws IOException {
    Path other = TinyEncoder.write(folder);
    Files.createDirectories(other.resolve(name).getParent());
    PretrainedEncoder encoder = PretrainedEncoder.open(other);
    Onnx.export(
        encoder.weights(),
        in -> Tensors.of("y", encoder.model().forward(in.get("x"), in.get("x"), in.get("x"))),
        Signature.of("x", TensorType.i32(1, 4)),
        other.resolve(name),
        OnnxOptions.FIXED);
    Files.delete(other.resolve("model.safetensors"));
    assertSame(other);
  }

  @Test
  void mayHaveOtherElements() throws IOException {
    SequencedMap<String, HostTensor> rounded = new LinkedHashMap<>();
    TinyEncoder.tensors().forEach((name, x) -> rounded.put(name, x.convert(DType.BF16)));
    Path half = TinyEncoder.write(folder.resolve("half"), Map.of(), rounded);
    rounded.replaceAll((_, x) -> x.convert(DType.F32));
    Path whole = TinyEncoder.write(folder.resolve("whole"), Map.of(), rounded);
    assertSame(half, TinyEncoder.embed(whole));
  }

  /** A RoBERTa is a BERT whose positions begin behind that of the padding token. */
  @Test
  void mayBeRoberta() throws IOException {
    SequencedMap<String, HostTensor> tensors =
        TinyEncoder.renamed(TinyEncoder.tensors(), name -> "roberta." + name);
    tensors.put("lm_head.bias", HostTensor.of(new float[12], 12));
    String positions = "roberta.embeddings.position_embeddings.weight";
    float[] table = new float[18 * 8];
    System.arraycopy(tensors.get(positions).toFloats(), 0, table, 2 * 8, 16 * 8);
    Arrays.fill(table, 0, 2 * 8, Float.NaN);
    tensors.put(positions, HostTensor.of(table, 18, 8));
    String types = "roberta.embeddings.token_type_embeddings.weight";
    tensors.put(types, HostTensor.of(Arrays.copyOf(tensors.get(types).toFloats(), 8), 1, 8));
    Map<String, String> config =
        Map.of(
            "model_type", "\"roberta\"",
            "max_position_embeddings", "18",
            "type_vocab_size", "1",
            "pad_token_id", "1");
    Path other = TinyEncoder.write(folder, config, tensors);
    Tokenizers.write(Tokenizers.read(other.resolve("vocab.txt")), other.resolve("tokenizer.json"));
    assertSame(other);
  }

  /** A DistilBERT is a BERT whose token types are zeros, under other names. */
  @Test
  void mayBeDistilBert() throws IOException {
    String types = "embeddings.token_type_embeddings.weight";
    SequencedMap<String, HostTensor> tensors = TinyEncoder.tensors();
    tensors.put(types, HostTensor.of(new float[2 * 8], 2, 8));
    Path bert = TinyEncoder.write(folder.resolve("bert"), Map.of(), tensors);
    UnaryOperator<String> distilled =
        name ->
            name.equals(types) || name.startsWith("pooler")
                ? null
                : "distilbert."
                    + name.replace("encoder.layer", "transformer.layer")
                        .replace("attention.self.query", "attention.q_lin")
                        .replace("attention.self.key", "attention.k_lin")
                        .replace("attention.self.value", "attention.v_lin")
                        .replace("attention.output.dense", "attention.out_lin")
                        .replace("attention.output.LayerNorm", "sa_layer_norm")
                        .replace("intermediate.dense", "ffn.lin1")
                        .replace("output.dense", "ffn.lin2")
                        .replace("output.LayerNorm", "output_layer_norm");
    SequencedMap<String, HostTensor> renamed = TinyEncoder.renamed(tensors, distilled);
    renamed.put("vocab_projector.bias", HostTensor.of(new float[12], 12));
    Path other = TinyEncoder.write(folder.resolve("other"), Map.of(), renamed);
    Files.writeString(
        other.resolve("config.json"),
        """
        {"model_type": "distilbert", "vocab_size": 12, "dim": 8, "n_layers": 2, "n_heads": 2,
         "hidden_dim": 20, "max_position_embeddings": 16, "activation": "gelu", "dropout": 0.1}
        """);
    assertThat(PretrainedEncoder.open(other).weights().components().parameters())
        .containsKey("transformer.layer.1.attention.q_lin.weight");
    assertSame(other, TinyEncoder.embed(bert));
  }

  @Test
  void isSavedAsItWasRead() throws IOException {
    Path first = TinyEncoder.write(folder.resolve("first"));
    Path second = TinyEncoder.write(folder.resolve("second"));
    Path file = second.resolve("model.safetensors");
    Files.delete(file);
    PretrainedEncoder.open(first).weights().save(file);
    assertSame(second);
    assertThat(SafeTensors.read(file, Arena.ofAuto()).tensors())
        .containsOnlyKeys(TinyEncoder.tensors().keySet());
  }
}
