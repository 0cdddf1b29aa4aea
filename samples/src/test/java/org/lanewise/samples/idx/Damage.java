package org.lanewise.samples.idx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Changes files a little: bits, numbers that are extreme, parts that are lost or come twice. */
public record Damage(SplittableRandom random) {
  private static final int[] EXTREMES = {
    0, 1, -1, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x10000, Integer.MAX_VALUE, Integer.MIN_VALUE
  };

  /** A changed copy. */
  public byte[] of(byte[] intact) {
    byte[] damaged = intact;
    for (int changes = random.nextInt(1, 5); changes > 0; changes--) {
      damaged = damaged.length < Integer.BYTES ? damaged : change(damaged.clone());
    }
    return damaged;
  }

  private byte[] change(byte[] bytes) {
    int at = random.nextInt(bytes.length - Integer.BYTES + 1);
    if (random.nextInt(3) == 0) {
      at = Math.min(at, random.nextInt(64)); // where headers are
    }
    int length = random.nextInt(1, 1 + Math.min(64, bytes.length - at));
    int extreme = EXTREMES[random.nextInt(EXTREMES.length)];
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    if (random.nextBoolean()) {
      buffer.order(ByteOrder.LITTLE_ENDIAN);
    }
    switch (random.nextInt(7)) {
      case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
      case 1 -> bytes[at] = (byte) extreme;
      case 2 -> buffer.putShort(at, (short) extreme);
      case 3 -> buffer.putInt(at, extreme);
      case 4 -> {
        return Arrays.copyOf(bytes, at);
      }
      case 5 -> {
        return join(bytes, at, at + length);
      }
      default -> {
        return join(bytes, at + length, at);
      }
    }
    return bytes;
  }

  /** The bytes up to one place and from another on. */
  private static byte[] join(byte[] bytes, int end, int from) {
    byte[] joined = Arrays.copyOf(bytes, end + bytes.length - from);
    System.arraycopy(bytes, from, joined, end, bytes.length - from);
    return joined;
  }
}
