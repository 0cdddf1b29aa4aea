package org.lanewise.nn.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** Byte pairs learnt here are read by the Hugging Face library, which finds the same tokens. */
class BytePairTest {
  private static final String END = "<|endoftext|>";

  @TempDir private Path folder;

  int texts() {
    return 2_000;
  }

  private static Tokenizer trained(int size) throws IOException {
    return new BytePairTrainer(size, List.of(END)).train(List.of(Resources.austen()));
  }

  @Test
  void hasTheTokensOfTheLibrary() throws IOException {
    Path json = folder.resolve("tokenizer.json");
    Tokenizer tokenizer = trained(1000);
    Tokenizers.write(tokenizer, json);
    Tokenizer written = Tokenizers.read(folder);
    assertThat(tokenizer.vocabularySize()).isEqualTo(1000);
    try (Oracle oracle = new Oracle(json)) {
      assertThat(oracle.differing(tokenizer, "a", "b 1")).isEmpty();
      assertThat(oracle.differing(tokenizer, " ", "'s")).isEmpty();
      RandomText random = new RandomText(2, _ -> true);
      for (int i = 0; i < texts(); i++) {
        String text = random.next();
        String unicode = RandomText.unicode(text);
        oracle.check(tokenizer, unicode);
        assertThat(tokenizer.encode(text)).isEqualTo(tokenizer.encode(unicode));
        assertThat(written.encode(text)).isEqualTo(tokenizer.encode(text));
        assertThat(tokenizer.decode(tokenizer.encode(text).ids(), true)).isEqualTo(unicode);
      }
      oracle.check(tokenizer, Resources.austen());
      oracle.check(tokenizer, "the".repeat(10_000)); // long enough for the heap
      String pair = "two 'texts";
      assertThat(tokenizer.encode(pair, END, 100)).isEqualTo(oracle.encode(pair, END));
    }
  }

  /** "aaaa" has the pair (a, a) three times, but merged it is there twice. */
  @Test
  void mergesTheMostFrequentPair() {
    Tokenizer tokenizer =
        new BytePairTrainer(260, List.of()).train(List.of("abab abab abc", "aaaa aaaa"));
    assertThat(tokenizer.token(256)).hasValue("aa");
    assertThat(tokenizer.token(257)).hasValue("ab");
    assertThat(tokenizer.tokenize("abab aaaa").length()).isLessThan(9);
    assertThat(tokenizer.decode(tokenizer.tokenize("abab aaaa").ids())).isEqualTo("abab aaaa");
  }

  @Test
  void stopsWhenNoPairOccursTwice() {
    Tokenizer tokenizer = new BytePairTrainer(1000, List.of()).train(List.of("abc", ""));
    assertThat(tokenizer.vocabularySize()).isEqualTo(256);
    assertThat(new BytePairTrainer(256, List.of()).train(List.of()).tokenize("é").ids())
        .containsExactly(0xc3, 0xa9);
  }

  @Test
  void keepsSpecialTokensWhole() throws IOException {
    Tokenizer tokenizer =
        new BytePairTrainer(300, List.of(END)).train(List.of((END + "ab").repeat(20)));
    assertThat(tokenizer.tokenize("ab" + END + "ab").ids()).hasSize(3).contains(0);
    assertThat(tokenizer.vocabularySize()).isEqualTo(258);
    assertThat(tokenizer.isSpecial(0)).isTrue();
  }

  @Test
  void isTheSameFromTheSameText() throws IOException {
    Path first = folder.resolve("first.json");
    Path second = folder.resolve("second.json");
    Tokenizers.write(trained(500), first);
    Tokenizers.write(trained(500), second);
    assertThat(first).hasSameBinaryContentAs(second);
  }

  @Test
  void readsTheOlderFiles() throws IOException {
    Tokenizer tokenizer = trained(600);
    Path json = folder.resolve("tokenizer.json");
    Tokenizers.write(tokenizer, json);
    var model = JsonMapper.shared().readTree(json.toFile()).get("model");
    Files.writeString(folder.resolve("vocab.json"), model.get("vocab").toString());
    String merges =
        model
            .get("merges")
            .valueStream()
            .map(merge -> merge.get(0).asString() + " " + merge.get(1).asString() + "\n")
            .collect(Collectors.joining("", "#version: 0.2\n", ""));
    Files.writeString(folder.resolve("merges.txt"), merges);
    Tokenizer old = Tokenizers.read(folder.resolve("vocab.json"));
    assertThat(old.encode(Resources.austen())).isEqualTo(tokenizer.encode(Resources.austen()));
    assertThat(old.encode(END)).isEqualTo(tokenizer.encode(END));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 255, 256, 1 << 23})
  void refusesSizesWithoutRoomForBytes(int size) {
    assertThatThrownBy(() -> new BytePairTrainer(size, List.of(END)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("between 257, for")
        .hasMessageContaining("but is " + size);
  }

  @ParameterizedTest
  @CsvSource({"''", "a", "Ġ"})
  void refusesSpecialTokensThatMeanOtherThings(String token) {
    assertThatThrownBy(() -> new BytePairTrainer(1000, List.of(token)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
