package org.lanewise.nn.text;

import java.text.Normalizer.Form;

/**
 * A normalization form of Unicode (Standard Annex 15). It is applied to one character and its marks
 * at a time, so that the place of each is known: where characters are composed or change places,
 * all of them stand for the whole range.
 *
 * <p>More than {@value #MAX_MARKS} marks on one character are treated as if a new character began,
 * since sorting takes time that grows with the square of their number. No script has a tenth of it.
 */
record UnicodeNormalizer(Form form) implements Normalizer {
  static final int MAX_MARKS = 256;

  @Override
  public AlignedText normalize(AlignedText text) {
    char[] chars = text.chars();
    AlignedText.Builder result = text.builder();
    int from = 0;
    while (from < text.length()) {
      int to = from + 1;
      if (chars[from] < 0x80 && (to == text.length() || chars[to] < 0x80)) {
        result.add(chars[from], text.start(from), text.end(from));
        from = to;
        continue;
      }
      to = from + Character.charCount(text.codePoint(from));
      for (int marks = 0; marks < MAX_MARKS && to < text.length(); marks++) {
        int next = text.codePoint(to);
        if (!joins(next)) {
          break;
        }
        to += Character.charCount(next);
      }
      add(text, from, to, result);
      from = to;
    }
    return result.build();
  }

  /** Whether a character may be composed with the one before it or change places with it. */
  private static boolean joins(int codePoint) {
    return codePoint >= 0x300
        && (Characters.isMark(codePoint)
            || codePoint >= 0x1160 && codePoint <= 0x11ff // vowels and finals of Hangul
            || codePoint >= 0xff9e && codePoint <= 0xff9f // halfwidth sound marks
            || codePoint >= 0xffa0 && codePoint <= 0xffdc // halfwidth Hangul
            || codePoint >= 0x16d63 && codePoint <= 0x16d6a // vowels of Kirat Rai
            || codePoint >= 0x3131 && codePoint <= 0x318e); // compatibility Hangul
  }

  private void add(AlignedText text, int from, int to, AlignedText.Builder result) {
    String all = java.text.Normalizer.normalize(new String(text.chars(), from, to - from), form);
    StringBuilder parts = new StringBuilder();
    int[] lengths = new int[to - from];
    int width;
    for (int i = from; i < to; i += width) {
      width = Character.charCount(text.codePoint(i));
      String one = java.text.Normalizer.normalize(new String(text.chars(), i, width), form);
      parts.append(one);
      lengths[i - from] = one.length();
    }
    if (!all.contentEquals(parts)) {
      result.add(all, text.start(from), text.end(to - 1));
      return;
    }
    int at = 0;
    for (int i = from; i < to; i += width) {
      width = Character.charCount(text.codePoint(i));
      int end = at + lengths[i - from];
      result.add(all.substring(at, end), text.start(i), text.end(i + width - 1));
      at = end;
    }
  }
}
