package org.lanewise.kernels.simd.gemm.f32;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.lanewise.kernels.simd.gemm.f32.Memory.ELEMENT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PackingTest {
  /** Elements before the block, and before the panels. */
  private static final int SKIP = 2;

  /** What the memory between and behind the lines holds. */
  private static final float OUTSIDE = -7f;

  private static final float UNTOUCHED = -1f;

  /** A block; with {@code contiguousDepth}, its lines have to be transposed. */
  record Case(int width, int lines, int depth, boolean contiguousDepth, int gap, int rest) {}

  static Stream<Case> cases() {
    List<Case> cases = new ArrayList<>();
    for (int width : new TreeSet<>(List.of(6, 8, 16, 32, 64, Packing.B_WIDTH))) {
      for (int lines :
          new TreeSet<>(
              List.of(
                  0, 1, 3, width - 1, width, width + 1, width + 7, 2 * width, 3 * width - 1, 67))) {
        for (int depth : new int[] {0, 1, 7, 8, 9, 16, 31}) {
          for (boolean contiguousDepth : new boolean[] {false, true}) {
            cases.add(new Case(width, lines, depth, contiguousDepth, 0, 0));
            cases.add(new Case(width, lines, depth, contiguousDepth, 3, 40));
          }
        }
      }
    }
    return cases.stream();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void panelsHoldLinesSideBySideAndTheLastEndsWithTheLastLine(Case x) {
    int stride = Math.max(1, (x.contiguousDepth ? x.depth : x.lines) + x.gap);
    int lineStride = x.contiguousDepth ? stride : 1;
    int depthStride = x.contiguousDepth ? 1 : stride;
    int panels = Math.ceilDiv(x.lines, x.width);
    int pitch = Packing.pitch(x.width);
    long size = Packing.size(x.lines, x.depth, x.width);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment source = source(arena, x, lineStride, depthStride);
      MemorySegment target = filled(arena, SKIP + size + SKIP, UNTOUCHED);

      Packing.pack(
          source,
          SKIP * ELEMENT,
          (long) lineStride * ELEMENT,
          (long) depthStride * ELEMENT,
          x.lines,
          x.depth,
          x.width,
          target,
          SKIP * ELEMENT);

      for (int panel = 0; panel < panels; panel++) {
        int first = Math.max(0, Math.min(panel * x.width, x.lines - x.width));
        for (int p = 0; p < x.depth; p++) {
          for (int line = first; line < Math.min(first + x.width, x.lines); line++) {
            long at = SKIP + ((long) panel * x.depth + p) * pitch + line - first;
            if (target.getAtIndex(JAVA_FLOAT, at) != value(line, p)) {
              assertThat(target.getAtIndex(JAVA_FLOAT, at))
                  .as("panel %d, line %d, p %d", panel, line, p)
                  .isEqualTo(value(line, p));
            }
          }
        }
      }
      for (int i = 0; i < SKIP; i++) {
        assertThat(target.getAtIndex(JAVA_FLOAT, i)).as("before").isEqualTo(UNTOUCHED);
        assertThat(target.getAtIndex(JAVA_FLOAT, SKIP + size + i))
            .as("behind")
            .isEqualTo(UNTOUCHED);
      }
    }
  }

  /** Memory that ends with the block and, unless the case has a rest, at its last element. */
  private static MemorySegment source(Arena arena, Case x, int lineStride, int depthStride) {
    boolean empty = x.lines == 0 || x.depth == 0;
    int length = empty ? 0 : (x.lines - 1) * lineStride + (x.depth - 1) * depthStride + 1;
    MemorySegment source = filled(arena, SKIP + length + x.rest, OUTSIDE);
    for (int line = 0; line < x.lines; line++) {
      for (int p = 0; p < x.depth; p++) {
        source.setAtIndex(JAVA_FLOAT, SKIP + line * lineStride + p * depthStride, value(line, p));
      }
    }
    return source;
  }

  private static float value(int line, int p) {
    return 1000 * line + p;
  }

  private static MemorySegment filled(Arena arena, long size, float value) {
    MemorySegment segment = arena.allocate(JAVA_FLOAT, size);
    for (long i = 0; i < size; i++) {
      segment.setAtIndex(JAVA_FLOAT, i, value);
    }
    return segment;
  }
}
