package org.lanewise.nn.text;

/**
 * Sentencepiece's words: blanks are written as a visible character, and each begins a word.
 *
 * @param replacement of blanks
 * @param prefix where the replacement is put in front of a text that does not begin with it
 * @param split whether the text is cut at all
 */
record MetaspaceWords(char replacement, Prefix prefix, boolean split) implements PreTokenizer {
  /** Sentencepiece's own replacement, a lower one eighth block. */
  static final char BLOCK = '\u2581';

  /** Where a replacement is put in front. */
  enum Prefix {
    ALWAYS,
    FIRST,
    NEVER
  }

  @Override
  public void split(AlignedText text, int from, int to, Words words) {
    char[] chars = text.chars();
    AlignedText.Builder builder = text.builder();
    boolean begins = chars[from] == ' ' || chars[from] == replacement;
    if (!begins
        && prefix != Prefix.NEVER
        && (prefix == Prefix.ALWAYS || from == 0 && text.isBeginning())) {
      int width = Character.charCount(text.codePoint(from));
      builder.add(replacement, text.start(from), text.end(from + width - 1));
    }
    for (int i = from; i < to; i++) {
      builder.add(chars[i] == ' ' ? replacement : chars[i], text.start(i), text.end(i));
    }
    AlignedText replaced = builder.build();
    if (!split) {
      words.word(replaced, 0, replaced.length());
      return;
    }
    int begin = 0;
    for (int i = 1; i < replaced.length(); i++) {
      if (replaced.chars()[i] == replacement) {
        words.word(replaced, begin, i);
        begin = i;
      }
    }
    words.word(replaced, begin, replaced.length());
  }
}
