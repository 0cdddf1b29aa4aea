package org.lanewise.nn.text;

/** Cuts a word into tokens of a vocabulary. */
sealed interface Model permits BytePairs, CharacterModel, Unigram, WordPiece {
  /** The tokens that the model knows; added tokens may come on top. */
  Vocabulary vocabulary();

  /** Adds the tokens of a word, a range of a text that is not empty. */
  void tokenize(AlignedText text, int from, int to, Tokens tokens);
}
