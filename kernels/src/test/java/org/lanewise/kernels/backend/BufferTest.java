package org.lanewise.kernels.backend;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lanewise.kernels.cases.BufferCopies;

class BufferTest {
  @ParameterizedTest
  @ValueSource(strings = {"cpu", "scalar"})
  void copies(String device) {
    try (Backend backend = Backends.open(device, 1)) {
      BufferCopies.verify(backend);
    }
  }
}
