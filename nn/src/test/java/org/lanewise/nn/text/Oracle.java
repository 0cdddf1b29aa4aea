package org.lanewise.nn.text;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * The Hugging Face library, to compare with. An unpaired surrogate reaches it as three replacement
 * characters, since its binding reads the three bytes that Java's native interface writes for one;
 * texts for it have to be Unicode.
 */
final class Oracle implements AutoCloseable {
  /** Above these, there is nothing but ideographs, private characters and unassigned ones. */
  private static final int[] CODE_POINTS =
      IntStream.concat(IntStream.range(0, 0x20000), IntStream.range(0xe0000, 0xe0200))
          .filter(c -> c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE)
          .toArray();

  private final HuggingFaceTokenizer tokenizer;

  Oracle(Path tokenizerJson) throws IOException {
    tokenizer =
        HuggingFaceTokenizer.newInstance(
            tokenizerJson, Map.of("truncation", "false", "padding", "false"));
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
    int[][] offsets = {offsets(first), offsets(second)};
    int[] starts = new int[spans.length];
    int[] ends = new int[spans.length];
    for (int i = 0; i < spans.length; i++) {
      if (texts[i] >= 0) {
        starts[i] = offsets[texts[i]][spans[i].getStart()];
        ends[i] = offsets[texts[i]][spans[i].getEnd()];
      }
    }
    return new Encoding(ints(encoding.getIds()), ints(encoding.getTypeIds()), starts, ends, texts);
  }

  /** Where each code point begins, and the end. */
  private static int[] offsets(String text) {
    int[] offsets = new int[text.codePointCount(0, text.length()) + 1];
    for (int i = 1; i < offsets.length; i++) {
      offsets[i] = text.offsetByCodePoints(offsets[i - 1], 1);
    }
    return offsets;
  }

  private static int[] ints(long[] values) {
    return LongStream.of(values).mapToInt(Math::toIntExact).toArray();
  }

  /** Checks ids, types and ranges of a text, and the way back. */
  void check(Tokenizer actual, String text) {
    Encoding expected = encode(text);
    assertThat(actual.encode(text)).as(escaped(text)).isEqualTo(expected);
    assertThat(actual.decode(expected.ids(), true))
        .as(escaped(text))
        .isEqualTo(decode(expected.ids(), true));
    assertThat(actual.decode(expected.ids()))
        .as(escaped(text))
        .isEqualTo(decode(expected.ids(), false));
  }

  /** The code points whose tokens are others here, from one text that has all of them. */
  Set<Integer> differing(Tokenizer actual, String before, String behind) {
    StringBuilder text = new StringBuilder();
    int[] begins = new int[CODE_POINTS.length + 1];
    for (int i = 0; i < CODE_POINTS.length; i++) {
      text.append(before).appendCodePoint(CODE_POINTS[i]).append(behind);
      begins[i + 1] = text.length();
    }
    Encoding ours = actual.encode(text.toString());
    Encoding theirs = encode(text.toString());
    Set<Integer> differing = new HashSet<>();
    int i = 0;
    int j = 0;
    for (int c = 0; c < CODE_POINTS.length; c++) {
      int iEnd = endOf(ours, i, begins[c + 1]);
      int jEnd = endOf(theirs, j, begins[c + 1]);
      if (!Arrays.equals(ours.ids(), i, iEnd, theirs.ids(), j, jEnd)) {
        differing.add(CODE_POINTS[c]);
      }
      i = iEnd;
      j = jEnd;
    }
    return differing;
  }

  private static int endOf(Encoding encoding, int from, int end) {
    int at = from;
    while (at < encoding.length() && encoding.starts()[at] < end) {
      at++;
    }
    return at;
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
