package org.lanewise.nn.text;

import java.util.List;

/** What is done to a text before words are looked for in it. */
sealed interface Normalizer
    permits BertNormalizer,
        PrecompiledNormalizer,
        UnicodeNormalizer,
        Normalizer.Lowercase,
        Normalizer.None,
        Normalizer.Prepend,
        Normalizer.Replace,
        Normalizer.Sequence,
        Normalizer.Strip,
        Normalizer.StripAccents {
  /** The text that the words are in. */
  AlignedText normalize(AlignedText text);

  /** The text as it is. */
  record None() implements Normalizer {
    @Override
    public AlignedText normalize(AlignedText text) {
      return text;
    }
  }

  /** One after the other. */
  record Sequence(List<Normalizer> steps) implements Normalizer {
    public Sequence {
      steps = List.copyOf(steps);
    }

    @Override
    public AlignedText normalize(AlignedText text) {
      AlignedText result = text;
      for (Normalizer step : steps) {
        result = step.normalize(result);
      }
      return result;
    }
  }

  /** Lower case, character by character: a sigma at a word's end is like any other. */
  record Lowercase() implements Normalizer {
    @Override
    public AlignedText normalize(AlignedText text) {
      AlignedText.Builder lower = text.builder();
      int width;
      for (int i = 0; i < text.length(); i += width) {
        int c = text.codePoint(i);
        width = Character.charCount(c);
        lower.addCodePoint(Character.toLowerCase(c), text.start(i), text.end(i + width - 1));
        if (c == 'İ') {
          lower.add('\u0307', text.start(i), text.end(i));
        }
      }
      return lower.build();
    }
  }

  /** Leaves out all marks (categories Mn, Mc and Me). */
  record StripAccents() implements Normalizer {
    @Override
    public AlignedText normalize(AlignedText text) {
      int from = 0;
      while (from < text.length() && Characters.isMark(text.codePoint(from))) {
        from += Character.charCount(text.codePoint(from));
      }
      AlignedText.Builder bare = text.builderFrom(from);
      int width;
      for (int i = from; i < text.length(); i += width) {
        int c = text.codePoint(i);
        width = Character.charCount(c);
        if (!Characters.isMark(c)) {
          bare.add(text, i, i + width);
        }
      }
      return bare.build();
    }
  }

  /** Leaves out the blanks at the ends. */
  record Strip(boolean left, boolean right) implements Normalizer {
    @Override
    public AlignedText normalize(AlignedText text) {
      int from = 0;
      int to = text.length();
      while (left && from < to && Characters.isWhitespace(text.chars()[from])) {
        from++;
      }
      while (right && to > from && Characters.isWhitespace(text.chars()[to - 1])) {
        to--;
      }
      if (from == 0 && to == text.length()) {
        return text;
      }
      AlignedText.Builder stripped = text.builderFrom(from);
      stripped.add(text, from, to);
      return stripped.build();
    }
  }

  /** Puts a text in front of any text that is not empty. */
  record Prepend(String prefix) implements Normalizer {
    @Override
    public AlignedText normalize(AlignedText text) {
      if (text.length() == 0) {
        return text;
      }
      AlignedText.Builder longer = text.builder();
      int width = Character.charCount(text.codePoint(0));
      longer.add(prefix, text.start(0), text.end(width - 1));
      longer.add(text, 0, text.length());
      return longer.build();
    }
  }

  /**
   * Replaces one text by another wherever it stands.
   *
   * @param pattern not empty
   * @param repeated whether two and more of the pattern in a row are replaced as one, and one alone
   *     stays: the regular expression {@code pattern{2,}}
   */
  record Replace(String pattern, boolean repeated, String content) implements Normalizer {
    public Replace {
      if (pattern.isEmpty()) {
        throw new IllegalArgumentException("the pattern to be replaced is empty");
      }
    }

    @Override
    public AlignedText normalize(AlignedText text) {
      AlignedText.Builder replaced = text.builder();
      int at = 0;
      while (at < text.length()) {
        int end = at;
        do {
          end = matches(text, end) ? end + pattern.length() : end;
        } while (repeated && matches(text, end));
        if (end > at + (repeated ? pattern.length() : 0)) {
          replaced.add(content, text.start(at), text.end(end - 1));
          at = end;
        } else {
          replaced.add(text, at, at + 1);
          at++;
        }
      }
      return replaced.build();
    }

    private boolean matches(AlignedText text, int at) {
      if (at + pattern.length() > text.length()) {
        return false;
      }
      for (int i = 0; i < pattern.length(); i++) {
        if (text.chars()[at + i] != pattern.charAt(i)) {
          return false;
        }
      }
      return true;
    }
  }
}
