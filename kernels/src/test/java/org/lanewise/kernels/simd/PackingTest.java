package org.lanewise.kernels.simd;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PackingTest {
  @ParameterizedTest
  @CsvSource({
    "1, 1, 8",
    "7, 9, 8",
    "8, 8, 8",
    "9, 16, 8",
    "24, 17, 8",
    "6, 8, 6",
    "13, 23, 6",
    "12, 7, 6",
    "32, 32, 32",
    "33, 40, 32",
    "95, 8, 32",
    "16, 31, 16",
    "17, 33, 16",
    "5, 0, 8",
    "0, 5, 8"
  })
  void panelsHoldLinesSideBySide(int lines, int depth, int width) {
    for (boolean transposed : new boolean[] {false, true}) {
      try (Arena arena = Arena.ofConfined()) {
        int stride = (transposed ? depth : lines) + 3;
        int skip = 2;
        int last =
            lines == 0 || depth == 0
                ? 0
                : transposed ? (lines - 1) * stride + depth : (depth - 1) * stride + lines;
        MemorySegment source = arena.allocate(JAVA_FLOAT, skip + last); // ends with the block
        for (int i = 0; i < skip + last; i++) {
          source.setAtIndex(JAVA_FLOAT, i, i + 1);
        }
        int panels = Math.ceilDiv(lines, width);
        long size = (long) panels * width * depth;
        MemorySegment target = arena.allocate(4 * size + Packing.SLACK + 4);
        target.fill((byte) -1);

        Packing.pack(
            source,
            4L * skip,
            transposed ? stride : 1,
            transposed ? 1 : stride,
            lines,
            depth,
            width,
            target);

        for (int line = 0; line < panels * width; line++) {
          for (int p = 0; p < depth; p++) {
            float expected =
                line < lines ? skip + 1 + (transposed ? line * stride + p : p * stride + line) : 0f;
            long at = (long) (line / width) * width * depth + (long) p * width + line % width;
            assertThat(target.getAtIndex(JAVA_FLOAT, at))
                .as("line %d, p %d, transposed %s", line, p, transposed)
                .isEqualTo(expected);
          }
        }
        assertThat(target.getAtIndex(JAVA_FLOAT, size + Packing.SLACK / 4)).isNaN();
      }
    }
  }
}
