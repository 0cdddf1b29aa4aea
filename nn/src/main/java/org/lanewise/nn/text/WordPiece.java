package org.lanewise.nn.text;

import java.util.Arrays;

/**
 * WordPiece (Schuster and Nakajima, Japanese and Korean voice search, 2012): the longest token that
 * a word begins with, then the longest one that the rest begins with, and so on. A word that cannot
 * be cut like this is unknown as a whole.
 */
final class WordPiece implements Model {
  private final Vocabulary vocabulary;
  private final String unknownToken;
  private final int unknown;
  private final String prefix;
  private final int maxWordLength;
  private final CharTrie trie;
  private final int continuation;
  private final WordCache cache = new WordCache();
  private final WordCache.Encoder encoder = this::encode;

  /**
   * A model.
   *
   * @param prefix of tokens that do not begin a word
   * @param maxWordLength of a word that is looked at, in code points; longer ones are unknown
   * @throws IllegalArgumentException if the unknown token is not in the vocabulary
   */
  WordPiece(Vocabulary vocabulary, String unknownToken, String prefix, int maxWordLength) {
    this.vocabulary = vocabulary;
    this.unknownToken = unknownToken;
    this.unknown = vocabulary.require("unknown token", unknownToken);
    this.prefix = prefix;
    this.maxWordLength = maxWordLength;
    this.trie = vocabulary.trie();
    int node = CharTrie.ROOT;
    for (int i = 0; i < prefix.length() && node != CharTrie.NONE; i++) {
      node = trie.child(node, prefix.charAt(i));
    }
    this.continuation = node;
  }

  @Override
  public Vocabulary vocabulary() {
    return vocabulary;
  }

  String unknownToken() {
    return unknownToken;
  }

  String prefix() {
    return prefix;
  }

  int maxWordLength() {
    return maxWordLength;
  }

  @Override
  public void tokenize(AlignedText text, int from, int to, Tokens tokens) {
    cache.tokenize(text, from, to, tokens, encoder);
  }

  private int[] encode(char[] chars, int from, int to) {
    int[] all = {unknown, 0, to - from};
    if (to - from > maxWordLength
        && Character.codePointCount(chars, from, to - from) > maxWordLength) {
      return all;
    }
    int[] triples = new int[3 * (to - from)];
    int count = 0;
    int root = CharTrie.ROOT;
    int begin = from;
    while (begin < to) {
      int node = root;
      int token = CharTrie.NONE;
      int end = begin;
      for (int i = begin; i < to && node != CharTrie.NONE; i++) {
        node = trie.child(node, chars[i]);
        if (node != CharTrie.NONE && trie.value(node) != CharTrie.NONE) {
          token = trie.value(node);
          end = i + 1;
        }
      }
      if (token == CharTrie.NONE) {
        return all;
      }
      triples[count] = token;
      triples[count + 1] = begin - from;
      triples[count + 2] = end - from;
      count += 3;
      begin = end;
      root = continuation;
    }
    return Arrays.copyOf(triples, count);
  }
}
