package org.lanewise.ffi.opencl;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.zip.CRC32;

/**
 * What a driver made of a program, and what its kernels take, as it can be kept in a file. Drivers
 * crash on bytes that are damaged, so a checksum stands before them, and there is no other way to
 * give bytes to a driver.
 */
public final class ProgramBinary {
  /** The checksum of all that follows it, then the lengths of the key and of the signatures. */
  private static final int HEADER_BYTES = Long.BYTES + 2 * Integer.BYTES;

  private final byte[] bytes;

  /** Drivers need not know them of a program that they did not compile. */
  private final Map<String, Signature> signatures;

  ProgramBinary(byte[] bytes, Map<String, Signature> signatures) {
    this.bytes = bytes;
    this.signatures = signatures;
  }

  /** The driver's bytes. */
  byte[] bytes() {
    return bytes;
  }

  /** What its kernels take, by name. */
  Map<String, Signature> signatures() {
    return signatures;
  }

  /**
   * What {@link #toFile} gave.
   *
   * @param key of the program, as it was given there
   * @return nothing if a byte is not as it was, or it is another program's
   */
  public static Optional<ProgramBinary> parse(byte[] file, String key) {
    byte[] expected = key.getBytes(UTF_8);
    if (file.length < HEADER_BYTES + expected.length) {
      return Optional.empty();
    }
    ByteBuffer header = ByteBuffer.wrap(file);
    boolean isWhole = header.getLong() == checksum(file);
    boolean isSame =
        header.getInt() == expected.length
            && ByteBuffer.wrap(file, HEADER_BYTES, expected.length)
                .equals(ByteBuffer.wrap(expected));
    int lines = header.getInt();
    int rest = file.length - HEADER_BYTES - expected.length;
    if (!isWhole || !isSame || lines < 0 || lines >= rest) {
      return Optional.empty();
    }
    String signatures = new String(file, HEADER_BYTES + expected.length, lines, UTF_8);
    return Optional.of(
        new ProgramBinary(
            Arrays.copyOfRange(file, file.length - rest + lines, file.length),
            signatures
                .lines()
                .map(Signature::parse)
                .collect(Collectors.toMap(Signature::kernel, signature -> signature))));
  }

  /**
   * The bytes to keep.
   *
   * @param key all that decides what a driver makes of the program
   */
  public byte[] toFile(String key) {
    byte[] keyBytes = key.getBytes(UTF_8);
    byte[] lines =
        signatures.values().stream()
            .map(Signature::toLine)
            .collect(Collectors.joining("\n"))
            .getBytes(UTF_8);
    ByteBuffer file =
        ByteBuffer.allocate(HEADER_BYTES + keyBytes.length + lines.length + bytes.length);
    file.position(Long.BYTES).putInt(keyBytes.length).putInt(lines.length);
    file.put(keyBytes).put(lines).put(bytes);
    return file.putLong(0, checksum(file.array())).array();
  }

  /** Of what follows the checksum. */
  private static long checksum(byte[] file) {
    CRC32 checksum = new CRC32();
    checksum.update(file, Long.BYTES, file.length - Long.BYTES);
    return checksum.getValue();
  }
}
