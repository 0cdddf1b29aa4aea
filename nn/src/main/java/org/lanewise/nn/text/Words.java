package org.lanewise.nn.text;

/** Takes the words that a pre-tokenizer finds, in their order. */
@FunctionalInterface
interface Words {
  /** A word: a range of a text. */
  void word(AlignedText text, int from, int to);
}
