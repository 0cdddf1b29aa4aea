package org.lanewise.samples.gpt;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lanewise.samples.Lanewise;

class GenerateTest {
  @TempDir private static Path folder;
  private static Path model;

  @BeforeAll
  static void train() throws IOException {
    model = folder.resolve("model");
    Lanewise run = TinyText.train(TinyText.write(folder.resolve("text.gz")), model);
    assertThat(run.exitCode()).isZero();
  }

  private static Lanewise generate(Object... options) {
    List<Object> arguments = new ArrayList<>(List.of("generate", "--model", model));
    Collections.addAll(arguments, options);
    return Lanewise.run(arguments.toArray());
  }

  private static String text(Object... options) {
    Lanewise run = generate(options);
    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
    return run.out();
  }

  @Test
  void continuesATextForSoManyTokens() {
    String text = text("--length", 30, "she said");
    assertThat(text).startsWith("she said").hasSize("she said".length() + 30 + 1).endsWith("\n");
    assertThat(text("--length", 1)).hasSize(1 + 1);
    assertThat(text()).hasSize(500 + 1);
  }

  @Test
  void seedAndSettingsDecideTheText() {
    String first = text("--seed", 7, "sense");
    assertThat(text("--seed", 7, "sense")).isEqualTo(first);
    assertThat(text("--seed", 8, "sense")).isNotEqualTo(first);
    assertThat(text("--temperature", 0, "--seed", 7, "sense"))
        .isEqualTo(text("--top-k", 1, "--seed", 8, "sense"))
        .isEqualTo(text("--top-p", 0.0001, "--seed", 9, "sense"))
        .isNotEqualTo(first);
    assertThat(
            Lanewise.run(
                "generate", "--model", model.resolve("model.safetensors"), "--seed", 7, "sense"))
        .extracting(Lanewise::out)
        .isEqualTo(first);
  }

  @ParameterizedTest
  @CsvSource({
    "--length, 0, --length must be at least 1 but is 0",
    "--temperature, -1, --temperature must be at least 0 and finite but is -1.0",
    "--temperature, NaN, --temperature must be at least 0 and finite but is NaN",
    "--temperature, 1e300, --temperature must be at least 0 and finite but is 1.0E300",
    "--top-k, 0, --top-k must be at least 1 but is 0",
    "--top-p, 0, --top-p must be above 0 and at most 1 but is 0.0",
    "--top-p, 1.5, --top-p must be above 0 and at most 1 but is 1.5",
    "--seed, x, is not a long"
  })
  void refusesOptionsOutOfRange(String option, String value, String says) {
    Lanewise run = generate(option, value);

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).contains(says).hasLineCount(2);
  }

  @ParameterizedTest
  @CsvSource({
    "'', the text to continue is empty",
    "she saw 42, 'the model does not know these characters of the text: w42'"
  })
  void refusesWhatCannotBeContinued(String prompt, String says) {
    Lanewise run = generate(prompt);

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).isEqualTo("lanewise: " + says + System.lineSeparator());
  }

  @ParameterizedTest
  @CsvSource({
    "config.json, {, config.json",
    "config.json, '{\"model_type\":\"bert\"}', model_type is 'bert' where gpt2 was expected",
    "tokenizer.json, {}, tokenizer.json",
    "model.safetensors, x, model.safetensors"
  })
  void namesADamagedFileOfTheFolder(String name, String content, String says) throws IOException {
    Path damaged = Files.createTempDirectory(folder, "damaged");
    for (String file : List.of("config.json", "tokenizer.json", "model.safetensors")) {
      Files.copy(model.resolve(file), damaged.resolve(file));
    }
    Files.writeString(damaged.resolve(name), content);
    assertRefused(damaged, says);
    Files.delete(damaged.resolve(name));
    assertRefused(damaged, name);
  }

  @Test
  void saysHowToMakeAModel() {
    assertRefused(folder.resolve("absent"), "no model there; './lanewise train gpt' makes one");
  }

  private static void assertRefused(Path path, String says) {
    Lanewise run = Lanewise.run("generate", "--model", path);

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).startsWith("lanewise: " + path).contains(says).hasLineCount(1);
  }
}
