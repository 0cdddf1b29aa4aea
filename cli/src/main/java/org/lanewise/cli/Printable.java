package org.lanewise.cli;

/**
 * Text that may come from a file, a file's name or a driver, made safe for a terminal. Such text
 * could hold escape sequences that move the cursor or rename the window, line breaks that forge a
 * message, marks that reverse the order of what follows, and megabytes.
 */
public final class Printable {
  /** Characters of the start that are shown of a longer text: it says what failed. */
  private static final int HEAD = 600;

  /** Characters of the end: it says why. */
  private static final int TAIL = 400;

  private Printable() {}

  /**
   * The text as one line of about a thousand characters at most, the middle left out where there
   * are more, and what controls or is not seen escaped as in Java.
   */
  public static String line(String text) {
    int omitted = text.length() - HEAD - TAIL;
    return omitted <= 0
        ? escape(text)
        : "%s … (%,d characters) … %s"
            .formatted(
                escape(text.substring(0, HEAD)), omitted, escape(text.substring(HEAD + omitted)));
  }

  private static String escape(String text) {
    StringBuilder escaped = new StringBuilder();
    text.codePoints()
        .forEach(codePoint -> {
          if (isSeen(codePoint)) {
            escaped.appendCodePoint(codePoint);
          } else {
            for (char unit : Character.toChars(codePoint)) {
              escaped.append("\\u%04x".formatted((int) unit));
            }
          }
        });
    return escaped.toString();
  }

  private static boolean isSeen(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE ->
          false;
      default -> true;
    };
  }
}
