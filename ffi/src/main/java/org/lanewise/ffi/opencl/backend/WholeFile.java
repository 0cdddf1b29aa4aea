package org.lanewise.ffi.opencl.backend;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;

/**
 * Files that several processes may write and read: they appear complete or not at all. What killed
 * processes left in the folder is deleted a day later.
 */
final class WholeFile {
  private static final String PREFIX = ".lanewise-";
  private static final String SUFFIX = ".part";

  /** No file takes as long to write. */
  private static final Duration ABANDONED = Duration.ofDays(1);

  private WholeFile() {}

  /**
   * Makes or replaces a file, and makes its folder if there is none.
   *
   * @throws FileSystemException if there is something else of this name, as a pipe or a directory
   * @throws IOException if writing fails; then what was there still is
   */
  static void write(Path file, byte[] bytes) throws IOException {
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw new FileSystemException(file.toString(), null, "exists and is not a regular file");
    }
    Path folder = file.toAbsolutePath().getParent();
    Files.createDirectories(folder);
    Path part = Files.createTempFile(folder, PREFIX, SUFFIX);
    try {
      deleteAbandoned(folder, Files.getLastModifiedTime(part));
      Files.write(part, bytes);
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  /**
   * Deletes old parts. What cannot be deleted stays for the next time.
   *
   * @param now by the folder's reckoning
   */
  private static void deleteAbandoned(Path folder, FileTime now) {
    try (DirectoryStream<Path> parts = Files.newDirectoryStream(folder, PREFIX + "*" + SUFFIX)) {
      for (Path part : parts) {
        deleteIfAbandoned(part, now);
      }
    } catch (IOException | DirectoryIteratorException _) {
      // The folder may be written to and not be read.
    }
  }

  private static void deleteIfAbandoned(Path part, FileTime now) {
    try {
      FileTime written = Files.getLastModifiedTime(part);
      if (written.toInstant().isBefore(now.toInstant().minus(ABANDONED))) {
        Files.deleteIfExists(part);
      }
    } catch (IOException _) {
      // It is gone meanwhile, or someone else's.
    }
  }
}
