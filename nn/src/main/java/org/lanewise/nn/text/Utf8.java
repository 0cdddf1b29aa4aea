package org.lanewise.nn.text;

/** The bytes of characters in UTF-8, and which character each byte belongs to. */
final class Utf8 {
  private final byte[] bytes;
  private final int[] firsts;
  private final boolean[] pairs;
  private int length;

  private Utf8(int capacity) {
    bytes = new byte[capacity];
    firsts = new int[capacity];
    pairs = new boolean[capacity];
  }

  /** The bytes of a range without unpaired surrogates. */
  static Utf8 of(char[] chars, int from, int to) {
    int capacity = 0;
    for (int i = from; i < to; i++) {
      capacity += chars[i] < 0x80 ? 1 : chars[i] < 0x800 || Character.isSurrogate(chars[i]) ? 2 : 3;
    }
    Utf8 utf8 = new Utf8(capacity);
    for (int i = from; i < to; i++) {
      char c = chars[i];
      int index = i - from;
      if (c < 0x80) {
        utf8.add(c, index, false);
      } else if (c < 0x800) {
        utf8.add(0xc0 | c >> 6, index, false);
        utf8.add(0x80 | c & 0x3f, index, false);
      } else if (Character.isHighSurrogate(c)) {
        int codePoint = Character.toCodePoint(c, chars[++i]);
        utf8.add(0xf0 | codePoint >> 18, index, true);
        utf8.add(0x80 | codePoint >> 12 & 0x3f, index, true);
        utf8.add(0x80 | codePoint >> 6 & 0x3f, index, true);
        utf8.add(0x80 | codePoint & 0x3f, index, true);
      } else {
        utf8.add(0xe0 | c >> 12, index, false);
        utf8.add(0x80 | c >> 6 & 0x3f, index, false);
        utf8.add(0x80 | c & 0x3f, index, false);
      }
    }
    return utf8;
  }

  private void add(int value, int first, boolean pair) {
    bytes[length] = (byte) value;
    firsts[length] = first;
    pairs[length++] = pair;
  }

  int length() {
    return length;
  }

  /** A byte, from 0 to 255. */
  int value(int index) {
    return Byte.toUnsignedInt(bytes[index]);
  }

  /** The index in the range of the first {@code char} that a byte belongs to. */
  int firstChar(int index) {
    return firsts[index];
  }

  /** The index in the range of the last {@code char} that a byte belongs to. */
  int lastChar(int index) {
    return pairs[index] ? firsts[index] + 1 : firsts[index];
  }
}
