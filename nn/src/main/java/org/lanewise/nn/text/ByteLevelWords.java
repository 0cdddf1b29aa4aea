package org.lanewise.nn.text;

/**
 * GPT-2's words (Radford et al., Language models are unsupervised multitask learners, 2019): what
 * the regular expression {@code 's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|
 * \s+(?!\S)|\s+} matches, one match after the other. A space belongs to the word behind it.
 *
 * @param prefixSpace whether a text that does not begin with a space gets one
 * @param split whether the text is cut at all
 */
record ByteLevelWords(boolean prefixSpace, boolean split) implements PreTokenizer {
  private static final byte OTHER = 0;
  private static final byte LETTER = 1;
  private static final byte NUMBER = 2;
  private static final byte BLANK = 3;

  private static final byte[] KINDS = kinds();

  private static byte[] kinds() {
    byte[] kinds = new byte[Character.MIN_SUPPLEMENTARY_CODE_POINT];
    for (int c = 0; c < kinds.length; c++) {
      kinds[c] = kindOf(c);
    }
    return kinds;
  }

  private static byte kindOf(int codePoint) {
    return Characters.isLetter(codePoint)
        ? LETTER
        : Characters.isNumber(codePoint)
            ? NUMBER
            : Characters.isWhitespace(codePoint) ? BLANK : OTHER;
  }

  @Override
  public void split(AlignedText text, int from, int to, Words words) {
    if (prefixSpace && text.chars()[from] != ' ') {
      AlignedText.Builder longer = text.builder();
      int width = Character.charCount(text.codePoint(from));
      longer.add(' ', text.start(from), text.end(from + width - 1));
      longer.add(text, from, to);
      AlignedText prefixed = longer.build();
      split(prefixed, 0, prefixed.length(), words);
      return;
    }
    if (!split) {
      words.word(text, from, to);
      return;
    }
    char[] chars = text.chars();
    int at = from;
    while (at < to) {
      int end = wordEnd(chars, at, to);
      words.word(text, at, end);
      at = end;
    }
  }

  private static int wordEnd(char[] chars, int from, int to) {
    char first = chars[from];
    if (first == '\'') {
      int length = contraction(chars, from, to);
      if (length > 0) {
        return from + length;
      }
    }
    int begin = first == ' ' && from + 1 < to ? from + 1 : from;
    byte kind = kind(chars, begin);
    if (kind != BLANK) {
      return runEnd(chars, begin, to, kind);
    }
    int end = runEnd(chars, from, to, BLANK);
    return end < to && end - from > 1 ? end - 1 : end; // the last blank is left to the next word
  }

  private static int runEnd(char[] chars, int from, int to, byte kind) {
    int at = from;
    while (at < to && kind(chars, at) == kind) {
      at += Character.isHighSurrogate(chars[at]) ? 2 : 1;
    }
    return at;
  }

  private static byte kind(char[] chars, int at) {
    char c = chars[at];
    return Character.isHighSurrogate(c)
        ? kindOf(Character.toCodePoint(c, chars[at + 1]))
        : KINDS[c];
  }

  /** The length of an English contraction after an apostrophe, with it, or 0. */
  private static int contraction(char[] chars, int from, int to) {
    if (from + 1 >= to) {
      return 0;
    }
    char next = chars[from + 1];
    if (next == 's' || next == 't' || next == 'm' || next == 'd') {
      return 2;
    }
    if (from + 2 >= to) {
      return 0;
    }
    char last = chars[from + 2];
    return (next == 'r' || next == 'v') && last == 'e' || next == 'l' && last == 'l' ? 3 : 0;
  }
}
