package org.lanewise.nn.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lanewise.nn.HostTensor;
import org.lanewise.nn.io.MalformedFileException;
import org.lanewise.nn.io.SafeTensors;
import org.lanewise.nn.session.Session;
import org.lanewise.nn.text.Tokenizers;
import org.lanewise.nn.weights.MismatchedWeightsException;
import org.lanewise.nn.weights.Weights;

class PretrainedGptTest {
  private static final GptConfig CONFIG = GptConfig.of(6, 16, 8, 2, 2).dropout(0.2f);

  @TempDir private Path folder;
  private PretrainedGpt written;

  @BeforeEach
  void write() throws IOException {
    Gpt gpt = Gpt.of(CONFIG);
    written = new PretrainedGpt(gpt, Tokenizers.characters("abcde"), Weights.of(gpt).initialize(5));
    written.write(folder);
  }

  private static String text(PretrainedGpt pretrained) {
    try (Session session = Session.open("cpu", pretrained.weights())) {
      return String.join(
          "",
          Generation.of(pretrained.model(), session).stream(pretrained.tokenizer(), "bad", 40)
              .toList());
    }
  }

  @Test
  void readsWhatItWrote() throws IOException {
    PretrainedGpt read = PretrainedGpt.read(folder);
    assertThat(read.model().config()).isEqualTo(CONFIG);
    assertThat(read.weights().parametersToArrays())
        .usingRecursiveComparison()
        .isEqualTo(written.weights().parametersToArrays());
    assertThat(text(read)).isEqualTo(text(written));
    assertThat(text(PretrainedGpt.read(folder.resolve("model.safetensors"))))
        .isEqualTo(text(written));
  }

  /** Files of GPT2LMHeadModel have a prefix, the head, and older ones the masks of attention. */
  @Test
  void readsFilesWithPrefixHeadAndMasks() throws IOException {
    SequencedMap<String, HostTensor> tensors = new LinkedHashMap<>();
    written
        .weights()
        .tensors()
        .forEach((name, tensor) -> tensors.put("transformer." + name, tensor));
    tensors.put("lm_head.weight", written.weights().tensors().get("wte.weight"));
    tensors.put("transformer.h.0.attn.bias", HostTensor.of(new byte[256], 1, 1, 16, 16));
    tensors.put("transformer.h.1.attn.masked_bias", HostTensor.of(new float[1], 1));
    SafeTensors.of(Map.of(), tensors).write(folder.resolve("model.safetensors"));
    assertThat(text(PretrainedGpt.read(folder))).isEqualTo(text(written));
  }

  @ParameterizedTest
  @ValueSource(strings = {"config.json", "tokenizer.json", "model.safetensors"})
  void namesAMissingFile(String name) throws IOException {
    Files.delete(folder.resolve(name));
    assertThatThrownBy(() -> PretrainedGpt.read(folder))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessageContaining(name);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"gpt2\"      | \"llama\" | model_type is 'llama' where gpt2 was expected",
        "\"gelu_new\"  | \"relu\"  | activation_function is 'relu', which is not supported",
        "\"n_head\":2  | \"n_head\":3  | heads must divide the width but are 3 of 8",
        "\"n_layer\":2 | \"n_layer\":0 | layers must be at least 1 but is 0",
        "\"n_layer\":2 | \"n_layer\":5000 | n_layer is 5000 where an integer from 0 to 4096",
        "\"n_layer\":2 | \"n_layers\":2 | n_layer",
        "\"n_embd\":8  | \"n_embd\":\"x\" | n_embd",
        "\"n_embd\":8  | \"n_embd\":8,\"n_inner\":8 | n_inner is not 4 times n_embd",
        "\"n_embd\":8  | \"n_embd\":8,\"tie_word_embeddings\":false | tie_word_embeddings is false, which is not",
        "\"n_embd\":8  | \"n_embd\":8,\"add_cross_attention\":true | add_cross_attention is true, which is not",
        "{            | [            | config.json"
      })
  void namesWhatIsWrongInTheConfiguration(String from, String to, String says) throws IOException {
    Path config = folder.resolve("config.json");
    String text = Files.readString(config);
    assertThat(text).contains(from);
    Files.writeString(config, text.replace(from, to));
    assertThatThrownBy(() -> PretrainedGpt.read(folder))
        .isInstanceOf(MalformedFileException.class)
        .hasMessageStartingWith(config + ": ")
        .hasMessageContaining(says);
  }

  @Test
  void namesWhatDoesNotFitTogether() throws IOException {
    Tokenizers.write(Tokenizers.characters("abcdefg"), folder.resolve("tokenizer.json"));
    assertThatThrownBy(() -> PretrainedGpt.read(folder))
        .isInstanceOf(MalformedFileException.class)
        .hasMessage(folder + ": the tokenizer has 8 tokens but the model 6");

    written.write(folder);
    GptConfig.of(6, 16, 8, 2, 3).write(folder.resolve("config.json"));
    assertThatThrownBy(() -> PretrainedGpt.read(folder))
        .isInstanceOf(MismatchedWeightsException.class)
        .hasMessageContaining("missing h.2.ln_1.weight");
  }
}
