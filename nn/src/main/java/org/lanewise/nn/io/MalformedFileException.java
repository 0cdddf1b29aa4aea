package org.lanewise.nn.io;

import java.io.IOException;
import java.nio.file.Path;

/** A file is not what it should be. The message is one line that names file and fault. */
public final class MalformedFileException extends IOException {
  private static final long serialVersionUID = 1;
  private static final int MAX_LENGTH = 400;

  /**
   * An exception about the given file.
   *
   * @param fault what is wrong; may quote the file: it is made {@link Printable}
   */
  public MalformedFileException(Path file, String fault) {
    super(file + ": " + Printable.line(fault, MAX_LENGTH));
  }
}
