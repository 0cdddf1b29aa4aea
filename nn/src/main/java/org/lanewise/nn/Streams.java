package org.lanewise.nn;

import java.nio.charset.StandardCharsets;

/**
 * Numbers of streams of random numbers. A stream belongs to a name, of a parameter for instance, so
 * that what is drawn for one does not depend on what else there is.
 */
public final class Streams {
  private static final long FNV_OFFSET = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  private Streams() {}

  /** The stream of a name: its 64-bit FNV-1a hash (Fowler, Noll and Vo). */
  public static long of(String name) {
    long hash = FNV_OFFSET;
    for (byte unit : name.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ Byte.toUnsignedLong(unit)) * FNV_PRIME;
    }
    return hash;
  }
}
