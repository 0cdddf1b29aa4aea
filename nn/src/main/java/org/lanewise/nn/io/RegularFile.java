package org.lanewise.nn.io;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * What is read whole has to be a file that has a size: opening a named pipe would wait for a writer
 * who may never come, and a device may have no end.
 */
public final class RegularFile {
  private RegularFile() {}

  /**
   * The size of a file in bytes; symbolic links are followed.
   *
   * @throws FileSystemException if it is a directory, a named pipe or a device, which its reason
   *     says; or a kind of it without a reason, if there is no such file or no permission to look
   * @throws IOException if it cannot be looked at for another reason
   */
  public static long size(Path file) throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
    if (!attributes.isRegularFile()) {
      throw new FileSystemException(
          file.toString(),
          null,
          attributes.isDirectory()
              ? "is a directory, not a file"
              : "is a pipe or device, not a file");
    }
    return attributes.size();
  }
}
