package org.lanewise.kernels.simd.gemm.f32;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.lanewise.kernels.simd.gemm.f32.Memory.ELEMENT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The contract of {@link MicroKernel}, for each kernel on this machine's vectors. */
class MicroKernelTest {
  private static final int MAX_DEPTH = 257;

  /** Elements before each operand: it need not start where its memory does. */
  private static final int SKIP = 5;

  /** A tile; strides are in elements. */
  record Case(MicroKernel kernel, int depth, int aStride, int bDepth, int cRow) {
    int aRow() {
      return MicroKernelTable.readsColumns(kernel) ? 1 : aStride;
    }

    int aDepth() {
      return MicroKernelTable.readsColumns(kernel) ? aStride : 1;
    }

    @Override
    public String toString() {
      return "%s, depth %d, a %d, b %d, c %d"
          .formatted(kernel.getClass().getSimpleName(), depth, aStride, bDepth, cRow);
    }
  }

  static Stream<Case> cases() {
    List<Case> cases = new ArrayList<>();
    for (MicroKernel kernel : MicroKernelTable.all()) {
      int columns = kernel.columns();
      for (int aStride : new int[] {0, 1, 8, MAX_DEPTH}) {
        for (int depth : new int[] {0, 1, 2, 3, 64, MAX_DEPTH}) {
          cases.add(new Case(kernel, depth, aStride, columns, columns));
          cases.add(new Case(kernel, depth, aStride, columns + 3, columns + 9));
          cases.add(new Case(kernel, depth, aStride, 1, 2 * columns));
        }
      }
    }
    return cases.stream();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void tileHoldsChainsOfFusedMultiplyAdds(Case x) {
    MicroKernel kernel = x.kernel;
    int last = Math.max(0, x.depth - 1);
    try (Arena arena = Arena.ofConfined()) {
      SplittableRandom random = new SplittableRandom(x.depth);
      // A and B end with the last element that the tile needs: reading on would throw.
      MemorySegment a =
          random(arena, random, SKIP + (kernel.rows() - 1) * x.aRow() + last * x.aDepth() + 1);
      MemorySegment b = random(arena, random, SKIP + last * x.bDepth + kernel.columns());
      MemorySegment c =
          random(arena, random, SKIP + kernel.rows() * x.cRow + kernel.columns() + SKIP);
      float[] expected = c.toArray(JAVA_FLOAT);
      for (int i = 0; i < kernel.rows() && x.depth > 0; i++) {
        for (int j = 0; j < kernel.columns(); j++) {
          float sum = 0f;
          for (int p = 0; p < x.depth; p++) {
            sum =
                Math.fma(
                    a.getAtIndex(JAVA_FLOAT, SKIP + i * x.aRow() + p * x.aDepth()),
                    b.getAtIndex(JAVA_FLOAT, SKIP + p * x.bDepth + j),
                    sum);
          }
          expected[SKIP + i * x.cRow + j] = sum;
        }
      }

      kernel.multiply(
          x.depth,
          a,
          SKIP * ELEMENT,
          (long) x.aStride * ELEMENT,
          b,
          SKIP * ELEMENT,
          (long) x.bDepth * ELEMENT,
          c,
          SKIP * ELEMENT,
          (long) x.cRow * ELEMENT);

      float[] actual = c.toArray(JAVA_FLOAT);
      assertThat(Arrays.mismatch(actual, expected)).as("first wrong element of C").isEqualTo(-1);
    }
  }

  private static MemorySegment random(Arena arena, SplittableRandom random, int size) {
    MemorySegment segment = arena.allocate(JAVA_FLOAT, size);
    for (int i = 0; i < size; i++) {
      segment.setAtIndex(JAVA_FLOAT, i, random.nextFloat() - 0.5f);
    }
    return segment;
  }
}
