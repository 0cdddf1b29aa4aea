package org.lanewise.nn.text;

/**
 * Each character (code point) is a token. In a file it is a byte-pair model without merges.
 *
 * @param unknownToken of characters that the vocabulary lacks
 * @param fuseUnknown whether unknown characters in a row are one token
 */
record CharacterModel(
    Vocabulary vocabulary, String unknownToken, boolean fuseUnknown, int unknown, CharTrie trie)
    implements Model {
  /**
   * A model.
   *
   * @throws IllegalArgumentException if the unknown token is not in the vocabulary
   */
  static CharacterModel of(Vocabulary vocabulary, String unknownToken, boolean fuseUnknown) {
    int unknown = vocabulary.require("unknown token", unknownToken);
    return new CharacterModel(vocabulary, unknownToken, fuseUnknown, unknown, vocabulary.trie());
  }

  @Override
  public void tokenize(AlignedText text, int from, int to, Tokens tokens) {
    int unknownFrom = -1;
    int width;
    for (int i = from; i < to; i += width) {
      width = Character.charCount(text.codePoint(i));
      int node = trie.child(CharTrie.ROOT, text.chars()[i]);
      if (width == 2 && node != CharTrie.NONE) {
        node = trie.child(node, text.chars()[i + 1]);
      }
      int id = node == CharTrie.NONE ? CharTrie.NONE : trie.value(node);
      if (id == CharTrie.NONE && fuseUnknown) {
        unknownFrom = unknownFrom < 0 ? i : unknownFrom;
        continue;
      }
      if (unknownFrom >= 0) {
        tokens.add(unknown, text.start(unknownFrom), text.end(i - 1));
        unknownFrom = -1;
      }
      tokens.add(id == CharTrie.NONE ? unknown : id, text.start(i), text.end(i + width - 1));
    }
    if (unknownFrom >= 0) {
      tokens.add(unknown, text.start(unknownFrom), text.end(to - 1));
    }
  }
}
