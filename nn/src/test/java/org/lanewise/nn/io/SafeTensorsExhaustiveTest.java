package org.lanewise.nn.io;

/** More damaged files. It is one of the slow tests. */
class SafeTensorsExhaustiveTest extends SafeTensorsFuzzTest {
  @Override
  int inputs() {
    return 25_000;
  }
}
