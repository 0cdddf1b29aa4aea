package org.lanewise.nn.io;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.util.function.LongConsumer;

/**
 * Reads a message in the wire format of Protocol Buffers, field by field: {@link #next} goes to the
 * next one, and of the other methods the one of its type reads it. A field that is not read is left
 * out.
 *
 * <p>Nothing is copied but text. Whatever the bytes are, reading ends, and what does not follow the
 * format is refused.
 */
public final class ProtobufReader {
  private static final ValueLayout.OfInt INT =
      JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** Names are short; a text of gigabytes is damage. */
  private static final long MAX_TEXT_BYTES = 1 << 20;

  private final Path file;
  private final MemorySegment message;
  private long position;
  private int field;
  private int wireType;
  private long scalar;
  private MemorySegment bytes;

  /**
   * A reader of a message.
   *
   * @param file what error messages call it
   * @param message its bytes, in any memory
   */
  public ProtobufReader(Path file, MemorySegment message) {
    this.file = file;
    this.message = message;
  }

  /**
   * Goes to the next field.
   *
   * @return false if there is none
   * @throws MalformedFileException if the message is cut off or has a field of no known wire type
   */
  public boolean next() throws MalformedFileException {
    if (position == message.byteSize()) {
      return false;
    }
    long key = readVarint();
    wireType = (int) (key & 7);
    if (key >>> 3 < 1 || key >>> 3 > ProtobufWriter.MAX_FIELD) {
      throw malformed("field number " + Long.toUnsignedString(key >>> 3));
    }
    field = (int) (key >>> 3);
    switch (wireType) {
      case ProtobufWriter.VARINT -> scalar = readVarint();
      case ProtobufWriter.FIXED64 -> {
        require(Long.BYTES);
        scalar = message.get(LONG, position);
        position += Long.BYTES;
      }
      case ProtobufWriter.FIXED32 -> {
        require(Integer.BYTES);
        scalar = message.get(INT, position);
        position += Integer.BYTES;
      }
      case ProtobufWriter.LENGTH_DELIMITED -> {
        long length = readVarint();
        require(length);
        bytes = message.asSlice(position, length);
        position += length;
      }
      default -> throw malformed("wire type " + wireType + " of field " + field);
    }
    return true;
  }

  private void require(long length) throws MalformedFileException {
    long left = message.byteSize() - position;
    if (length < 0 || length > left) {
      throw malformed(
          "a field of %s bytes where %d are left".formatted(Long.toUnsignedString(length), left));
    }
  }

  private long readVarint() throws MalformedFileException {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      require(1);
      byte next = message.get(JAVA_BYTE, position++);
      value |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw malformed("an integer of more than 10 bytes");
  }

  /** The number of the field. */
  public int field() {
    return field;
  }

  /**
   * A field of type int32, int64, uint32, uint64, bool or enum.
   *
   * @throws MalformedFileException if it is of another one
   */
  public long varint() throws MalformedFileException {
    requireType(ProtobufWriter.VARINT, "an integer");
    return scalar;
  }

  /**
   * A field of type fixed32, sfixed32 or, as its bits, float.
   *
   * @throws MalformedFileException if it is of another one
   */
  public int fixed32() throws MalformedFileException {
    requireType(ProtobufWriter.FIXED32, "a number of 32 bits");
    return (int) scalar;
  }

  /**
   * A field of type fixed64, sfixed64 or, as its bits, double.
   *
   * @throws MalformedFileException if it is of another one
   */
  public long fixed64() throws MalformedFileException {
    requireType(ProtobufWriter.FIXED64, "a number of 64 bits");
    return scalar;
  }

  /**
   * A field of type bytes, which are a part of this message's.
   *
   * @throws MalformedFileException if it is of another one
   */
  public MemorySegment bytes() throws MalformedFileException {
    requireType(ProtobufWriter.LENGTH_DELIMITED, "bytes");
    return bytes;
  }

  /**
   * A field of type string.
   *
   * @throws MalformedFileException if it is of another one, no UTF-8, or longer than 1 MB
   */
  public String string() throws MalformedFileException {
    if (bytes().byteSize() > MAX_TEXT_BYTES) {
      throw malformed("text of %,d bytes in field %d".formatted(bytes.byteSize(), field));
    }
    try {
      return UTF_8.newDecoder().decode(bytes().asByteBuffer()).toString();
    } catch (CharacterCodingException _) {
      throw malformed("text of field " + field + " is not UTF-8");
    }
  }

  /**
   * A field that is a message.
   *
   * @throws MalformedFileException if it is of another type
   */
  public ProtobufReader message() throws MalformedFileException {
    return new ProtobufReader(file, bytes());
  }

  /** Whether the field has a length, as packed numbers do and a single one does not. */
  public boolean hasLength() {
    return wireType == ProtobufWriter.LENGTH_DELIMITED;
  }

  /**
   * The elements of a repeated field of integers that are here: one, or all that are packed.
   *
   * @throws MalformedFileException if they are of another type
   */
  public void varints(LongConsumer elements) throws MalformedFileException {
    if (!hasLength()) {
      elements.accept(varint());
      return;
    }
    ProtobufReader packed = message();
    while (packed.position < packed.message.byteSize()) {
      elements.accept(packed.readVarint());
    }
  }

  private void requireType(int wanted, String what) throws MalformedFileException {
    if (wireType != wanted) {
      throw malformed("field %d must be %s but has wire type %d".formatted(field, what, wireType));
    }
  }

  private MalformedFileException malformed(String fault) {
    return new MalformedFileException(file, "not a message of Protocol Buffers: " + fault);
  }
}
