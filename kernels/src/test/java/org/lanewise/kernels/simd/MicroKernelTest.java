package org.lanewise.kernels.simd;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The contract of {@link MicroKernel}, for each kernel on this machine's vectors. */
class MicroKernelTest {
  static Stream<MicroKernel> kernels() {
    return Stream.of(new MicroKernel8x2(), new MicroKernel6x2());
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void tileHoldsChainsOfFusedMultiplyAdds(MicroKernel kernel) {
    int rows = kernel.rows();
    int columns = kernel.columns();
    for (int depth : new int[] {0, 1, 2, 3, 64, 257}) {
      try (Arena arena = Arena.ofConfined()) {
        SplittableRandom random = new SplittableRandom(depth);
        int skip = 5; // panels need not start at the segment's start
        MemorySegment a = random(arena, random, skip * rows + depth * rows);
        MemorySegment b = random(arena, random, skip * columns + depth * columns);
        MemorySegment tile = random(arena, random, rows * columns + 3);
        float[] guard = tile.asSlice(4L * rows * columns).toArray(JAVA_FLOAT);

        float[] before = tile.toArray(JAVA_FLOAT);
        kernel.multiply(depth, a, 4L * skip * rows, b, 4L * skip * columns, tile);

        for (int i = 0; i < rows; i++) {
          for (int j = 0; j < columns; j++) {
            float sum = depth == 0 ? before[i * columns + j] : 0f;
            for (int p = skip; p < skip + depth; p++) {
              sum =
                  Math.fma(
                      a.getAtIndex(JAVA_FLOAT, p * rows + i),
                      b.getAtIndex(JAVA_FLOAT, p * columns + j),
                      sum);
            }
            assertThat(tile.getAtIndex(JAVA_FLOAT, i * columns + j)).isEqualTo(sum);
          }
        }
        assertThat(tile.asSlice(4L * rows * columns).toArray(JAVA_FLOAT)).isEqualTo(guard);
      }
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
