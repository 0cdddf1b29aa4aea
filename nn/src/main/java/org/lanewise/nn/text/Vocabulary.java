package org.lanewise.nn.text;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;

/** Tokens and their ids, which need not follow each other. */
final class Vocabulary {
  /** Bounds the memory of tables by id, far above any vocabulary in use. */
  static final int MAX_ID = (1 << 22) - 1;

  /** Bounds the time that a position of a text takes, far above any token in use. */
  static final int MAX_TOKEN_LENGTH = 1024;

  private final Map<String, Integer> ids;
  private final String[] tokens;

  /**
   * A vocabulary.
   *
   * @throws IllegalArgumentException if an id is below 0, above {@link #MAX_ID} or of two tokens,
   *     or a token is too long or not Unicode
   */
  Vocabulary(Map<String, Integer> ids) {
    this.ids = new HashMap<>(ids);
    int size = 0;
    for (var entry : ids.entrySet()) {
      requireToken(entry.getKey(), entry.getValue());
      size = Math.max(size, entry.getValue() + 1);
    }
    tokens = new String[size];
    for (var entry : ids.entrySet()) {
      String other = tokens[entry.getValue()];
      if (other != null) {
        throw new IllegalArgumentException(
            "tokens '%s' and '%s' both have id %d"
                .formatted(other, entry.getKey(), entry.getValue()));
      }
      tokens[entry.getValue()] = entry.getKey();
    }
  }

  private static void requireToken(String token, int id) {
    if (id < 0 || id > MAX_ID) {
      throw new IllegalArgumentException(
          "token '%s' has id %d, which is not between 0 and %d".formatted(token, id, MAX_ID));
    }
    if (token.length() > MAX_TOKEN_LENGTH) {
      throw new IllegalArgumentException(
          "token %d has %d characters, the limit is %d"
              .formatted(id, token.length(), MAX_TOKEN_LENGTH));
    }
    if (Characters.hasUnpairedSurrogate(token)) {
      throw new IllegalArgumentException(
          "token %d, '%s', has a surrogate without its other half".formatted(id, token));
    }
  }

  /** The largest id plus one. */
  int size() {
    return tokens.length;
  }

  /** The token of an id, or null. */
  String token(int id) {
    return id >= 0 && id < tokens.length ? tokens[id] : null;
  }

  /** The id of a token, or -1. */
  int id(String token) {
    return ids.getOrDefault(token, -1);
  }

  /**
   * The id of a token that has to be there.
   *
   * @param what the token is for
   * @throws IllegalArgumentException if it is not there
   */
  int require(String what, String token) {
    int id = id(token);
    if (id < 0) {
      throw new IllegalArgumentException(
          "the %s '%s' is not in the vocabulary".formatted(what, token));
    }
    return id;
  }

  Map<String, Integer> ids() {
    return Collections.unmodifiableMap(ids);
  }

  /** A trie of all tokens that are not empty. */
  CharTrie trie() {
    CharTrie trie = new CharTrie();
    for (int id = 0; id < tokens.length; id++) {
      if (tokens[id] != null && !tokens[id].isEmpty()) {
        trie.put(tokens[id], id);
      }
    }
    return trie;
  }
}
