package org.lanewise.nn.text;

import java.util.Arrays;

/**
 * Characters, and of each one the range of the input that it stands for. It has no unpaired
 * surrogates. Normalizers make a new one; a text that nothing has changed has no arrays of ranges.
 */
final class AlignedText {
  private final char[] chars;
  private final int length;

  /** Where in the input this text begins, with what a normalizer left out there. */
  private final int offset;

  private final int[] starts;
  private final int[] ends;

  private AlignedText(char[] chars, int length, int offset, int[] starts, int[] ends) {
    this.chars = chars;
    this.length = length;
    this.offset = offset;
    this.starts = starts;
    this.ends = ends;
  }

  /** A part of the input; unpaired surrogates become U+FFFD. */
  static AlignedText of(String input, int from, int to) {
    char[] chars = new char[to - from];
    input.getChars(from, to, chars, 0);
    for (int i = 0; i < chars.length; i++) {
      if (Character.isSurrogate(chars[i])) {
        if (i + 1 < chars.length && Character.isSurrogatePair(chars[i], chars[i + 1])) {
          i++;
        } else {
          chars[i] = '\ufffd';
        }
      }
    }
    return new AlignedText(chars, chars.length, from, null, null);
  }

  /** The characters, of which the first {@link #length()} count. They are not to be changed. */
  char[] chars() {
    return chars;
  }

  int length() {
    return length;
  }

  /** Whether this is the beginning of the input, and not what follows an added token. */
  boolean isBeginning() {
    return offset == 0;
  }

  /** A builder of what this text becomes. */
  Builder builder() {
    return new Builder(offset, length + 16);
  }

  /** A builder of what this text becomes without the characters before an index. */
  Builder builderFrom(int index) {
    return new Builder(index == 0 || index == length ? offset : start(index), length + 16);
  }

  /** Where in the input a character's range starts. */
  int start(int index) {
    return starts == null ? offset + index : starts[index];
  }

  /** Where in the input a character's range ends. */
  int end(int index) {
    return ends == null ? offset + index + 1 : ends[index];
  }

  int codePoint(int index) {
    char high = chars[index];
    return Character.isHighSurrogate(high) ? Character.toCodePoint(high, chars[index + 1]) : high;
  }

  @Override
  public String toString() {
    return new String(chars, 0, length);
  }

  /**
   * Makes a text piece by piece. As long as each character stands for the one at its own place,
   * there are no arrays of ranges.
   */
  static final class Builder {
    private final int offset;
    private char[] chars;
    private int[] starts;
    private int[] ends;
    private int length;

    private Builder(int offset, int capacity) {
      this.offset = offset;
      chars = new char[capacity];
    }

    /** Adds a character that stands for the given range of the input. */
    void add(char character, int start, int end) {
      if (length == chars.length) {
        grow();
      }
      if (starts != null || start != offset + length || end != start + 1) {
        addRange(start, end);
      }
      chars[length++] = character;
    }

    private void grow() {
      int capacity = Math.addExact(length, (length >> 1) + 16);
      chars = Arrays.copyOf(chars, capacity);
      if (starts != null) {
        starts = Arrays.copyOf(starts, capacity);
        ends = Arrays.copyOf(ends, capacity);
      }
    }

    private void addRange(int start, int end) {
      if (starts == null) {
        starts = new int[chars.length];
        ends = new int[chars.length];
        for (int i = 0; i < length; i++) {
          starts[i] = offset + i;
          ends[i] = offset + i + 1;
        }
      }
      starts[length] = start;
      ends[length] = end;
    }

    void addCodePoint(int codePoint, int start, int end) {
      if (codePoint < Character.MIN_SUPPLEMENTARY_CODE_POINT) {
        add((char) codePoint, start, end);
      } else {
        add(Character.highSurrogate(codePoint), start, end);
        add(Character.lowSurrogate(codePoint), start, end);
      }
    }

    void add(CharSequence text, int start, int end) {
      for (int i = 0; i < text.length(); i++) {
        add(text.charAt(i), start, end);
      }
    }

    /** Adds characters of another text, with their ranges. */
    void add(AlignedText text, int from, int to) {
      for (int i = from; i < to; i++) {
        add(text.chars[i], text.start(i), text.end(i));
      }
    }

    AlignedText build() {
      return new AlignedText(chars, length, offset, starts, ends);
    }
  }
}
