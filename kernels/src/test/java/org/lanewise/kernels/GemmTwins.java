package org.lanewise.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.lanewise.kernels.parallel.WorkerPool;

/** The check that GEMM gives the bits of its scalar twin, and touches nothing else. */
final class GemmTwins {
  private GemmTwins() {}

  /** Checks all kinds of elements and memory. */
  static void assertSameBits(GemmCase g, WorkerPool... pools) {
    GemmOperands operands = GemmOperands.random(g, g.toString().hashCode());
    double[] expected = null;
    for (GemmKind kind : GemmKind.values()) {
      if (expected == null || kind == GemmKind.F64_SEGMENTS) { // the twin is slow
        expected = kind.twin(g, operands);
      }
      for (WorkerPool pool : pools) {
        double[] actual = kind.run(g.gemm().on(pool), operands);
        String description = "%s %s on %d threads".formatted(kind, g, pool.threads());
        assertSameBits(description, actual, expected);
      }
    }
  }

  private static void assertSameBits(String description, double[] actual, double[] expected) {
    int index = Arrays.mismatch(actual, expected);
    if (index >= 0) {
      assertThat(actual[index])
          .as("element %d of the memory of C, %s", index, description)
          .isEqualTo(expected[index]);
    }
  }
}
