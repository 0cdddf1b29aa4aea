package org.lanewise.nn.text;

/** More texts. It is one of the slow tests. */
class WordPieceExhaustiveTest extends WordPieceTest {
  @Override
  int texts() {
    return 100_000;
  }
}
