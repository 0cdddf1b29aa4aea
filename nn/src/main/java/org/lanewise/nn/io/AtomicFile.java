package org.lanewise.nn.io;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Optional;
import java.util.Set;

/**
 * Writes files that are whole or not there: a killed process leaves the old content in place.
 *
 * <p>The content goes to a temporary file in the same folder, which then takes the name. To the
 * user it is a write all the same: a file that is replaced keeps its permissions, one that is
 * read-only is refused, and of a symbolic link the target is written. Of several writers of a file,
 * the last one wins. Temporary files that killed processes left in the folder are deleted.
 *
 * <p>Streams are used, as a channel closes when its thread is interrupted: an interrupted thread
 * writes like any other, and stays interrupted.
 */
public final class AtomicFile {
  private static final int MAX_LINKS = 40; // as Linux has it

  private AtomicFile() {}

  /** Writes the content of a file. */
  @FunctionalInterface
  public interface Content {
    /** Writes to a new, empty file, without a buffer in between. */
    void writeTo(OutputStream out) throws IOException;
  }

  /**
   * Replaces a file of the default file system, or creates it and its folders.
   *
   * @throws AccessDeniedException if the file is read-only, or nothing may be created in its folder
   * @throws FileSystemException if it is a directory, a pipe or a device
   * @throws IOException if writing fails; then the old file, if any, is still there
   */
  public static void write(Path file, Content content) throws IOException {
    Path target = target(file).toAbsolutePath();
    requireReplaceable(target);
    Path folder = target.getParent();
    Files.createDirectories(folder);
    Optional<Set<PosixFilePermission>> permissions = permissions(target);
    Path temporary = TemporaryFile.create(folder, permissions);
    try {
      TemporaryFile.deleteAbandoned(folder, temporary);
      try (FileOutputStream out = new FileOutputStream(temporary.toFile())) {
        content.writeTo(out);
        out.getFD().sync();
      }
      if (permissions.isPresent()) {
        setPermissions(temporary, permissions.get());
      }
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileSystemException failure) {
      throw temporary.toString().equals(failure.getFile())
          ? new FileSystemException(file.toString(), null, failure.getReason())
          : failure;
    } catch (IOException failure) {
      throw new IOException("cannot write " + file + ": " + failure.getMessage(), failure);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  /** What a chain of symbolic links ends at, whether it is there or not. */
  private static Path target(Path link) throws IOException {
    Path target = link;
    for (int links = 0; Files.isSymbolicLink(target); links++) {
      if (links == MAX_LINKS) {
        throw new FileSystemException(link.toString(), null, "too many symbolic links");
      }
      target = target.resolveSibling(Files.readSymbolicLink(target));
    }
    return target;
  }

  /** Taking a name away needs no permission of the file that has it, and a device has one too. */
  private static void requireReplaceable(Path target) throws IOException {
    if (!Files.exists(target)) {
      return;
    }
    if (!Files.isRegularFile(target)) {
      throw new FileSystemException(target.toString(), null, "exists and is not a regular file");
    }
    if (!Files.isWritable(target)) {
      throw new AccessDeniedException(target.toString());
    }
  }

  /** The permissions of a file that is there, on systems that have them. */
  private static Optional<Set<PosixFilePermission>> permissions(Path file) throws IOException {
    var view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
    return view != null && Files.exists(file)
        ? Optional.of(view.readAttributes().permissions())
        : Optional.empty();
  }

  /** A file system that has no permissions shows the same ones everywhere, and lets none be set. */
  private static void setPermissions(Path file, Set<PosixFilePermission> permissions)
      throws IOException {
    if (!Files.getPosixFilePermissions(file).equals(permissions)) {
      Files.setPosixFilePermissions(file, permissions);
    }
  }
}
