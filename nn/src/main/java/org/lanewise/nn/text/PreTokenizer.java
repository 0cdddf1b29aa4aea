package org.lanewise.nn.text;

import java.util.List;

/** Cuts a text into words; no token reaches over the end of one. */
sealed interface PreTokenizer
    permits BertWords,
        ByteLevelWords,
        MetaspaceWords,
        PreTokenizer.Blanks,
        PreTokenizer.Sequence,
        PreTokenizer.Whole {
  /** Gives the words of a range of a text, which is not empty, to {@code words}. */
  void split(AlignedText text, int from, int to, Words words);

  /** All of the text as one word. */
  record Whole() implements PreTokenizer {
    @Override
    public void split(AlignedText text, int from, int to, Words words) {
      words.word(text, from, to);
    }
  }

  /** What stands between blanks. */
  record Blanks() implements PreTokenizer {
    @Override
    public void split(AlignedText text, int from, int to, Words words) {
      char[] chars = text.chars();
      int begin = from;
      for (int i = from; i <= to; i++) {
        if (i == to || Characters.isWhitespace(chars[i])) {
          if (i > begin) {
            words.word(text, begin, i);
          }
          begin = i + 1;
        }
      }
    }
  }

  /** Each step cuts the words of the one before. */
  record Sequence(List<PreTokenizer> steps) implements PreTokenizer {
    public Sequence {
      steps = List.copyOf(steps);
    }

    @Override
    public void split(AlignedText text, int from, int to, Words words) {
      Words last = words;
      for (PreTokenizer step : steps.reversed()) {
        Words next = last;
        last = (t, begin, end) -> step.split(t, begin, end, next);
      }
      last.word(text, from, to);
    }
  }
}
