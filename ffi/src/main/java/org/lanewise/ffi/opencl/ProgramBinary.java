package org.lanewise.ffi.opencl;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Optional;

/**
 * What a driver made of a program, as it can be kept in a file. Drivers crash on bytes that are
 * damaged, so a checksum stands before them, and there is no other way to give bytes to a driver.
 */
public final class ProgramBinary {
  private static final int CHECKSUM_BYTES = 32;

  private final byte[] bytes;

  ProgramBinary(byte[] bytes) {
    this.bytes = bytes;
  }

  /** The driver's bytes. */
  byte[] bytes() {
    return bytes;
  }

  /**
   * What {@link #toFile} gave.
   *
   * @param key of the program, as it was given there
   * @return nothing if a byte is not as it was, or it is another program's
   */
  public static Optional<ProgramBinary> parse(byte[] file, String key) {
    if (file.length <= CHECKSUM_BYTES) {
      return Optional.empty();
    }
    byte[] bytes = Arrays.copyOfRange(file, CHECKSUM_BYTES, file.length);
    byte[] checksum = Arrays.copyOf(file, CHECKSUM_BYTES);
    return MessageDigest.isEqual(checksum, checksum(bytes, key))
        ? Optional.of(new ProgramBinary(bytes))
        : Optional.empty();
  }

  /**
   * The bytes to keep.
   *
   * @param key what the program and its device are told apart by
   */
  public byte[] toFile(String key) {
    return ByteBuffer.allocate(CHECKSUM_BYTES + bytes.length)
        .put(checksum(bytes, key))
        .put(bytes)
        .array();
  }

  private static byte[] checksum(byte[] bytes, String key) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(key.getBytes(StandardCharsets.UTF_8));
      digest.update((byte) 0);
      return digest.digest(bytes);
    } catch (NoSuchAlgorithmException impossible) { // every JDK has it
      throw new AssertionError(impossible);
    }
  }
}
