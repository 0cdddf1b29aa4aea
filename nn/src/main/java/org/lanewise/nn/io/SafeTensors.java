package org.lanewise.nn.io;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import org.lanewise.kernels.op.DType;
import org.lanewise.nn.HostTensor;

/**
 * Named tensors and string metadata in a file of the safetensors format (version of 2023): 8 bytes
 * little-endian header length, a JSON header, the tensors' bytes.
 *
 * <p>The header is checked against the file's size before anything of a size that it states is
 * allocated. A thread that is interrupted reads and writes like any other, and stays interrupted.
 *
 * @param metadata free text by key
 * @param tensors contents by name, in the order of their bytes
 */
public record SafeTensors(
    Map<String, String> metadata, SequencedMap<String, StoredTensor> tensors) {
  private static final int LENGTH_BYTES = 8;
  private static final int CHUNK_BYTES = 1 << 20;

  /** Makes a file's data, which starts where the file is read next, a segment. */
  @FunctionalInterface
  private interface Data {
    MemorySegment of(RandomAccessFile in, long bytes) throws IOException;
  }

  /** What is to be written: the tensors as they are, and text by key. */
  public static SafeTensors of(
      Map<String, String> metadata, SequencedMap<String, HostTensor> tensors) {
    SequencedMap<String, StoredTensor> stored = new LinkedHashMap<>();
    tensors.forEach((name, tensor) -> stored.put(name, StoredTensor.of(tensor)));
    return new SafeTensors(metadata, stored);
  }

  /**
   * A tensor with elements of a type, converted as {@link StoredTensor#copyTo} says.
   *
   * @throws IllegalArgumentException if there is none of that name, or it cannot be converted; the
   *     message names the tensor, and the element if there is one that the type does not have
   */
  public HostTensor tensor(String name, DType dtype) {
    StoredTensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException("there is no tensor '" + name + "'");
    }
    try {
      return tensor.convert(dtype);
    } catch (IllegalArgumentException impossible) {
      throw new IllegalArgumentException(
          "tensor '%s': %s".formatted(name, impossible.getMessage()), impossible);
    }
  }

  /**
   * Reads a file into memory of the arena. Later changes of the file do no harm.
   *
   * @throws MalformedFileException if it is no such file: truncated, header not JSON in UTF-8,
   *     offsets that are negative, overlap, leave gaps or exceed the file, or an element type that
   *     is no {@link StoredType}
   * @throws IOException if it cannot be read
   */
  public static SafeTensors read(Path file, Arena arena) throws IOException {
    return open(file, (in, bytes) -> RegularFile.read(in, bytes, arena));
  }

  /**
   * Maps a file: the tensors are the file's own bytes, read-only, which processes share and which
   * are read when they are used. They are valid as long as the arena, and aligned as the file has
   * them, which may be to single bytes.
   *
   * <p><b>A mapped file must not be truncated or written to, by any process, while the arena is
   * open.</b> Where bytes are missing that were there when it was mapped, the operating system
   * sends a signal (SIGBUS), which kills the JVM if it happens in compiled code. Replacing the file
   * as {@link AtomicFile} does is safe: the mapping keeps the old content. Where that cannot be
   * promised, and for what is used once, {@link #read} is right.
   *
   * @throws MalformedFileException as {@link #read}
   * @throws IOException if it cannot be read
   */
  public static SafeTensors map(Path file, Arena arena) throws IOException {
    return mapping(file, arena).content();
  }

  /**
   * A mapped file.
   *
   * @param content whose tensors are parts of the bytes
   * @param bytes of the whole file, from the start of a page on
   */
  public record Mapping(SafeTensors content, MemorySegment bytes) {}

  /**
   * Maps a file as {@link #map} does, for those who use it as one piece of memory.
   *
   * @throws MalformedFileException as {@link #read}
   * @throws IOException if it cannot be read
   */
  public static Mapping mapping(Path file, Arena arena) throws IOException {
    MemorySegment[] whole = {MemorySegment.NULL};
    boolean interrupted = false;
    try {
      while (true) {
        try {
          SafeTensors content =
              open(
                  file,
                  (in, bytes) -> {
                    long from = in.getFilePointer();
                    whole[0] =
                        in.getChannel().map(FileChannel.MapMode.READ_ONLY, 0, from + bytes, arena);
                    return whole[0].asSlice(from);
                  });
          return new Mapping(content, whole[0]);
        } catch (ClosedByInterruptException _) { // only channels can map
          interrupted |= Thread.interrupted();
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static SafeTensors open(Path file, Data data) throws IOException {
    if (!Files.exists(file)) {
      throw new NoSuchFileException(file.toString(), null, "no such file");
    }
    RegularFile.size(file); // refuses what is none
    if (!Files.isReadable(file)) {
      throw new AccessDeniedException(file.toString());
    }
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      long available = in.length() - LENGTH_BYTES;
      if (available < 0) {
        throw new MalformedFileException(
            file, "not a safetensors file: only " + in.length() + " bytes");
      }
      long headerLength = Long.reverseBytes(in.readLong()); // little-endian
      if (headerLength < 2 || headerLength > available) {
        throw new MalformedFileException(
            file,
            "not a safetensors file: header length %s, %d bytes follow"
                .formatted(Long.toUnsignedString(headerLength), available));
      }
      if (headerLength > SafeTensorsHeader.MAX_BYTES) {
        throw new MalformedFileException(
            file,
            "the header has %,d bytes, more than the supported %,d"
                .formatted(headerLength, SafeTensorsHeader.MAX_BYTES));
      }
      byte[] json = new byte[(int) headerLength];
      in.readFully(json);
      long dataBytes = available - headerLength;
      SafeTensorsHeader header = SafeTensorsHeader.parse(file, json, dataBytes);
      return new SafeTensors(header.metadata(), tensors(header, data.of(in, dataBytes)));
    } catch (EOFException _) {
      throw new MalformedFileException(file, "was truncated while it was read");
    }
  }

  private static SequencedMap<String, StoredTensor> tensors(
      SafeTensorsHeader header, MemorySegment data) {
    SequencedMap<String, StoredTensor> tensors = new LinkedHashMap<>();
    header
        .entries()
        .forEach((name, entry) -> {
          MemorySegment bytes = data.asSlice(entry.begin(), entry.end() - entry.begin());
          tensors.put(name, new StoredTensor(entry.type(), entry.shape(), bytes));
        });
    return tensors;
  }

  /**
   * Writes a file, whole or not at all. Tensors may lie in any memory.
   *
   * @throws IllegalArgumentException if {@link #read} would refuse it: a tensor named {@code
   *     __metadata__}, text that is null or has surrogates without their other half, or a header
   *     above the limit; then no file is touched
   * @throws IOException if writing fails
   */
  public void write(Path file) throws IOException {
    byte[] json = SafeTensorsHeader.of(metadata, tensors).toJson();
    AtomicFile.write(
        file,
        out -> {
          ByteBuffer length = ByteBuffer.allocate(LENGTH_BYTES).order(ByteOrder.LITTLE_ENDIAN);
          out.write(length.putLong(json.length).array());
          out.write(json);
          byte[] chunk = new byte[CHUNK_BYTES];
          for (StoredTensor tensor : tensors.values()) {
            write(out, tensor.data(), chunk);
          }
        });
  }

  private static void write(OutputStream out, MemorySegment data, byte[] chunk) throws IOException {
    for (long from = 0; from < data.byteSize(); from += chunk.length) {
      int count = (int) Math.min(chunk.length, data.byteSize() - from);
      MemorySegment.copy(data, JAVA_BYTE, from, chunk, 0, count);
      out.write(chunk, 0, count);
    }
  }
}
