package org.lanewise.nn.text;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/** How often each word is in texts, in the order in which words come first. */
final class WordCounts {
  private final SequencedMap<String, Count> counts = new LinkedHashMap<>();
  private final ByteLevelWords splitter = new ByteLevelWords(false, true);
  private final AddedTokens added;

  private static final class Count {
    private long value;
  }

  /**
   * A word and how often it is there.
   *
   * @param text which is not empty
   */
  record Word(String text, long count) {}

  /** No words yet; tokens of the list end a word and are none. */
  WordCounts(List<AddedToken> added) {
    this.added = new AddedTokens(added, added.stream().map(AddedToken::content).toList());
  }

  void add(String text) {
    AlignedText aligned = AlignedText.of(text, 0, text.length());
    Words words =
        (part, from, to) ->
            counts.computeIfAbsent(new String(part.chars(), from, to - from), _ -> new Count())
                .value++;
    added.split(
        aligned.chars(),
        0,
        aligned.length(),
        new AddedTokens.Parts() {
          @Override
          public void text(int from, int to) {
            if (from < to) {
              splitter.split(aligned, from, to, words);
            }
          }

          @Override
          public void token(int id, int from, int to) {}
        });
  }

  List<Word> words() {
    return counts.entrySet().stream()
        .map(entry -> new Word(entry.getKey(), entry.getValue().value))
        .toList();
  }
}
