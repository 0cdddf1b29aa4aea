package org.lanewise.nn.train;

/** More damaged checkpoints. It is one of the slow tests. */
class CheckpointExhaustiveTest extends CheckpointFuzzTest {
  @Override
  int inputs() {
    return 25_000;
  }
}
