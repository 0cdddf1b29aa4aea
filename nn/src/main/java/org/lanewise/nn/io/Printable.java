package org.lanewise.nn.io;

import java.util.stream.Collectors;

/**
 * Text that may come from a file, a file's name or a driver, made safe for a terminal or a log.
 * Such text could hold escape sequences that move the cursor or rename the window, line breaks that
 * forge a message, marks that reverse the order of what follows, and megabytes.
 */
public final class Printable {
  private static final int MAX_LENGTH = 1000;

  private Printable() {}

  /** The text as {@link #line(String, int)} of at most 1,000 characters. */
  public static String line(String text) {
    return line(text, MAX_LENGTH);
  }

  /**
   * The text as one line: of a longer one the middle is left out, since the start says what failed
   * and the end why, and characters that are not seen are written as escapes.
   *
   * @param maxLength of the text, before escapes
   */
  public static String line(String text, int maxLength) {
    int half = maxLength / 2;
    return text.length() <= maxLength
        ? escaped(text)
        : escaped(text.substring(0, half) + " … " + text.substring(text.length() - half));
  }

  private static String escaped(String text) {
    return text.codePoints()
        .mapToObj(c -> isText(c) ? Character.toString(c) : "\\u{%x}".formatted(c))
        .collect(Collectors.joining());
  }

  private static boolean isText(int character) {
    return switch (Character.getType(character)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.PRIVATE_USE,
          Character.SURROGATE,
          Character.UNASSIGNED ->
          false;
      default -> true;
    };
  }
}
