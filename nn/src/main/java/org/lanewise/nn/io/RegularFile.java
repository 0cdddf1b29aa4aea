package org.lanewise.nn.io;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * What is read whole has to be a file that has a size: opening a named pipe would wait for a writer
 * who may never come, and a device may have no end.
 */
public final class RegularFile {
  private static final int ALIGNMENT = 64;
  private static final int CHUNK_BYTES = 1 << 20;

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

  /**
   * Reads a file into memory of an arena. Later changes of the file do no harm.
   *
   * @throws FileSystemException if it is no such file, as {@link #size} says, or may not be read
   * @throws MalformedFileException if it becomes shorter meanwhile
   * @throws IOException if it cannot be read
   */
  public static MemorySegment read(Path file, Arena arena) throws IOException {
    if (!Files.exists(file)) {
      throw new NoSuchFileException(file.toString(), null, "no such file");
    }
    long size = size(file);
    if (!Files.isReadable(file)) {
      throw new AccessDeniedException(file.toString());
    }
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      return read(in, size, arena);
    } catch (EOFException _) {
      throw new MalformedFileException(file, "was truncated while it was read");
    }
  }

  /** Reads so many bytes of an open file. */
  static MemorySegment read(RandomAccessFile in, long bytes, Arena arena) throws IOException {
    MemorySegment data = arena.allocate(bytes, ALIGNMENT);
    byte[] chunk = new byte[(int) Math.min(CHUNK_BYTES, bytes)];
    for (long from = 0; from < bytes; from += chunk.length) {
      int count = (int) Math.min(chunk.length, bytes - from);
      in.readFully(chunk, 0, count);
      MemorySegment.copy(chunk, 0, data, JAVA_BYTE, from, count);
    }
    return data;
  }
}
