package org.lanewise.nn.text;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/**
 * How GPT-2's vocabulary writes bytes as characters that can be seen: those that are visible in
 * Latin-1 as themselves, the others as U+0100 and on, in their order.
 */
final class ByteSymbols {
  private static final char[] CHARACTERS = new char[256];
  private static final short[] BYTES = new short[0x144];

  static {
    Arrays.fill(BYTES, (short) -1);
    int others = 0;
    for (int b = 0; b < CHARACTERS.length; b++) {
      boolean visible = b > ' ' && b < 0x7f || b > 0xa0 && b != 0xad;
      CHARACTERS[b] = visible ? (char) b : (char) (0x100 + others++);
      BYTES[CHARACTERS[b]] = (short) b;
    }
  }

  private ByteSymbols() {}

  /** The character of a byte from 0 to 255. */
  static char character(int value) {
    return CHARACTERS[value];
  }

  /** The byte of a character, or -1 if it is none of theirs. */
  static int value(char character) {
    return character < BYTES.length ? BYTES[character] : -1;
  }

  /** Adds the bytes of a token; of one that is not written in symbols, those of its UTF-8. */
  static void addBytes(String token, ByteArrayOutputStream bytes) {
    if (token.chars().allMatch(c -> value((char) c) >= 0)) {
      token.chars().forEach(c -> bytes.write(value((char) c)));
    } else {
      bytes.writeBytes(token.getBytes(UTF_8));
    }
  }
}
