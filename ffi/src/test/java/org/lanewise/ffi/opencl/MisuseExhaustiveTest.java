package org.lanewise.ffi.opencl;

import org.junit.jupiter.api.Test;

/** The same with many calls, as one of the slow tests. */
class MisuseExhaustiveTest {
  @Test
  void isRefusedAndHarmsNothing() throws Exception {
    MisuseTest.requireRefused(240_000);
  }
}
