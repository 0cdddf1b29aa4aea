package org.lanewise.nn.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Many characters that are the worst for some step take a second or so: time that grew with the
 * square would take minutes.
 */
class LargeTextTest {
  private static final int LENGTH = 300_000;

  @TempDir private Path folder;

  static Stream<String> texts() {
    return Stream.of(
            "a",
            " ",
            "a ",
            "'",
            "\u0301",
            "e\u0301\u0316",
            "\u0301\u0316",
            "日",
            "👍",
            "\u200d",
            "👨\u200d",
            "🇩",
            "\ud800",
            "\udc00",
            "\u1b44\u0301",
            "\r\n",
            "각",
            "\u1161",
            "[X",
            "[X]",
            "_",
            "<0xE6>",
            "\u0000",
            "aaab")
        .map(piece -> piece.repeat(LENGTH / piece.length()));
  }

  /** Tokenizers that have all the steps. */
  private List<Tokenizer> tokenizers() throws IOException {
    List<Tokenizer> tokenizers = new ArrayList<>();
    Files.write(
        folder.resolve("vocab.txt"),
        List.of("[UNK]", "[CLS]", "[SEP]", "a", "##a", "a".repeat(1000), "##" + "a".repeat(999)));
    tokenizers.add(Tokenizers.read(folder.resolve("vocab.txt")));
    tokenizers.add(
        new BytePairTrainer(400, List.of("[X]"))
            .train(
                List.of(
                    "aaaaaaaa aaaab", "日日日", "👍👍", "\u0301\u0316".repeat(9), "  ".repeat(9))));
    tokenizers.add(Tokenizers.characters("ae"));
    String map = CharsMap.of(Map.of("ﬁ", "fi", "e\u0301", "é", "\u0301", ""));
    for (String form : List.of("NFC", "NFD", "NFKC", "NFKD")) {
      Path file = folder.resolve("tokenizer.json");
      String json =
          """
          {'added_tokens':[{'id':5,'content':'[X]','lstrip':true,'rstrip':true,'normalized':true}],
          'normalizer':{'type':'Sequence','normalizers':[
          {'type':'Precompiled','precompiled_charsmap':'%s'},{'type':'%s'},{'type':'Strip'},
          {'type':'Replace','pattern':{'Regex':' {2,}'},'content':' '},{'type':'Lowercase'}]},
          'pre_tokenizer':{'type':'Metaspace','replacement':'_','split':false},
          'model':{'type':'Unigram','unk_id':0,'vocab':[['u',0],['a',-1],['_',-2],['aa',-1.5]]}}
          """
              .formatted(map, form);
      Files.writeString(file, json.replace('\'', '"'));
      tokenizers.add(Tokenizers.read(file));
    }
    return tokenizers;
  }

  @ParameterizedTest
  @MethodSource("texts")
  @Timeout(value = 100, unit = TimeUnit.SECONDS)
  void takesSeconds(String text) throws IOException {
    for (Tokenizer tokenizer : tokenizers()) {
      Encoding encoding = tokenizer.encode(text);
      assertThat(encoding.length()).isLessThanOrEqualTo(4 * LENGTH);
      assertThat(tokenizer.encode(text, 10).length()).isLessThanOrEqualTo(10);
      tokenizer.decode(encoding.ids(), true);
    }
  }

  @Test
  @Timeout(value = 100, unit = TimeUnit.SECONDS)
  void trainsOnOneWord() {
    Tokenizer tokenizer =
        new BytePairTrainer(300, List.of()).train(List.of("ab".repeat(LENGTH / 2)));
    assertThat(tokenizer.tokenize("ab".repeat(LENGTH / 2)).length()).isLessThan(LENGTH / 1000);
  }

  @Test
  void isTheSameOnManyThreads() throws Exception {
    Tokenizer tokenizer = new BytePairTrainer(500, List.of()).train(List.of(Resources.austen()));
    Encoding expected = tokenizer.encode(Resources.austen());
    Path json = folder.resolve("tokenizer.json");
    Tokenizers.write(tokenizer, json);
    Tokenizer fresh = Tokenizers.read(json);
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      Callable<Encoding> call = () -> fresh.encode(Resources.austen());
      for (Future<Encoding> result : threads.invokeAll(List.of(call, call, call, call))) {
        assertThat(result.get()).isEqualTo(expected);
      }
    }
  }
}
