package org.lanewise.nn.text;

/**
 * A token that is found in the text before all else, whatever the model would make of it.
 *
 * @param content how it appears in the text
 * @param singleWord whether it counts only where no letter or digit stands beside it
 * @param stripLeft whether it takes the blanks before it
 * @param stripRight whether it takes the blanks after it
 * @param normalized whether it is looked for in the normalized text
 * @param special whether it stands for no text
 */
record AddedToken(
    int id,
    String content,
    boolean singleWord,
    boolean stripLeft,
    boolean stripRight,
    boolean normalized,
    boolean special) {
  AddedToken {
    if (content.isEmpty()) {
      throw new IllegalArgumentException("added token %d is empty".formatted(id));
    }
    if (content.length() > Vocabulary.MAX_TOKEN_LENGTH) {
      throw new IllegalArgumentException(
          "added token %d has %d characters, the limit is %d"
              .formatted(id, content.length(), Vocabulary.MAX_TOKEN_LENGTH));
    }
    if (Characters.hasUnpairedSurrogate(content)) {
      throw new IllegalArgumentException(
          "added token '%s' has a surrogate without its other half".formatted(content));
    }
  }

  /** A special token that is looked for as it stands. */
  static AddedToken special(int id, String content) {
    return new AddedToken(id, content, false, false, false, false, true);
  }
}
