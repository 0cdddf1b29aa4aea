package org.lanewise.nn.text;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.text.BreakIterator;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.Locale;

/**
 * Sentencepiece's normalization by a table in its model (Kudo and Richardson, arXiv 1808.06226): a
 * trie of byte strings, laid out as a double array, and what each becomes.
 *
 * <p>As in the Hugging Face library, the table is asked about a character with its marks (a
 * grapheme cluster) if it has fewer than 6 bytes, and then about each code point, and the shortest
 * entry that it begins with replaces all of it.
 */
final class PrecompiledNormalizer implements Normalizer {
  private static final int MAX_CLUSTER_BYTES = 5;
  private static final String NONE = null;

  private final byte[] map;
  private final int[] units;
  private final byte[] replacements;

  /**
   * A normalizer.
   *
   * @param map four bytes with the size of the trie, the trie, and strings that end with a zero
   * @throws IllegalArgumentException if an entry of the trie is outside of it, or of the strings
   */
  PrecompiledNormalizer(byte[] map) {
    this.map = map.clone();
    ByteBuffer buffer = ByteBuffer.wrap(map).order(ByteOrder.LITTLE_ENDIAN);
    long size = map.length < Integer.BYTES ? -1 : Integer.toUnsignedLong(buffer.getInt());
    if (size < Integer.BYTES || size % Integer.BYTES != 0 || size > buffer.remaining()) {
      throw new IllegalArgumentException(
          "a trie of %d bytes in a map of %d".formatted(size, map.length));
    }
    units = new int[(int) size / Integer.BYTES];
    for (int i = 0; i < units.length; i++) {
      units[i] = buffer.getInt();
    }
    replacements = new byte[buffer.remaining()];
    buffer.get(replacements);
    check();
  }

  byte[] map() {
    return map.clone();
  }

  /** Walks through the whole trie. */
  private void check() {
    BitSet seen = new BitSet(units.length);
    Deque<Integer> bases = new ArrayDeque<>();
    bases.push(offset(units[0]));
    while (!bases.isEmpty()) {
      int base = bases.pop();
      if (base >= units.length) {
        throw new IllegalArgumentException("node %d of a trie of %d".formatted(base, units.length));
      }
      if (seen.get(base)) {
        continue;
      }
      seen.set(base);
      for (int label = 1; label < 256; label++) {
        int node = base ^ label;
        if (node < units.length && label(units[node]) == label) {
          int next = node ^ offset(units[node]);
          if (hasLeaf(units[node]) && next < units.length) {
            requireReplacement(value(units[next]));
          }
          bases.push(next);
        }
      }
    }
  }

  private void requireReplacement(int index) {
    try {
      if (index < replacements.length) {
        UTF_8.newDecoder().decode(ByteBuffer.wrap(replacements, index, end(index) - index));
        return;
      }
    } catch (CharacterCodingException notUtf8) {
      throw new IllegalArgumentException("the string at byte %d is not UTF-8".formatted(index));
    }
    throw new IllegalArgumentException(
        "a string at byte %d of %d".formatted(index, replacements.length));
  }

  private static boolean hasLeaf(int unit) {
    return (unit >>> 8 & 1) != 0;
  }

  private static int value(int unit) {
    return unit & Integer.MAX_VALUE;
  }

  private static int label(int unit) {
    return unit & (1 << 31 | 0xff);
  }

  private static int offset(int unit) {
    return unit >>> 10 << ((unit & 1 << 9) >>> 6);
  }

  private int end(int index) {
    int end = index;
    while (end < replacements.length && replacements[end] != 0) {
      end++;
    }
    return end;
  }

  @Override
  public AlignedText normalize(AlignedText text) {
    AlignedText.Builder result = text.builder();
    BreakIterator clusters = null;
    int from = 0;
    while (from < text.length()) {
      int to = from + 1;
      if (!isPlain(text, from)) {
        if (clusters == null) {
          clusters = BreakIterator.getCharacterInstance(Locale.ROOT);
          clusters.setText(text.toString());
        }
        to = clusters.following(from);
      }
      addCluster(text, from, to, result);
      from = to;
    }
    return result.build();
  }

  /** Whether a character is a cluster of its own, as nearly all of ASCII are. */
  private static boolean isPlain(AlignedText text, int at) {
    char[] chars = text.chars();
    return chars[at] < 0x80
        && chars[at] != '\r'
        && (at + 1 == text.length() || chars[at + 1] < 0x80);
  }

  private void addCluster(AlignedText text, int from, int to, AlignedText.Builder result) {
    if (to - from <= MAX_CLUSTER_BYTES) {
      Utf8 bytes = Utf8.of(text.chars(), from, to);
      String replacement = bytes.length() <= MAX_CLUSTER_BYTES ? replacement(bytes) : NONE;
      if (replacement != NONE) {
        result.add(replacement, text.start(from), text.end(to - 1));
        return;
      }
    }
    int width;
    for (int i = from; i < to; i += width) {
      width = Character.charCount(text.codePoint(i));
      String replacement = replacement(Utf8.of(text.chars(), i, i + width));
      if (replacement != NONE) {
        result.add(replacement, text.start(i), text.end(i + width - 1));
      } else {
        result.add(text, i, i + width);
      }
    }
  }

  /** What the shortest entry that the bytes begin with becomes, or none. */
  private String replacement(Utf8 bytes) {
    int node = offset(units[0]);
    for (int i = 0; i < bytes.length() && bytes.value(i) != 0; i++) {
      node ^= bytes.value(i);
      if (node >= units.length || label(units[node]) != bytes.value(i)) {
        return NONE;
      }
      boolean leaf = hasLeaf(units[node]);
      node ^= offset(units[node]);
      if (leaf) {
        int index = value(units[node]);
        return new String(replacements, index, end(index) - index, UTF_8);
      }
    }
    return NONE;
  }
}
