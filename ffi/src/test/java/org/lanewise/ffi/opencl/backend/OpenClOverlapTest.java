package org.lanewise.ffi.opencl.backend;

import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.lanewise.ffi.opencl.TestDevice;
import org.lanewise.kernels.backend.Backend;
import org.lanewise.kernels.backend.Backends;
import org.lanewise.kernels.cases.BoundOp;
import org.lanewise.kernels.cases.InPlaceCase;
import org.lanewise.kernels.cases.OverlapCase;

/**
 * Operands that share memory on a device: what ops allow gives the same bits, all else is refused.
 */
class OpenClOverlapTest {
  private static GuardedBackend opencl;

  @BeforeAll
  static void open() {
    opencl = new GuardedBackend(TestDevice.open());
  }

  @AfterAll
  static void close() {
    if (opencl != null) {
      opencl.close();
    }
  }

  static Stream<InPlaceCase> inPlace() {
    return InPlaceCase.all();
  }

  @ParameterizedTest
  @MethodSource("inPlace")
  void inPlaceGivesTheBitsOfTheScalarBackend(InPlaceCase c) {
    try (Backend scalar = Backends.open("scalar", 1)) {
      c.check(new BoundOp(scalar, c.op()).run(), new BoundOp(opencl, c).run());
    }
    opencl.checkAndFree();
  }

  @Test
  void otherOverlapsAreRefused() {
    OverlapCase.all()
        .forEach(c -> {
          c.checkRefused(opencl);
          opencl.checkAndFree();
        });
  }
}
