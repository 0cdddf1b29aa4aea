package org.lanewise.nn.io;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import org.lanewise.kernels.op.TensorType;

/**
 * Named tensors and string metadata in a file of the safetensors format (version of 2023): 8 bytes
 * little-endian header length, a JSON header, the tensors' bytes.
 *
 * <p>A file is mapped, not read, and its header is checked against the file's size before anything
 * of a size that the file states is allocated.
 *
 * @param metadata free text by key
 * @param tensors contents by name, in the order of their bytes
 */
public record SafeTensors(Map<String, String> metadata, SequencedMap<String, Tensor> tensors) {
  private static final int LENGTH_BYTES = 8;
  private static final ValueLayout.OfLong LENGTH =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /**
   * A stored tensor.
   *
   * @param type element type and shape
   * @param data its bytes, little-endian
   */
  public record Tensor(TensorType type, MemorySegment data) {
    /**
     * A tensor whose data has the bytes of its type.
     *
     * @throws IllegalArgumentException if it has more or fewer
     */
    public Tensor {
      if (data.byteSize() != type.byteSize()) {
        throw new IllegalArgumentException(
            "data of %s must have %d bytes but has %d"
                .formatted(type, type.byteSize(), data.byteSize()));
      }
    }
  }

  /**
   * Maps a file. The tensors are valid as long as the arena.
   *
   * @throws MalformedFileException if it is no such file: truncated, header not JSON, offsets that
   *     are negative, overlap, leave gaps or exceed the file, or an element type other than F32 and
   *     I32
   * @throws IOException if it cannot be read
   */
  public static SafeTensors map(Path file, Arena arena) throws IOException {
    if (!Files.exists(file)) {
      throw new NoSuchFileException(file.toString(), null, "no such file");
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long size = channel.size();
      if (size < LENGTH_BYTES) {
        throw new MalformedFileException(file, "not a safetensors file: only " + size + " bytes");
      }
      MemorySegment content = channel.map(FileChannel.MapMode.READ_ONLY, 0, size, arena);
      long headerLength = content.get(LENGTH, 0);
      long available = size - LENGTH_BYTES;
      if (headerLength < 2 || headerLength > Math.min(available, SafeTensorsHeader.MAX_BYTES)) {
        throw new MalformedFileException(
            file,
            "not a safetensors file: header length %s, %d bytes follow"
                .formatted(Long.toUnsignedString(headerLength), available));
      }
      byte[] json = content.asSlice(LENGTH_BYTES, headerLength).toArray(ValueLayout.JAVA_BYTE);
      SafeTensorsHeader header = SafeTensorsHeader.parse(file, json, available - headerLength);
      MemorySegment data = content.asSlice(LENGTH_BYTES + headerLength);
      SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
      header
          .entries()
          .forEach((name, entry) ->
              tensors.put(
                  name,
                  new Tensor(
                      entry.type(), data.asSlice(entry.begin(), entry.end() - entry.begin()))));
      return new SafeTensors(header.metadata(), tensors);
    }
  }

  /**
   * Writes a file, whole or not at all.
   *
   * @throws IOException if writing fails
   */
  public void write(Path file) throws IOException {
    byte[] json = SafeTensorsHeader.of(metadata, tensors).toJson();
    AtomicFile.write(
        file,
        channel -> {
          ByteBuffer head =
              ByteBuffer.allocate(LENGTH_BYTES + json.length).order(ByteOrder.LITTLE_ENDIAN);
          write(channel, head.putLong(json.length).put(json).flip());
          for (Tensor tensor : tensors.values()) {
            writeAll(channel, tensor.data());
          }
        });
  }

  private static void writeAll(FileChannel channel, MemorySegment data) throws IOException {
    long chunk = 1L << 30; // a ByteBuffer holds less than 2³¹ bytes
    for (long from = 0; from < data.byteSize(); from += chunk) {
      write(channel, data.asSlice(from, Math.min(chunk, data.byteSize() - from)).asByteBuffer());
    }
  }

  private static void write(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }
}
