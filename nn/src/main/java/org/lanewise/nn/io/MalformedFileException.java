package org.lanewise.nn.io;

import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Collectors;

/** A file is not what it should be. The message is one line that names file and fault. */
public final class MalformedFileException extends IOException {
  private static final long serialVersionUID = 1;
  private static final int MAX_LENGTH = 400;

  /**
   * An exception about the given file.
   *
   * @param fault what is wrong; may quote the file: of a long text the middle is left out, and
   *     characters that are no text are written as escapes
   */
  public MalformedFileException(Path file, String fault) {
    super(file + ": " + printable(shortened(fault)));
  }

  private static String shortened(String text) {
    int half = MAX_LENGTH / 2;
    return text.length() <= MAX_LENGTH
        ? text
        : text.substring(0, half) + " … " + text.substring(text.length() - half);
  }

  private static String printable(String text) {
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
