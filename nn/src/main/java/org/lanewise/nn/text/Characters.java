package org.lanewise.nn.text;

/**
 * Properties of characters as tokenizers' files mean them: Unicode's, in the version of the JDK.
 */
final class Characters {
  private static final int MARKS =
      1 << Character.NON_SPACING_MARK
          | 1 << Character.COMBINING_SPACING_MARK
          | 1 << Character.ENCLOSING_MARK;
  private static final int PUNCTUATION =
      1 << Character.CONNECTOR_PUNCTUATION
          | 1 << Character.DASH_PUNCTUATION
          | 1 << Character.START_PUNCTUATION
          | 1 << Character.END_PUNCTUATION
          | 1 << Character.INITIAL_QUOTE_PUNCTUATION
          | 1 << Character.FINAL_QUOTE_PUNCTUATION
          | 1 << Character.OTHER_PUNCTUATION;
  private static final int CONTROLS =
      1 << Character.CONTROL | 1 << Character.FORMAT | 1 << Character.PRIVATE_USE;
  private static final int LETTERS =
      1 << Character.UPPERCASE_LETTER
          | 1 << Character.LOWERCASE_LETTER
          | 1 << Character.TITLECASE_LETTER
          | 1 << Character.MODIFIER_LETTER
          | 1 << Character.OTHER_LETTER;
  private static final int NUMBERS =
      1 << Character.DECIMAL_DIGIT_NUMBER
          | 1 << Character.LETTER_NUMBER
          | 1 << Character.OTHER_NUMBER;

  private Characters() {}

  /** Unicode's White_Space, which includes no-break spaces and not the separators U+001C to 1F. */
  static boolean isWhitespace(int codePoint) {
    return codePoint <= ' '
        ? codePoint == ' ' || codePoint >= '\t' && codePoint <= '\r'
        : codePoint >= 0x85
            && (codePoint == 0x85
                || codePoint == 0xa0
                || codePoint == 0x1680
                || codePoint >= 0x2000 && codePoint <= 0x200a
                || codePoint == 0x2028
                || codePoint == 0x2029
                || codePoint == 0x202f
                || codePoint == 0x205f
                || codePoint == 0x3000);
  }

  /** The categories Mn, Mc and Me. */
  static boolean isMark(int codePoint) {
    return is(codePoint, MARKS);
  }

  /** The categories that begin with P. */
  static boolean isPunctuation(int codePoint) {
    return is(codePoint, PUNCTUATION);
  }

  /** The categories Cc, Cf and Co: controls, formats and private use. */
  static boolean isControl(int codePoint) {
    return is(codePoint, CONTROLS);
  }

  /** The categories that begin with L. */
  static boolean isLetter(int codePoint) {
    return is(codePoint, LETTERS);
  }

  /** The categories that begin with N. */
  static boolean isNumber(int codePoint) {
    return is(codePoint, NUMBERS);
  }

  /** What a regular expression's {@code \w} matches by Unicode's Technical Standard 18, annex C. */
  static boolean isWord(int codePoint) {
    return Character.isAlphabetic(codePoint)
        || is(
            codePoint,
            MARKS | 1 << Character.DECIMAL_DIGIT_NUMBER | 1 << Character.CONNECTOR_PUNCTUATION)
        || codePoint == 0x200c
        || codePoint == 0x200d;
  }

  private static boolean is(int codePoint, int types) {
    return (types >>> Character.getType(codePoint) & 1) != 0;
  }

  /** Whether a text has surrogates without their other halves. */
  static boolean hasUnpairedSurrogate(String text) {
    return text.codePoints().anyMatch(c -> c >= 0xd800 && c <= 0xdfff);
  }
}
