package org.lanewise.nn.text;

/** More damaged files. It is one of the slow tests. */
class TokenizersExhaustiveTest extends TokenizersFuzzTest {
  @Override
  int inputs() {
    return 25_000;
  }
}
