package org.lanewise.ffi.opencl;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/**
 * What a {@code clGet…Info} function says of one object.
 *
 * @param call its name
 * @param function the function on that object
 * @param device where, in words
 */
record Info(String call, Query function, String device) {
  /** A {@code clGet…Info} function, without the object. */
  interface Query {
    int get(int name, long size, MemorySegment value, MemorySegment sizeReturned);
  }

  /** More than any property has; a driver that says so is broken. */
  private static final long MAX_BYTES = 1L << 30;

  /** A property as bytes. */
  byte[] bytes(int property) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment size = arena.allocate(JAVA_LONG);
      check(function.get(property, 0, MemorySegment.NULL, size));
      long count = size.get(JAVA_LONG, 0);
      if (count < 0 || count > MAX_BYTES) {
        throw new OpenClException(
            "%s says that a property takes %d bytes on %s".formatted(call, count, device));
      }
      MemorySegment value = arena.allocate(Math.max(count, 1), Long.BYTES);
      check(function.get(property, count, value, MemorySegment.NULL));
      return value.asSlice(0, count).toArray(JAVA_BYTE);
    }
  }

  /** A property that is text. */
  String text(int property) {
    String text = new String(bytes(property), StandardCharsets.UTF_8);
    int end = text.indexOf('\0');
    return (end < 0 ? text : text.substring(0, end)).strip();
  }

  /** A property that is a number of 1, 4 or 8 bytes, without a sign. */
  long number(int property) {
    byte[] bytes = bytes(property);
    long number = 0;
    for (int i = 0; i < bytes.length && i < Long.BYTES; i++) {
      number |= (bytes[i] & 0xffL) << 8 * i; // all systems with OpenCL are little-endian
    }
    return number;
  }

  private void check(int status) {
    Status.check(call, status, device);
  }
}
