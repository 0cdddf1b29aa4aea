package org.lanewise.samples.gpt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lanewise.nn.models.GptConfig;
import org.lanewise.nn.text.Tokenizers;
import org.lanewise.samples.Lanewise;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class TrainGptTest {
  @TempDir private Path folder;
  private Path data;
  private Path out;

  @BeforeEach
  void writeData() throws IOException {
    data = TinyText.write(folder.resolve("text.gz"));
    out = folder.resolve("out");
  }

  @Test
  void trainsTellsAndKeepsWhatOthersNeed() throws IOException {
    Path metrics = folder.resolve("metrics.jsonl");
    Lanewise run = TinyText.train(data, out, "--metrics", metrics);

    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .containsPattern(
            "epoch 4/4   train loss \\d\\.\\d{4}   test loss \\d\\.\\d{4} nats/character   [\\d,]+"
                + " tokens/s   \\d+\\.\\d\\d s")
        .containsPattern("held-out text, [\\d,]+ characters: \\d\\.\\d{4} nats/character\n")
        .contains("model   " + out.resolve("model.safetensors"));

    List<JsonNode> epochs =
        Files.readAllLines(metrics).stream().map(line -> new JsonMapper().readTree(line)).toList();
    assertThat(epochs).hasSize(4);
    assertThat(epochs.getFirst().propertyNames())
        .contains("epoch", "train_loss", "test_nats_per_character", "samples_per_s")
        .doesNotContain("test_accuracy");
    assertThat(epochs.getFirst().get("train_loss").doubleValue()).isGreaterThan(2);
    assertThat(epochs.getLast().get("test_nats_per_character").doubleValue()).isLessThan(1.2);

    assertThat(out.resolve("report.html"))
        .content()
        .contains("nats per character, held-out text", "What it wrote", "after epoch 4");
    int characters = Tokenizers.characters(TinyText.of(2000)).vocabularySize();
    assertThat(GptConfig.read(out.resolve("config.json")))
        .isEqualTo(GptConfig.of(characters, 8, 16, 2, 2).dropout(0.2f));
    assertThat(Tokenizers.read(out).decode(Tokenizers.read(out).tokenize("naïve").ids()))
        .isEqualTo("naïve");

    Lanewise compared = Lanewise.run("compare", out, "--report", folder.resolve("comparison.html"));
    assertThat(compared.exitCode()).isZero();
    assertThat(compared.out()).contains(out.toString());
  }

  @Test
  void countsBytePairsPerCharacter() throws IOException {
    Path metrics = folder.resolve("metrics.jsonl");
    Object[] bpe = {"--tokenizer", "bpe", "--vocabulary", 300, "--metrics", metrics};
    Lanewise run = TinyText.train(data, out, bpe);

    assertThat(run.err()).isEmpty();
    Corpus corpus = Corpus.read(data, TokenizerName.BPE, 300);
    assertThat(corpus.tokensPerCharacter()).isLessThan(0.6);
    List<String> history = Files.readAllLines(out.resolve("history.csv"));
    int column = List.of(history.getFirst().split(",")).indexOf("validation_loss");
    double loss = Double.parseDouble(history.getLast().split(",")[column]);
    JsonNode last = new JsonMapper().readTree(Files.readAllLines(metrics).getLast());
    assertThat(last.get("test_nats_per_character").doubleValue())
        .isCloseTo(loss * corpus.tokensPerCharacter(), within(1e-12));
    assertThat(Lanewise.run("generate", "--model", out, "--length", 20, "sense and"))
        .satisfies(text -> assertThat(text.err()).isEmpty())
        .satisfies(text -> assertThat(text.out()).startsWith("sense and"));
  }

  @Test
  @Timeout(120)
  void aStoppedTrainingResumesToTheSameBits() throws Exception {
    assertThat(TinyText.train(data, out).exitCode()).isZero();
    byte[] uninterrupted = Files.readAllBytes(out.resolve("model.safetensors"));

    Path stopped = folder.resolve("stopped");
    Path output = folder.resolve("output");
    String command = TinyText.command(data, stopped) + " --threads 1";
    Process process = Lanewise.start(output, command.split(" "));
    while (!Files.readString(output).contains("epoch 1/4")) {
      assertThat(process.isAlive()).as("it runs: %s", Files.readString(output)).isTrue();
      Thread.sleep(1);
    }
    process.destroy();
    assertThat(process.waitFor()).isEqualTo(128 + 15);
    assertThat(stopped.resolve("model.safetensors")).doesNotExist();

    Lanewise resumed = TinyText.train(data, stopped, "--resume");
    assertThat(resumed.err()).isEmpty();
    assertThat(resumed.out()).contains("Resumed after ");
    assertThat(Files.readAllBytes(stopped.resolve("model.safetensors"))).isEqualTo(uninterrupted);
  }

  @ParameterizedTest
  @CsvSource({
    "--layers, 3, '--layers (2, now 3)'",
    "--dropout, 0, '--dropout (0.2, now 0.0)'",
    "--context, 7, '--context (8, now 7)'",
    "--epoch-steps, 10, '--epoch-steps (50, now 10)'",
    "--tokenizer, bpe, '--tokenizer (characters, now bpe)'",
    "--batch, 4, '--batch (8, now 4)'",
    "--lr, 0.1, '--optimizer or --lr (Adam['"
  })
  void resumesWithTheSameOptionsOnly(String option, String value, String says) {
    assertThat(TinyText.train(data, out).exitCode()).isZero();
    Lanewise run = TinyText.train(data, out, option, value, "--resume");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("was written with another " + says).hasLineCount(1);
  }

  @Test
  void resumesWithTheSameTextOnly() throws IOException {
    assertThat(TinyText.train(data, out).exitCode()).isZero();
    Path other = Files.writeString(folder.resolve("other"), TinyText.of(2001));
    Lanewise run = TinyText.train(other, out, "--resume");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("was written with another --data (checksum ").hasLineCount(1);
  }

  @Test
  void whatIsNoTextIsRefusedInOneLine() throws IOException {
    byte[] whole = Files.readAllBytes(data);
    byte[] damaged = whole.clone();
    damaged[whole.length / 2] ^= 0x55;
    Path binary = Files.write(folder.resolve("binary"), new byte[] {'a', (byte) 0xff, 'b'});
    assertRefused(folder.resolve("absent"), "no such file");
    assertRefused(folder, "");
    assertRefused(binary, "no text in UTF-8");
    assertRefused(Files.write(folder.resolve("cut"), Arrays.copyOf(whole, 100)), "truncated");
    assertRefused(Files.write(folder.resolve("head"), Arrays.copyOf(whole, 5)), "truncated");
    assertRefused(Files.write(folder.resolve("damaged"), damaged), "damaged gzip data");
    String shortText = "the text is too short for a context of 8: a tenth of it has ";
    assertRefused(Files.writeString(folder.resolve("empty"), ""), shortText + "0 tokens");
    assertRefused(Files.writeString(folder.resolve("short"), "a".repeat(89)), shortText + "8 ");
  }

  private void assertRefused(Path file, String says) {
    Lanewise run = TinyText.train(file, out);

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).startsWith("lanewise: " + file).contains(says).hasLineCount(1);
  }

  @Test
  void theTextThatComesWithLanewiseIsWhole() throws IOException {
    String text = TextFile.read(Path.of("data/austen/austen.txt.gz"));

    assertThat(text).hasSize(4_025_032).startsWith("EMMA\n\nBy Jane Austen");
    assertThat(text.chars().distinct().count()).isEqualTo(81);
  }
}
