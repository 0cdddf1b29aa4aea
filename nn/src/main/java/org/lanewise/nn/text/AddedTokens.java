package org.lanewise.nn.text;

import java.util.List;

/** Finds added tokens in a text: of those that start first, the longest. */
final class AddedTokens {
  private final List<AddedToken> tokens;
  private final CharTrie trie = new CharTrie();

  /**
   * Those of a list that are looked for at one stage, by the texts to look for.
   *
   * @param contents of each token, as the stage sees it
   */
  AddedTokens(List<AddedToken> tokens, List<String> contents) {
    this.tokens = List.copyOf(tokens);
    for (int i = 0; i < tokens.size(); i++) {
      if (!contents.get(i).isEmpty()) {
        trie.put(contents.get(i), i);
      }
    }
  }

  /** Takes the parts of a text in their order. */
  interface Parts {
    /** A part between added tokens; it may be empty. */
    void text(int from, int to);

    /** An added token, with the blanks that it takes. */
    void token(int id, int from, int to);
  }

  /** Cuts a range of a text at added tokens. */
  void split(char[] chars, int from, int to, Parts parts) {
    if (tokens.isEmpty()) {
      parts.text(from, to);
      return;
    }
    int begin = from;
    int at = from;
    while (at < to) {
      int node = trie.child(CharTrie.ROOT, chars[at]);
      if (node == CharTrie.NONE) {
        at++;
        continue;
      }
      int found = CharTrie.NONE;
      int end = at;
      for (int i = at + 1; ; i++) {
        if (trie.value(node) != CharTrie.NONE) {
          found = trie.value(node);
          end = i;
        }
        if (i == to) {
          break;
        }
        node = trie.child(node, chars[i]);
        if (node == CharTrie.NONE) {
          break;
        }
      }
      if (found == CharTrie.NONE) {
        at++;
        continue;
      }
      AddedToken token = tokens.get(found);
      if (token.singleWord() && !standsAlone(chars, from, to, at, end)) {
        at = end;
        continue;
      }
      int tokenFrom = at;
      int tokenTo = end;
      while (token.stripLeft()
          && tokenFrom > begin
          && Characters.isWhitespace(chars[tokenFrom - 1])) {
        tokenFrom--;
      }
      while (token.stripRight() && tokenTo < to && Characters.isWhitespace(chars[tokenTo])) {
        tokenTo++;
      }
      parts.text(begin, tokenFrom);
      parts.token(token.id(), tokenFrom, tokenTo);
      begin = tokenTo;
      at = tokenTo;
    }
    parts.text(begin, to);
  }

  private static boolean standsAlone(char[] chars, int from, int to, int start, int end) {
    return (start == from || !Characters.isWord(Character.codePointBefore(chars, start, from)))
        && (end == to || !Characters.isWord(Character.codePointAt(chars, end, to)));
  }
}
