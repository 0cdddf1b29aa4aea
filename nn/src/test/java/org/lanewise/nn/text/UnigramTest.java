package org.lanewise.nn.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer.Form;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Unigram models have the ids of the Hugging Face library.
 *
 * <p>Ranges are compared where characters stay what they are. Where some are composed, or several
 * replaced by others, a token's range has all of them, and the library's the first or the last one.
 */
class UnigramTest {
  private static final Map<String, String> STEPS = steps();

  @TempDir private Path folder;

  int texts() {
    return 2_000;
  }

  private static Map<String, String> steps() {
    Map<String, String> replacements = new LinkedHashMap<>();
    for (int c = 1; c < 0x3000; c++) {
      String text = Character.toString(c);
      String compatible = java.text.Normalizer.normalize(text, Form.NFKC);
      String replacement =
          Characters.isWhitespace(c) ? " " : Character.isISOControl(c) ? "" : compatible;
      if (!replacement.equals(text)) {
        replacements.put(text, replacement);
      }
      String decomposed = java.text.Normalizer.normalize(text, Form.NFD);
      if (c < 0x250 && !decomposed.equals(text)) {
        replacements.put(decomposed, text);
      }
    }
    Map<String, String> steps = new LinkedHashMap<>();
    String map = CharsMap.of(replacements);
    steps.put("none", "null");
    steps.put("map", "{'type':'Precompiled','precompiled_charsmap':'" + map + "'}");
    steps.put("spaces", "{'type':'Replace','pattern':{'Regex':' {2,}'},'content':' '}");
    steps.put("nfkc", "{'type':'NFKC'}");
    steps.put("nfkd", "{'type':'NFKD'}");
    steps.put("nfc", "{'type':'NFC'}");
    steps.put("lower", "{'type':'Lowercase'}");
    steps.put("accents", "{'type':'StripAccents'}");
    steps.put("strip", "{'type':'Strip','strip_left':true,'strip_right':true}");
    steps.put("replace", "{'type':'Replace','pattern':{'String':'th'},'content':'þ'}");
    steps.put("prepend", "{'type':'Prepend','prepend':'> '}");
    steps.put("always", "{'type':'Metaspace','replacement':'▁','prepend_scheme':'always'}");
    steps.put(
        "whole", "{'type':'Metaspace','replacement':'▁','prepend_scheme':'first','split':false}");
    steps.put("never", "{'type':'Metaspace','replacement':'▁','prepend_scheme':'never'}");
    steps.put("old", "{'type':'Metaspace','replacement':'▁','add_prefix_space':true}");
    steps.put("blanks", "{'type':'WhitespaceSplit'}");
    return steps;
  }

  /** A sequence of steps by their names. */
  private static String sequence(String list, String names) {
    List<String> parts = new ArrayList<>();
    for (String name : names.split(" ")) {
      parts.add(STEPS.get(name));
    }
    return parts.size() == 1
        ? parts.getFirst()
        : "{'type':'Sequence','" + list + "':[" + String.join(",", parts) + "]}";
  }

  private Path write(String normalizer, String preTokenizer, boolean bytes) throws IOException {
    Map<String, Double> scores = new LinkedHashMap<>();
    List.of("<s>", "<pad>", "</s>", "<unk>").forEach(token -> scores.put(token, 0.0));
    SplittableRandom random = new SplittableRandom(3);
    RandomText texts = new RandomText(9, c -> c < 0x3000);
    for (int i = 0; i < 1500; i++) {
      String text = (RandomText.unicode(texts.next()) + "th").replace(' ', MetaspaceWords.BLOCK);
      int[] codePoints = text.codePoints().toArray();
      int from = random.nextInt(codePoints.length);
      int count = Math.min(codePoints.length - from, random.nextInt(1, 5));
      // Few different scores: many cuts are equally good.
      scores.putIfAbsent(new String(codePoints, from, count), -1 - random.nextInt(12) * 0.5);
    }
    for (int b = 0; bytes && b < 256; b++) {
      scores.put("<0x%02X>".formatted(b), -20.0);
    }
    StringBuilder vocabulary = new StringBuilder();
    scores.forEach((token, score) -> {
      vocabulary.append(vocabulary.isEmpty() ? "[\"" : ",[\"");
      token.chars().forEach(c -> vocabulary.append("\\u%04x".formatted(c)));
      vocabulary.append("\",").append(score).append(']');
    });
    String json =
        """
        {'version':'1.0','truncation':null,'padding':null,'added_tokens':[
        {'id':0,'content':'<s>','single_word':false,'lstrip':false,'rstrip':false,
         'normalized':false,'special':true},
        {'id':2,'content':'</s>','single_word':false,'lstrip':false,'rstrip':false,
         'normalized':false,'special':true},
        {'id':%d,'content':'[MASK]','single_word':false,'lstrip':true,'rstrip':true,
         'normalized':false,'special':true},
        {'id':%d,'content':'the ','single_word':true,'lstrip':false,'rstrip':false,
         'normalized':true,'special':false}],
        'normalizer':%s,'pre_tokenizer':%s,'post_processor':{'type':'RobertaProcessing',
        'sep':['</s>',2],'cls':['<s>',0],'trim_offsets':%s,'add_prefix_space':true},
        'decoder':{'type':'Metaspace','replacement':'▁','prepend_scheme':'always','split':true},
        'model':{'type':'Unigram','unk_id':3,'byte_fallback':%s,'vocab':[%s]}}
        """
            .formatted(
                scores.size(),
                scores.size() + 1,
                normalizer,
                preTokenizer,
                false,
                bytes,
                vocabulary)
            .replace('\'', '"');
    return Files.writeString(folder.resolve("tokenizer.json"), json);
  }

  @ParameterizedTest
  @CsvSource({
    "none, always, false, true",
    "none, blanks old, true, true",
    "none, whole, true, true",
    "none, never, false, true",
    "lower, always, false, true",
    "map spaces, blanks old, false, false",
    "map, whole, true, false",
    "nfkc lower strip, always, false, false",
    "nfkd accents replace, never, true, false",
    "nfc prepend, blanks always, false, false"
  })
  void hasTheTokensOfTheLibrary(
      String normalizer, String preTokenizer, boolean bytes, boolean sameRanges)
      throws IOException {
    Path json =
        write(sequence("normalizers", normalizer), sequence("pretokenizers", preTokenizer), bytes);
    Tokenizer tokenizer = Tokenizers.read(json);
    Path again = folder.resolve("again.json");
    Tokenizers.write(tokenizer, again);
    Tokenizer written = Tokenizers.read(again);
    // The library decomposes and composes as Unicode 13 does: newer characters are left out.
    RandomText random = new RandomText(4, c -> c < 0x500 || c > 0x3000 && c < 0xa000);
    try (Oracle oracle = new Oracle(json)) {
      for (int i = 0; i < texts(); i++) {
        String text = RandomText.unicode(random.next());
        if (sameRanges) {
          oracle.check(tokenizer, text);
        }
        Encoding encoding = tokenizer.encode(text);
        assertThat(encoding.ids()).as(Oracle.escaped(text)).isEqualTo(oracle.encode(text).ids());
        assertThat(written.encode(text)).isEqualTo(encoding);
      }
      assertThat(tokenizer.encode("a b", "c", 100).ids())
          .isEqualTo(oracle.encode("a b", "c").ids());
    }
  }

  /** One range has the letter and the mark that became one character. */
  @Test
  void keepsThePlaceOfWhatWasComposed() throws IOException {
    Tokenizer tokenizer = Tokenizers.read(write(STEPS.get("nfc"), STEPS.get("never"), false));
    Encoding encoding = tokenizer.tokenize("xe\u0301x");
    assertThat(encoding.ends()).contains(3).doesNotContain(2);
  }
}
