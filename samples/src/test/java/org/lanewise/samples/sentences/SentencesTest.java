package org.lanewise.samples.sentences;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lanewise.kernels.op.Activation;
import org.lanewise.nn.models.Bert;
import org.lanewise.nn.models.BertConfig;
import org.lanewise.nn.models.SentenceEmbedder;
import org.lanewise.nn.weights.Weights;
import org.lanewise.samples.Lanewise;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code embed} and {@code similar}, with an encoder whose weights are random. */
class SentencesTest {
  private static final List<String> LINES =
      List.of("a cat", "the dog sat", "", "A CAT", "a cat on the mat", "mat \u001b[2J");

  @TempDir private Path folder;
  private Path model;
  private Path file;

  @BeforeEach
  void write() throws IOException {
    model = Files.createDirectory(folder.resolve("model"));
    file = Files.write(folder.resolve("lines.txt"), LINES);
    BertConfig config =
        new BertConfig(
            BertConfig.Family.BERT, 12, 8, 1, 2, 16, 32, 0, 2, 1e-12f, Activation.GELU, 0f);
    Files.writeString(
        model.resolve("config.json"),
        """
        {"model_type": "bert", "vocab_size": 12, "hidden_size": 8, "num_hidden_layers": 1,
         "num_attention_heads": 2, "intermediate_size": 16, "max_position_embeddings": 32,
         "type_vocab_size": 2, "hidden_act": "gelu"}
        """);
    Files.write(
        model.resolve("vocab.txt"),
        List.of(
            "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "cat", "the", "dog", "sat", "on",
            "mat"));
    Weights.of(Bert.of(config)).initialize(1).save(model.resolve("model.safetensors"));
  }

  private Lanewise run(Object... arguments) {
    List<Object> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--model", model));
    return Lanewise.run(all.toArray());
  }

  private List<float[]> vectors(List<String> texts) throws IOException {
    try (SentenceEmbedder embedder = SentenceEmbedder.open(model)) {
      return embedder.embed(texts);
    }
  }

  private static void assertLines(String out, List<String> texts, List<float[]> vectors) {
    List<JsonNode> lines = out.lines().map(JsonMapper.shared()::readTree).toList();
    assertThat(lines).hasSameSizeAs(texts);
    for (int i = 0; i < lines.size(); i++) {
      assertThat(lines.get(i).propertyNames()).containsExactly("text", "embedding");
      assertThat(lines.get(i).get("text").asString()).isEqualTo(texts.get(i));
      float[] read = JsonMapper.shared().treeToValue(lines.get(i).get("embedding"), float[].class);
      assertThat(read).containsExactly(vectors.get(i));
    }
  }

  @Test
  void embedPrintsTextsAndThenLines() throws IOException {
    List<String> texts = Stream.concat(Stream.of("the mat", "\"a\""), LINES.stream()).toList();
    Lanewise run = run("embed", "the mat", "\"a\"", "--file", file);
    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
    assertLines(run.out(), texts, vectors(texts));
  }

  @Test
  void embedReadsLongFiles() throws IOException {
    List<String> texts = new ArrayList<>(Collections.nCopies(1030, "the cat sat"));
    texts.addAll(LINES);
    Files.write(file, texts);
    Lanewise run = run("embed", "--file", file);
    assertThat(run.err()).isEmpty();
    assertLines(run.out(), texts, vectors(texts));
  }

  @Test
  void embedTakesAnotherPooling() throws IOException {
    String usual = run("embed", "a cat").out();
    assertThat(run("embed", "a cat", "--pooling", "mean").out()).isEqualTo(usual);
    assertThat(run("embed", "a cat", "--pooling", "cls").out()).isNotEqualTo(usual).isNotEmpty();
  }

  @Test
  void similarPrintsTheNearestLines() {
    Lanewise run = run("similar", "a cat", "--file", file);
    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
    List<String> lines = run.out().lines().toList();
    assertThat(lines).hasSize(5);
    assertThat(lines.get(0)).isEqualTo(" 1.0000   1: a cat");
    assertThat(lines.get(1)).isEqualTo(" 1.0000   4: A CAT");
    assertThat(lines).anyMatch(line -> line.endsWith("6: mat \\u{1b}[2J"));
    List<Double> cosines =
        lines.stream().map(line -> Double.valueOf(line.strip().split(" ")[0])).toList();
    assertThat(cosines).isSortedAccordingTo(Collections.reverseOrder());
  }

  @Test
  void similarPrintsAsManyAsAreWanted() {
    List<String> all = run("similar", "the mat", "--file", file).out().lines().toList();
    Lanewise run = run("similar", "the mat", "--file", file, "--top", 2);
    assertThat(run.out().lines()).containsExactlyElementsOf(all.subList(0, 2));
  }

  @ParameterizedTest
  @ValueSource(strings = {"embed a", "similar a --file f"})
  void saysWhichFoldersThereMayBe(String arguments) {
    Lanewise run = Lanewise.run((Object[]) arguments.split(" "));
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err())
        .startsWith("lanewise: --model is required: a folder with config.json, model.safetensors")
        .contains("NAME.onnx and NAME-tokenizer.json")
        .hasLineCount(2);
  }

  @ParameterizedTest
  @CsvSource({
    "embed a --model absent, absent: no such folder",
    "embed --file absent.txt, absent.txt: no such file or directory",
    "similar a --file absent.txt, absent.txt: no such file or directory",
    "embed --file model, model: is a directory",
    "embed --file model/bytes, bytes: is not UTF-8",
    "similar a --file model/bytes, bytes: is not UTF-8",
    "embed a --device absent, absent"
  })
  void oneLineForWhatIsNotThere(String arguments, String says) throws IOException {
    Files.write(model.resolve("bytes"), new byte[] {'a', (byte) 0xff});
    List<Object> all = new ArrayList<>();
    boolean isPath = false;
    for (String word : arguments.split(" ")) {
      all.add(isPath ? folder.resolve(word) : word);
      isPath = List.of("--model", "--file").contains(word);
    }
    if (!all.contains("--model")) {
      all.addAll(List.of("--model", model));
    }
    Lanewise run = Lanewise.run(all.toArray());
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).startsWith("lanewise: ").contains(says).hasLineCount(1);
  }
}
