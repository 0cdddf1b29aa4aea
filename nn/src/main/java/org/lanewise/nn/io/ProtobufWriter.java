package org.lanewise.nn.io;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.List;

/**
 * A message in the wire format of Protocol Buffers, made field by field: {@code new
 * ProtobufWriter().varint(1, 8).string(2, "lanewise")}. Fields are written in the order in which
 * they are added; one that is repeated is added again for each element.
 *
 * <p>A message is not copied into the one that holds it, nor are the elements of a {@link
 * MemorySegment}: a file of gigabytes takes little memory until it is written, and none then. So
 * neither may change before that.
 */
public final class ProtobufWriter {
  static final int VARINT = 0;
  static final int FIXED64 = 1;
  static final int LENGTH_DELIMITED = 2;
  static final int FIXED32 = 5;
  static final int MAX_FIELD = (1 << 29) - 1;

  private static final int CHUNK_BYTES = 1 << 16;
  private static final int MAX_VARINT_BYTES = 10;

  private final List<MemorySegment> parts = new ArrayList<>();
  private byte[] last = new byte[64];
  private int lastSize;
  private long size;

  /** A message without fields. */
  public ProtobufWriter() {}

  /**
   * A field of type int32, int64, uint32, uint64 or enum. A negative number takes ten bytes, as the
   * format has it for int32 too.
   *
   * @param field its number, from 1 to 2²⁹−1
   * @return this message
   * @throws IllegalArgumentException if the number is out of range
   */
  public ProtobufWriter varint(int field, long value) {
    key(field, VARINT);
    varint(value);
    return this;
  }

  /**
   * A field of type bool.
   *
   * @see #varint(int, long)
   */
  public ProtobufWriter bool(int field, boolean value) {
    return varint(field, value ? 1 : 0);
  }

  /**
   * A field of type fixed32 or sfixed32.
   *
   * @see #varint(int, long)
   */
  public ProtobufWriter fixed32(int field, int value) {
    key(field, FIXED32);
    littleEndian(value, Integer.BYTES);
    return this;
  }

  /**
   * A field of type fixed64 or sfixed64.
   *
   * @see #varint(int, long)
   */
  public ProtobufWriter fixed64(int field, long value) {
    key(field, FIXED64);
    littleEndian(value, Long.BYTES);
    return this;
  }

  /**
   * A field of type float.
   *
   * @see #varint(int, long)
   */
  public ProtobufWriter float32(int field, float value) {
    return fixed32(field, Float.floatToRawIntBits(value));
  }

  /**
   * A field of type double.
   *
   * @see #varint(int, long)
   */
  public ProtobufWriter float64(int field, double value) {
    return fixed64(field, Double.doubleToRawLongBits(value));
  }

  /**
   * A field of type string.
   *
   * @throws IllegalArgumentException if the text has a surrogate without its other half
   * @see #varint(int, long)
   */
  public ProtobufWriter string(int field, String text) {
    try {
      ByteBuffer bytes = UTF_8.newEncoder().encode(CharBuffer.wrap(text));
      return bytes(field, MemorySegment.ofBuffer(bytes));
    } catch (CharacterCodingException _) {
      throw new IllegalArgumentException(
          "field %d has a surrogate without its other half: '%s'".formatted(field, text));
    }
  }

  /**
   * A field of type bytes, which are not copied.
   *
   * @see #varint(int, long)
   */
  public ProtobufWriter bytes(int field, byte[] bytes) {
    return bytes(field, MemorySegment.ofArray(bytes));
  }

  /**
   * A field of type bytes, which are not copied.
   *
   * @see #varint(int, long)
   */
  public ProtobufWriter bytes(int field, MemorySegment bytes) {
    key(field, LENGTH_DELIMITED);
    varint(bytes.byteSize());
    if (bytes.byteSize() > 0) {
      endPart();
      parts.add(bytes.asReadOnly());
      size += bytes.byteSize();
    }
    return this;
  }

  /**
   * A field that is a message, to which no field may be added any more.
   *
   * @see #varint(int, long)
   */
  public ProtobufWriter message(int field, ProtobufWriter message) {
    key(field, LENGTH_DELIMITED);
    varint(message.size);
    endPart();
    message.endPart();
    parts.addAll(message.parts);
    size += message.size;
    return this;
  }

  /**
   * A repeated field of packed integers; of none, nothing is written.
   *
   * @see #varint(int, long)
   */
  public ProtobufWriter packedVarints(int field, long... values) {
    ProtobufWriter packed = new ProtobufWriter();
    for (long value : values) {
      packed.varint(value);
    }
    return packed(field, packed);
  }

  /**
   * A repeated field of packed floats; of none, nothing is written.
   *
   * @see #varint(int, long)
   */
  public ProtobufWriter packedFloats(int field, float... values) {
    ProtobufWriter packed = new ProtobufWriter();
    for (float value : values) {
      packed.littleEndian(Float.floatToRawIntBits(value), Float.BYTES);
    }
    return packed(field, packed);
  }

  /**
   * A repeated field of packed doubles; of none, nothing is written.
   *
   * @see #varint(int, long)
   */
  public ProtobufWriter packedDoubles(int field, double... values) {
    ProtobufWriter packed = new ProtobufWriter();
    for (double value : values) {
      packed.littleEndian(Double.doubleToRawLongBits(value), Double.BYTES);
    }
    return packed(field, packed);
  }

  private ProtobufWriter packed(int field, ProtobufWriter values) {
    requireNumber(field);
    return values.size == 0 ? this : message(field, values);
  }

  private void key(int field, int wireType) {
    requireNumber(field);
    varint((long) field << 3 | wireType);
  }

  private static void requireNumber(int field) {
    if (field < 1 || field > MAX_FIELD) {
      throw new IllegalArgumentException(
          "field must be in 1..%d but is %d".formatted(MAX_FIELD, field));
    }
  }

  private void varint(long value) {
    reserve(MAX_VARINT_BYTES);
    int from = lastSize;
    long left = value;
    for (; (left & ~0x7FL) != 0; left >>>= 7) {
      last[lastSize++] = (byte) (left | 0x80);
    }
    last[lastSize++] = (byte) left;
    size += lastSize - from;
  }

  private void littleEndian(long value, int bytes) {
    reserve(Long.BYTES);
    ByteBuffer.wrap(last).order(ByteOrder.LITTLE_ENDIAN).putLong(lastSize, value);
    lastSize += bytes;
    size += bytes;
  }

  private void reserve(int bytes) {
    if (last.length - lastSize < bytes) {
      byte[] larger = new byte[Math.max(2 * last.length, lastSize + bytes)];
      System.arraycopy(last, 0, larger, 0, lastSize);
      last = larger;
    }
  }

  /** What was added since the last segment becomes a part of its own. */
  private void endPart() {
    if (lastSize > 0) {
      parts.add(MemorySegment.ofArray(last).asSlice(0, lastSize));
      last = new byte[64];
      lastSize = 0;
    }
  }

  /** Bytes of all fields so far. */
  public long byteSize() {
    return size;
  }

  /**
   * Writes the message, without its length.
   *
   * @throws IOException if the stream does
   */
  public void writeTo(OutputStream out) throws IOException {
    byte[] chunk = new byte[(int) Math.min(CHUNK_BYTES, size)];
    int filled = 0;
    endPart();
    for (MemorySegment part : parts) {
      for (long from = 0; from < part.byteSize(); ) {
        int count = (int) Math.min(chunk.length - filled, part.byteSize() - from);
        MemorySegment.copy(part, JAVA_BYTE, from, chunk, filled, count);
        from += count;
        filled += count;
        if (filled == chunk.length) {
          out.write(chunk);
          filled = 0;
        }
      }
    }
    out.write(chunk, 0, filled);
  }

  /**
   * The message, without its length.
   *
   * @throws IllegalStateException if it has more bytes than an array can have
   */
  public byte[] toByteArray() {
    if (size > Integer.MAX_VALUE - 8) {
      throw new IllegalStateException("the message has %,d bytes".formatted(size));
    }
    endPart();
    byte[] bytes = new byte[(int) size];
    int from = 0;
    for (MemorySegment part : parts) {
      int count = (int) part.byteSize();
      MemorySegment.copy(part, JAVA_BYTE, 0, bytes, from, count);
      from += count;
    }
    return bytes;
  }
}
