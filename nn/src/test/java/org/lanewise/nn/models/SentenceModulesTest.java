package org.lanewise.nn.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lanewise.nn.HostTensor;
import org.lanewise.nn.session.Session;

/** What the files of a model of sentences say is done. */
class SentenceModulesTest {
  private static final String MEAN = "{\"pooling_mode_mean_tokens\": true}";
  private static final String SENTENCE = "the cat sat";

  @TempDir private Path folder;

  @BeforeEach
  void write() throws IOException {
    TinyEncoder.write(folder);
    Files.createDirectory(folder.resolve("1_Pooling"));
    modules("Transformer", "Pooling", "Normalize");
    pooling(MEAN);
  }

  private void modules(String... kinds) throws IOException {
    List<String> paths = List.of("", "1_Pooling", "2_Normalize", "3_More");
    StringBuilder json = new StringBuilder("[");
    for (int i = 0; i < kinds.length; i++) {
      json.append(i == 0 ? "" : ", ")
          .append("{\"idx\": %d, \"name\": \"%d\", \"path\": \"%s\",".formatted(i, i, paths.get(i)))
          .append(" \"type\": \"sentence_transformers.models.%s\"}".formatted(kinds[i]));
    }
    Files.writeString(folder.resolve("modules.json"), json.append("]"));
  }

  private void pooling(String json) throws IOException {
    Files.writeString(folder.resolve("1_Pooling/config.json"), json);
  }

  private void options(String json) throws IOException {
    Files.writeString(folder.resolve("sentence_bert_config.json"), json);
  }

  private float[] embed(String sentence) throws IOException {
    try (SentenceEmbedder embedder = SentenceEmbedder.open(folder)) {
      return embedder.embed(sentence);
    }
  }

  /** The vectors of a sentence's tokens. */
  private float[][] states() throws IOException {
    PretrainedEncoder encoder = PretrainedEncoder.open(folder);
    int[] ids = encoder.tokenizer().encode(SENTENCE).ids();
    int[] ones = new int[ids.length];
    Arrays.fill(ones, 1);
    try (Session session = Session.open("cpu", 1, encoder.weights())) {
      float[] all =
          session
              .run(
                  in -> encoder.model().forward(in.get("ids"), in.get("types"), in.get("mask")),
                  Map.of(
                      "ids", HostTensor.of(ids, 1, ids.length),
                      "types", HostTensor.of(new int[ids.length], 1, ids.length),
                      "mask", HostTensor.of(ones, 1, ids.length)))
              .toFloats();
      float[][] states = new float[ids.length][];
      for (int i = 0; i < states.length; i++) {
        states[i] = Arrays.copyOfRange(all, 8 * i, 8 * (i + 1));
      }
      return states;
    }
  }

  private static float[] mean(float[][] rows) {
    float[] mean = new float[rows[0].length];
    for (int i = 0; i < mean.length; i++) {
      double sum = 0;
      for (float[] row : rows) {
        sum += row[i];
      }
      mean[i] = (float) (sum / rows.length);
    }
    return mean;
  }

  private static float[] normalized(float[] row) {
    double squares = 0;
    for (float element : row) {
      squares += (double) element * element;
    }
    float[] result = new float[row.length];
    for (int i = 0; i < row.length; i++) {
      result[i] = (float) (row[i] / Math.sqrt(squares));
    }
    return result;
  }

  private static void assertClose(float[] actual, float[] expected) {
    assertThat(actual).usingComparatorWithPrecision(1e-6f).containsExactly(expected);
  }

  @Test
  void meanOfTheTokens() throws IOException {
    assertClose(embed(SENTENCE), normalized(mean(states())));
  }

  @Test
  void firstToken() throws IOException {
    pooling("{\"pooling_mode_cls_token\": true, \"pooling_mode_max_tokens\": false}");
    assertClose(embed(SENTENCE), normalized(states()[0]));
  }

  @Test
  void withoutNormalization() throws IOException {
    modules("Transformer", "Pooling");
    assertClose(embed(SENTENCE), mean(states()));
  }

  @Test
  void encoderInAFolderOfItsOwn() throws IOException {
    final float[] expected = embed(SENTENCE);
    Path own = TinyEncoder.write(folder.resolve("0_Transformer"));
    for (String file : List.of("config.json", "vocab.txt", "model.safetensors")) {
      Files.delete(folder.resolve(file));
    }
    Path modules = folder.resolve("modules.json");
    String json =
        Files.readString(modules).replace("\"path\": \"\"", "\"path\": \"0_Transformer\"");
    Files.writeString(modules, json);
    assertThat(own).exists();
    assertThat(embed(SENTENCE)).containsExactly(expected);
  }

  @Test
  void longerSentencesAreCut() throws IOException {
    options("{\"max_seq_length\": 5, \"do_lower_case\": false}");
    assertThat(embed("the cat sat on a mat")).containsExactly(embed(SENTENCE));
    options("{\"max_seq_length\": 500}");
    assertThat(SentenceModel.open(folder).maxLength()).isEqualTo(16);
  }

  @Test
  void lowerCase() throws IOException {
    Files.writeString(folder.resolve("tokenizer_config.json"), "{\"do_lower_case\": false}");
    final float[] lower = embed(SENTENCE);
    assertThat(embed("The Cat Sat")).isNotEqualTo(lower);
    options("{\"do_lower_case\": true}");
    assertThat(embed("The Cat Sat")).containsExactly(lower);
  }

  @Test
  void noSentences() throws IOException {
    try (SentenceEmbedder embedder = SentenceEmbedder.open(folder)) {
      assertThat(embedder.embed(List.of())).isEmpty();
      assertThat(embedder.width()).isEqualTo(8);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"cpu", "scalar"})
  void sameBitsInAnyBatch(String device) throws IOException {
    SentenceModel model = SentenceModel.open(folder);
    try (SentenceEmbedder embedder = SentenceEmbedder.open(model, device, 2)) {
      List<float[]> together = embedder.embed(TinyEncoder.SENTENCES);
      for (int i = 0; i < together.size(); i++) {
        assertThat(embedder.embed(TinyEncoder.SENTENCES.get(i))).containsExactly(together.get(i));
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Transformer,Pooling,Dense | [2].type is 'sentence_transformers.models.Dense', which is not supported",
        "Pooling,Transformer | has the modules [Pooling, Transformer] where [Transformer, Pooling,",
        "Transformer | has the modules [Transformer]",
        "'' | has the modules []"
      })
  void oneLineForOtherModules(String kinds, String says) throws IOException {
    modules(kinds.isEmpty() ? new String[0] : kinds.split(","));
    assertRefused("modules.json", says);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{} | has the modes [] where pooling_mode_mean_tokens or pooling_mode_cls_token",
        "{\"pooling_mode_max_tokens\": true} | has the modes [pooling_mode_max_tokens]",
        "{\"pooling_mode_cls_token\": true, \"pooling_mode_mean_tokens\": true} | has the modes [pooling_mode_cls",
        "{\"pooling_mode_mean_tokens\": 1} | pooling_mode_mean_tokens is 1 where true or false",
        "{\"pooling_mode_mean_tokens\": true, \"word_embedding_dimension\": 9} | word_embedding_dimension is 9 but the encoder's vectors have 8",
        "[] | is an array where an object"
      })
  void oneLineForOtherPooling(String json, String says) throws IOException {
    pooling(json);
    assertRefused("1_Pooling/config.json", says);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"max_seq_length\": 1} | max_seq_length is 1 but the special tokens alone are 2",
        "{\"max_seq_length\": -1} | max_seq_length is -1 where an integer",
        "{\"do_lower_case\": 1} | do_lower_case is 1 where true or false"
      })
  void oneLineForOtherOptions(String json, String says) throws IOException {
    options(json);
    assertRefused("sentence_bert_config.json", says);
  }

  @Test
  void oneLineForAMissingFile() throws IOException {
    Files.delete(folder.resolve("1_Pooling/config.json"));
    assertThatThrownBy(() -> SentenceModel.open(folder)).hasMessageContaining("1_Pooling");
  }

  @Test
  void oneLineForAPathThatIsNone() throws IOException {
    Files.writeString(
        folder.resolve("modules.json"), "[{\"type\": \"a.Transformer\", \"path\": \"\\u0000\"}]");
    assertRefused("modules.json", "[0].path is", "which is no path");
  }

  private void assertRefused(String file, String... says) {
    assertThatThrownBy(() -> SentenceModel.open(folder))
        .isInstanceOf(IOException.class)
        .message()
        .startsWith(folder.resolve(file).toString())
        .contains(says)
        .hasLineCount(1);
  }
}
