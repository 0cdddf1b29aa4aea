package org.lanewise.nn.text;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lanewise.nn.Damage;
import org.lanewise.nn.io.MalformedFileException;

/** Damaged files are read or refused; what is read can encode any text, and be written. */
class TokenizersFuzzTest {
  private static final String ADDED =
      "\"added_tokens\":[{\"id\":5,\"content\":\"[X]\",\"single_word\":true,\"lstrip\":true,"
          + "\"rstrip\":false,\"normalized\":false,\"special\":true}],";
  private static final String TEMPLATE =
      "\"post_processor\":{\"type\":\"TemplateProcessing\",\"single\":[{\"SpecialToken\":{\"id\":"
          + "\"[X]\",\"type_id\":0}},{\"Sequence\":{\"id\":\"A\",\"type_id\":0}}],\"pair\":["
          + "{\"Sequence\":{\"id\":\"A\",\"type_id\":0}},{\"Sequence\":{\"id\":\"B\",\"type_id\":"
          + "1}}],\"special_tokens\":{\"[X]\":{\"id\":\"[X]\",\"ids\":[5],\"tokens\":[\"[X]\"]}}},";
  private static final List<String> FILES =
      List.of(
          "{"
              + ADDED
              + "\"normalizer\":{\"type\":\"BertNormalizer\",\"clean_text\":true,\"lowercase\":true},"
              + "\"pre_tokenizer\":{\"type\":\"BertPreTokenizer\"},"
              + TEMPLATE
              + "\"decoder\":{\"type\":\"WordPiece\",\"prefix\":\"##\",\"cleanup\":true},\"model\":"
              + "{\"type\":\"WordPiece\",\"unk_token\":\"u\",\"max_input_chars_per_word\":9,"
              + "\"vocab\":{\"u\":0,\"a\":1,\"##b\":2,\"##\":3}}}",
          "{"
              + ADDED
              + "\"normalizer\":{\"type\":\"Sequence\",\"normalizers\":[{\"type\":\"NFKC\"},"
              + "{\"type\":\"Replace\",\"pattern\":{\"String\":\"ab\"},\"content\":\"b\"},{\"type\":"
              + "\"Precompiled\",\"precompiled_charsmap\":\""
              + CharsMap.of(Map.of("ﬁ", "fi", "é", "e"))
              + "\"}]},\"pre_tokenizer\":{\"type\":\"Metaspace\",\"replacement\":\"_\","
              + "\"prepend_scheme\":\"first\",\"split\":true},\"decoder\":{\"type\":\"Fuse\"},"
              + TEMPLATE
              + "\"model\":{\"type\":\"Unigram\",\"unk_id\":0,\"vocab\":[[\"u\",0.0],[\"_\",-1.5],"
              + "[\"a\",-2],[\"_a\",-3.25e0],[\"ab\",-4]]}}",
          "{\"model\":{\"type\":\"BPE\",\"unk_token\":\"u\",\"fuse_unk\":true,\"dropout\":null,"
              + "\"vocab\":{\"u\":0,\"a\":1,\"b\":2,\"\\u00e9\":77},\"merges\":[]}}");

  @TempDir private Path folder;

  int inputs() {
    return 300;
  }

  private static List<byte[]> files() throws IOException {
    List<byte[]> files = new ArrayList<>();
    FILES.forEach(file -> files.add(file.getBytes(UTF_8)));
    return files;
  }

  @Test
  void readsOrRefuses() throws IOException {
    Path trained = folder.resolve("trained");
    Tokenizers.write(new BytePairTrainer(260, List.of("x!")).train(List.of("abab abab")), trained);
    List<byte[]> files = files();
    files.add(Files.readAllBytes(trained));
    int accepted = 0;
    for (int input = 0; input < inputs(); input++) {
      SplittableRandom random = new SplittableRandom(input);
      byte[] whole = files.get(input % files.size());
      Path file = folder.resolve("file" + input + ".json");
      accepted += readsOrRefuses(Files.write(file, Damage.of(whole, random)), input) ? 1 : 0;
      Files.delete(file);
    }
    assertThat(accepted).isBetween(inputs() / 50, inputs() / 2);
  }

  @Test
  void readsOrRefusesOlderFiles() throws IOException {
    byte[] words = "[UNK]\n[CLS]\n[SEP]\na\n##b\nab\n".getBytes(UTF_8);
    for (int input = 0; input < inputs(); input++) {
      Path file = folder.resolve("words" + input + ".txt");
      readsOrRefuses(Files.write(file, Damage.of(words, new SplittableRandom(input))), input);
      Files.delete(file);
    }
  }

  private boolean readsOrRefuses(Path file, int input) throws IOException {
    try {
      Tokenizer tokenizer = Tokenizers.read(file);
      Path again = folder.resolve("again.json");
      Tokenizers.write(tokenizer, again);
      Tokenizer written = Tokenizers.read(again);
      RandomText texts = new RandomText(input, _ -> true);
      for (String text : List.of("", "ab [X]é ﬁ_", texts.next(), texts.next())) {
        Encoding encoding = tokenizer.encode(text);
        assertThat(written.encode(text)).as("input %d", input).isEqualTo(encoding);
        assertThat(tokenizer.encode(text, "a", 100).length()).isLessThanOrEqualTo(100);
        tokenizer.decode(encoding.ids(), true);
      }
      return true;
    } catch (MalformedFileException refused) {
      assertThat(refused.getMessage())
          .as("input %d", input)
          .startsWith(file + ": ")
          .hasSizeLessThan(file.toString().length() + 1000)
          .doesNotContainPattern("[\\p{Cntrl}\\u2028\\u2029]");
      return false;
    } catch (NoSuchFileException | RuntimeException | Error failure) {
      throw new AssertionError("input " + input, failure);
    }
  }
}
