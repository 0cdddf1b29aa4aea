package org.lanewise.nn.io;

import java.io.IOException;
import java.nio.file.Path;

/** A file is not what it should be. The message is one line that names file and fault. */
public final class MalformedFileException extends IOException {
  private static final long serialVersionUID = 1;

  /** An exception about the given file. */
  public MalformedFileException(Path file, String fault) {
    super(file + ": " + fault);
  }
}
