package org.lanewise.nn.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * BERT's tokens are those of all-MiniLM-L6-v2 for its reference sentences, and those of the Hugging
 * Face library for texts of all kinds.
 *
 * <p>The vocabulary of MiniLM is here without the tokens that are in none of the sentences.
 */
class WordPieceTest {
  @TempDir private Path folder;

  int texts() {
    return 2_000;
  }

  /** BERT's older file, with words, parts of words, and all letters of the Latin alphabet. */
  private Path vocabulary() throws IOException {
    Set<String> tokens = new LinkedHashSet<>(List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"));
    for (char c = '!'; c < 0x7f; c++) {
      tokens.add(String.valueOf(c));
      tokens.add("##" + c);
    }
    tokens.addAll(
        List.of("日", "本", "中", "한", "##국", "ガ", "рус", "##ский", "👍", "##🏽", "ss", "σισυφοσ"));
    for (String word : Resources.austen().toLowerCase().split("[^a-z]+")) {
      for (int length = 2; length <= word.length() && tokens.size() < 3000; length += 2) {
        tokens.add(word.substring(0, length));
        tokens.add("##" + word.substring(word.length() - length));
      }
    }
    return Files.write(folder.resolve("vocab.txt"), tokens);
  }

  @Test
  void hasTheIdsOfTheReference() throws IOException {
    Tokenizer tokenizer = Tokenizers.read(Resources.copy("minilm-tokenizer.json", folder));
    for (JsonNode sentence :
        JsonMapper.shared().readTree(Resources.text("minilm-sentences.json"))) {
      int[] ids = sentence.get("ids").valueStream().mapToInt(JsonNode::asInt).toArray();
      String text = sentence.get("text").asString();
      assertThat(tokenizer.encode(text).ids()).as(text).isEqualTo(ids);
    }
    assertThat(tokenizer.vocabularySize()).isEqualTo(30_522);
    assertThat(tokenizer.token(1)).isEmpty();
    assertThat(tokenizer.id("[SEP]")).hasValue(102);
    assertThat(tokenizer.isSpecial(102)).isTrue();
  }

  /**
   * The library's tables of marks, punctuation and formats are those of Unicode 8, the ones here
   * are the JDK's. What differs was assigned since then or, like U+166D, has another category now.
   *
   * <p>Where marks change places, a range here has all of them; the library's ranges keep the old
   * order, so that a mark may have the place of another.
   */
  @Test
  void hasTheTokensOfTheLibrary() throws IOException {
    Path json = folder.resolve("tokenizer.json");
    Tokenizer tokenizer = Tokenizers.read(vocabulary());
    Tokenizers.write(tokenizer, json);
    Tokenizer written = Tokenizers.read(json);
    try (Oracle oracle = new Oracle(json)) {
      Set<Integer> newer = oracle.differing(tokenizer, "a", "b ");
      assertThat(newer)
          .hasSizeBetween(400, 1000)
          .allMatch(c -> c > 0x600)
          .allMatch(c ->
              Characters.isMark(c)
                  || Characters.isPunctuation(c)
                  || Characters.isControl(c)
                  || c == 0x166d);
      RandomText random = new RandomText(1, c -> !newer.contains(c));
      for (int i = 0; i < texts(); i++) {
        String text = random.next();
        String unicode = RandomText.unicode(text);
        if (text.codePoints().noneMatch(BertNormalizer::isReordered)) {
          oracle.check(tokenizer, unicode);
        } else {
          assertThat(tokenizer.encode(text).ids()).isEqualTo(oracle.encode(unicode).ids());
        }
        assertThat(written.encode(text)).isEqualTo(tokenizer.encode(text));
        assertThat(tokenizer.encode(text)).isEqualTo(tokenizer.encode(RandomText.unicode(text)));
      }
      oracle.check(tokenizer, Resources.austen());
    }
  }

  @Test
  void encodesPairs() throws IOException {
    Path json = folder.resolve("tokenizer.json");
    Tokenizer tokenizer = Tokenizers.read(vocabulary());
    Tokenizers.write(tokenizer, json);
    try (Oracle oracle = new Oracle(json)) {
      String first = "It is a truth";
      String second = "universally acknowledged, naïve";
      assertThat(tokenizer.encode(first, second, 100)).isEqualTo(oracle.encode(first, second));
      assertThat(tokenizer.encode("", "", 100)).isEqualTo(oracle.encode("", ""));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "a b c d,e f,9,4,2",
    "a b c d,e f,8,3,2",
    "a b c d,e f,7,2,2",
    "a b c d,e f,6,2,1",
    "a b,c d e f,8,2,3",
    "a b c d,e f,3,0,0",
    "a b c d,e f,4,0,1"
  })
  void cutsPairs(String first, String second, int maxLength, int firstCount, int secondCount)
      throws IOException {
    Encoding encoding = Tokenizers.read(vocabulary()).encode(first, second, maxLength);
    assertThat(encoding.length()).isLessThanOrEqualTo(maxLength);
    assertThat(Arrays.stream(encoding.texts()).filter(t -> t == 0).count()).isEqualTo(firstCount);
    assertThat(Arrays.stream(encoding.texts()).filter(t -> t == 1).count()).isEqualTo(secondCount);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 7, 40, Integer.MAX_VALUE})
  void cutsTheEndOff(int maxLength) throws IOException {
    Tokenizer tokenizer = Tokenizers.read(vocabulary());
    String text = Resources.austen().substring(0, 200);
    int[] whole = tokenizer.tokenize(text).ids();
    int[] ids = tokenizer.encode(text, maxLength).ids();
    int count = Math.min(maxLength - 2, whole.length);
    assertThat(ids).hasSize(count + 2);
    assertThat(Arrays.copyOfRange(ids, 1, count + 1)).isEqualTo(Arrays.copyOf(whole, count));
    assertThat(tokenizer.decode(ids[0], ids[count + 1])).isEmpty();
    assertThat(tokenizer.decode(new int[] {ids[0], ids[count + 1]}, true)).isEqualTo("[CLS] [SEP]");
  }

  @Test
  void refusesLengthsBelowTheSpecialTokens() throws IOException {
    Tokenizer tokenizer = Tokenizers.read(vocabulary());
    assertThatThrownBy(() -> tokenizer.encode("a", 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at least 2")
        .hasMessageContaining("is 1");
    assertThatThrownBy(() -> tokenizer.decode(999_999)).hasMessageContaining("999999");
    assertThatThrownBy(() -> tokenizer.decode(-1)).hasMessageContaining("-1");
  }

  @Test
  void keepsCaseWhereTheConfigurationSaysSo() throws IOException {
    Path vocabulary = vocabulary();
    Files.writeString(folder.resolve("tokenizer_config.json"), "{\"do_lower_case\": false}");
    Tokenizer cased = Tokenizers.read(vocabulary);
    assertThat(cased.tokenize("The").ids()).isNotEqualTo(cased.tokenize("the").ids());
    Path json = folder.resolve("tokenizer.json");
    Tokenizers.write(cased, json);
    try (Oracle oracle = new Oracle(json)) {
      oracle.check(cased, "The naïve İ Straße E\u0301");
    }
  }
}
