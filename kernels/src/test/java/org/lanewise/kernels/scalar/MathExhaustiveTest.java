package org.lanewise.kernels.scalar;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.lanewise.kernels.workspace.Workspace;

/**
 * The elementary functions on every float, as vectors and, on every sixteenth, as scalars too. Some
 * minutes: it runs when asked for by {@code ./lanewise test --exhaustive}.
 */
class MathExhaustiveTest {
  private static final int BLOCK = 1 << 14;
  private static final int BLOCKS = 1 << 18;

  /** Memory of one thread. */
  private record Buffers(MemorySegment x, MemorySegment y) {
    private static final ThreadLocal<Buffers> THREADS =
        ThreadLocal.withInitial(() -> {
          Arena arena = Arena.ofAuto();
          return new Buffers(arena.allocate(JAVA_FLOAT, BLOCK), arena.allocate(JAVA_FLOAT, BLOCK));
        });
  }

  private record Worst(double ulps, float x) {}

  static List<MathCase> functions() {
    return MathCase.all();
  }

  @ParameterizedTest
  @MethodSource("functions")
  void staysWithinItsMaximumErrorOnAllFloats(MathCase f) {
    Worst worst =
        IntStream.range(0, BLOCKS)
            .parallel()
            .filter(block -> !isTheReference(f, block))
            .mapToObj(block -> worst(f, block))
            .max(Comparator.comparing(Worst::ulps))
            .orElseThrow();
    System.out.printf("%-10s %.4f ULP at %s%n", f, worst.ulps, worst.x);
    assertThat(worst.ulps).as("%s(%s)", f, worst.x).isLessThanOrEqualTo(f.maxUlp());
  }

  /** Large angles are left to f64: a sixty-fourth of them is enough. */
  private static boolean isTheReference(MathCase f, int block) {
    float first = Float.intBitsToFloat(block * BLOCK);
    return (f.name().equals("sin") || f.name().equals("cos"))
        && Math.abs(first) > MathConstants.TURNS_HIGH
        && block % 64 != 0;
  }

  private static Worst worst(MathCase f, int block) {
    MemorySegment x = Buffers.THREADS.get().x;
    MemorySegment y = Buffers.THREADS.get().y;
    for (int i = 0; i < BLOCK; i++) {
      x.setAtIndex(JAVA_FLOAT, i, Float.intBitsToFloat(block * BLOCK + i));
    }
    try (Workspace _ = Workspace.enter()) {
      f.kernel().run(x, y, 0, BLOCK);
    }
    double worst = 0;
    float worstAt = 0;
    for (int i = 0; i < BLOCK; i++) {
      float at = x.getAtIndex(JAVA_FLOAT, i);
      double error = f.ulps(at, y.getAtIndex(JAVA_FLOAT, i));
      if (error > worst) {
        worst = error;
        worstAt = at;
      }
    }
    if (block % 16 == 0) {
      assertSameAsTwin(f, x, y);
    }
    return new Worst(worst, worstAt);
  }

  private static void assertSameAsTwin(MathCase f, MemorySegment x, MemorySegment y) {
    for (int i = 0; i < BLOCK; i++) {
      float at = x.getAtIndex(JAVA_FLOAT, i);
      float actual = y.getAtIndex(JAVA_FLOAT, i);
      if (Float.floatToIntBits(actual) != Float.floatToIntBits(f.twin().apply(at))) {
        assertThat(actual).as("%s(%s)", f, at).isEqualTo(f.twin().apply(at));
      }
    }
  }
}
