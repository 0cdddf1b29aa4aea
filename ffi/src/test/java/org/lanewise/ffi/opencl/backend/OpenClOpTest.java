package org.lanewise.ffi.opencl.backend;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.lanewise.ffi.opencl.TestDevice;
import org.lanewise.kernels.backend.Backend;
import org.lanewise.kernels.backend.Backends;
import org.lanewise.kernels.cases.BoundOp;
import org.lanewise.kernels.cases.OpCase;
import org.lanewise.kernels.cases.OpCases;
import org.lanewise.kernels.op.SoftmaxOp;

/** Runs every op of the vocabulary on an OpenCL device; it gives the bits of the scalar backend. */
class OpenClOpTest {
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

  /** All cases, or those of the ops whose name contains what the property {@code ops} says. */
  static Stream<OpCase> cases() {
    String ops = System.getProperty("ops", "");
    return OpCases.all().stream().filter(c -> c.op().name().contains(ops));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void givesTheBitsOfTheScalarBackend(OpCase c) {
    List<float[]> expected;
    try (Backend scalar = Backends.open("scalar", 1)) {
      expected = new BoundOp(scalar, c).run();
    }
    List<float[]> actual = new BoundOp(opencl, c).run();
    for (int i = 0; i < expected.size(); i++) {
      assertThat(actual.get(i)).as("operand %d of %s", i, c).isEqualTo(expected.get(i));
    }
    opencl.checkAndFree();
  }

  static Stream<OpCase> softmaxGradients() {
    return OpCases.all().stream()
        .filter(c -> c.op() instanceof SoftmaxOp.SoftmaxBackward)
        .filter(c -> c.inputs().getFirst().shape().size() < 1000);
  }

  @ParameterizedTest
  @MethodSource("softmaxGradients")
  void whatSoftmaxExcludesHasNoPartInTheGradient(OpCase c) {
    try (Backend scalar = Backends.open("scalar", 1)) {
      BoundOp finite = new BoundOp(scalar, c);
      BoundOp excluded = new BoundOp(opencl, c);
      for (int i = 1; i < c.inputs().getFirst().shape().size(); i += 3) {
        finite.set(0, i, 0f);
        excluded.set(0, i, 0f);
        excluded.set(1, i, i % 2 == 0 ? Float.NaN : Float.POSITIVE_INFINITY);
      }
      assertThat(excluded.run().getFirst()).isEqualTo(finite.run().getFirst());
    }
    opencl.checkAndFree();
  }
}
