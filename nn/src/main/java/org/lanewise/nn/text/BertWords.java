package org.lanewise.nn.text;

/** BERT's words: blanks are left out, and each punctuation character is a word of its own. */
record BertWords() implements PreTokenizer {
  private static final byte WORD = 0;
  private static final byte BLANK = 1;
  private static final byte PUNCTUATION = 2;

  private static final byte[] KINDS = kinds();

  private static byte[] kinds() {
    byte[] kinds = new byte[Character.MIN_SUPPLEMENTARY_CODE_POINT];
    for (int c = 0; c < kinds.length; c++) {
      kinds[c] =
          Characters.isWhitespace(c)
              ? BLANK
              : c > ' ' && c < 0x7f && !Character.isLetterOrDigit(c) || Characters.isPunctuation(c)
                  ? PUNCTUATION
                  : WORD;
    }
    return kinds;
  }

  @Override
  public void split(AlignedText text, int from, int to, Words words) {
    char[] chars = text.chars();
    int begin = from;
    int width;
    for (int i = from; i < to; i += width) {
      width = 1;
      byte kind = KINDS[chars[i]];
      if (Character.isHighSurrogate(chars[i])) {
        width = 2;
        kind = Characters.isPunctuation(text.codePoint(i)) ? PUNCTUATION : WORD;
      }
      if (kind == WORD) {
        continue;
      }
      if (i > begin) {
        words.word(text, begin, i);
      }
      if (kind == PUNCTUATION) {
        words.word(text, i, i + width);
      }
      begin = i + width;
    }
    if (to > begin) {
      words.word(text, begin, to);
    }
  }
}
