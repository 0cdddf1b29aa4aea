package org.lanewise.nn.io;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/** Writes files that are whole or not there: a killed process leaves the old content in place. */
public final class AtomicFile {
  private AtomicFile() {}

  /** Writes the content of a file. */
  @FunctionalInterface
  public interface Content {
    /** Writes to a new, empty file. */
    void writeTo(FileChannel channel) throws IOException;
  }

  /**
   * Replaces a file, or creates it and its folders.
   *
   * @throws IOException if writing fails; then the old file, if any, is still there
   */
  public static void write(Path file, Content content) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    Files.createDirectories(folder);
    Path temporary = folder.resolve("." + file.getFileName() + "." + UUID.randomUUID() + ".tmp");
    try {
      try (FileChannel channel =
          FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        content.writeTo(channel);
        channel.force(true);
      }
      Files.move(
          temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (FileSystemException namesItsFile) {
      throw namesItsFile;
    } catch (IOException failure) {
      throw new IOException("cannot write " + file + ": " + failure.getMessage(), failure);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }
}
