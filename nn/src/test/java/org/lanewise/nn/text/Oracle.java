package org.lanewise.nn.text;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * The Hugging Face library, to compare with. An unpaired surrogate reaches it as three replacement
 * characters, since its binding reads the three bytes that Java's native interface writes for one;
 * texts for it have to be Unicode.
 */
final class Oracle implements AutoCloseable {
  private final HuggingFaceTokenizer tokenizer;

  Oracle(Path tokenizerJson) throws IOException {
    tokenizer =
        HuggingFaceTokenizer.newInstance(
            tokenizerJson, Map.of("truncation", "false", "padding", "false"));
  }

  int[] ids(String text) {
    return Arrays.stream(tokenizer.encode(text).getIds()).mapToInt(Math::toIntExact).toArray();
  }

  Encoding encode(String text) {
    return encoding(tokenizer.encode(text), text, "");
  }

  Encoding encode(String first, String second) {
    return encoding(tokenizer.encode(first, second), first, second);
  }

  String decode(int[] ids, boolean specialTokens) {
    return tokenizer.decode(Arrays.stream(ids).asLongStream().toArray(), !specialTokens);
  }

  private static Encoding encoding(
      ai.djl.huggingface.tokenizers.Encoding encoding, String first, String second) {
    CharSpan[] spans = encoding.getCharTokenSpans();
    int[] texts = ints(encoding.getSequenceIds());
    int[] starts = new int[spans.length];
    int[] ends = new int[spans.length];
    for (int i = 0; i < spans.length; i++) {
      if (texts[i] >= 0) {
        String text = texts[i] == 0 ? first : second;
        starts[i] = text.offsetByCodePoints(0, spans[i].getStart());
        ends[i] = text.offsetByCodePoints(0, spans[i].getEnd());
      }
    }
    return new Encoding(ints(encoding.getIds()), ints(encoding.getTypeIds()), starts, ends, texts);
  }

  private static int[] ints(long[] values) {
    return LongStream.of(values).mapToInt(Math::toIntExact).toArray();
  }

  /** Checks ids, types and ranges of a text. */
  void check(Tokenizer actual, String text) {
    assertThat(actual.encode(text)).as(escaped(text)).isEqualTo(encode(text));
  }

  /** A text whose characters can be read in a message. */
  static String escaped(String text) {
    StringBuilder escaped = new StringBuilder();
    text.codePoints()
        .forEach(c ->
            escaped.append(c > ' ' && c < 0x7f ? Character.toString(c) : "\\u{%x}".formatted(c)));
    return escaped.toString();
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
