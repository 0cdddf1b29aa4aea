package org.lanewise.nn.onnx;

/** More damaged files. It is one of the slow tests. */
class OnnxExhaustiveTest extends OnnxFuzzTest {
  @Override
  int inputs() {
    return 25_000;
  }
}
