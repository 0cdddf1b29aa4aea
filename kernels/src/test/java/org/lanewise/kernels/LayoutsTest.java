package org.lanewise.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Layouts against their formulas. */
class LayoutsTest {
  /** Sizes of axes that are whole squares, not so, and 1. */
  private static final List<long[]> SIZES =
      List.of(
          new long[] {1, 1, 1, 1},
          new long[] {2, 3, 4, 5},
          new long[] {1, 17, 1, 33},
          new long[] {2, 16, 3, 64},
          new long[] {3, 1, 40, 15},
          new long[] {8, 8, 8, 8},
          new long[] {2, 0, 3, 4},
          new long[] {1, 1, 100, 70},
          new long[] {70, 2, 1, 18});

  static Stream<int[]> permutations() {
    List<int[]> permutations = new ArrayList<>();
    for (int code = 0; code < 256; code++) {
      int[] axes = {code >> 6, code >> 4 & 3, code >> 2 & 3, code & 3};
      if (Stream.of(axes[0], axes[1], axes[2], axes[3]).distinct().count() == 4) {
        permutations.add(axes);
      }
    }
    return permutations.stream();
  }

  @ParameterizedTest
  @MethodSource("permutations")
  void everyPermutationMovesEachElement(int[] axes) {
    for (long[] n : SIZES) {
      long size = n[0] * n[1] * n[2] * n[3];
      try (Arena arena = Arena.ofConfined()) {
        TestTensor x = TestTensor.normal(arena, size, 1, 1);
        TestTensor y = TestTensor.zeros(arena, size);
        Layouts.permute(
            n[0], n[1], n[2], n[3], axes[0], axes[1], axes[2], axes[3], x.segment(), y.segment());
        long[] at = new long[4];
        long i = 0;
        for (at[axes[0]] = 0; at[axes[0]] < n[axes[0]]; at[axes[0]]++) {
          for (at[axes[1]] = 0; at[axes[1]] < n[axes[1]]; at[axes[1]]++) {
            for (at[axes[2]] = 0; at[axes[2]] < n[axes[2]]; at[axes[2]]++) {
              for (at[axes[3]] = 0; at[axes[3]] < n[axes[3]]; at[axes[3]]++) {
                long from = ((at[0] * n[1] + at[1]) * n[2] + at[2]) * n[3] + at[3];
                assertThat(y.get(i)).isEqualTo(x.get(from));
                i++;
              }
            }
          }
        }
        y.assertGuardsIntact();
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 1", "2, 3, 5", "3, 8, 8", "1, 100, 33", "2, 67, 130", "1, 300, 16"})
  void transposesMatrices(int batch, int rows, int columns) {
    long size = (long) batch * rows * columns;
    try (Arena arena = Arena.ofConfined()) {
      TestTensor x = TestTensor.normal(arena, size, 1, 1);
      TestTensor y = TestTensor.zeros(arena, size);
      Layouts.transpose(batch, rows, columns, x.segment(), y.segment());
      for (int b = 0; b < batch; b++) {
        for (int i = 0; i < rows; i++) {
          for (int j = 0; j < columns; j++) {
            assertThat(y.get(((long) b * columns + j) * rows + i))
                .isEqualTo(x.get(((long) b * rows + i) * columns + j));
          }
        }
      }
      y.assertGuardsIntact();
    }
  }

  @Test
  void exchangingAxesTwiceChangesNothing() {
    try (Arena arena = Arena.ofConfined()) {
      TestTensor x = TestTensor.normal(arena, 2 * 7 * 3 * 20, 1, 1);
      TestTensor heads = TestTensor.zeros(arena, 2 * 7 * 3 * 20);
      TestTensor back = TestTensor.zeros(arena, 2 * 7 * 3 * 20);
      Layouts.swapMiddleAxes(2, 7, 3, 20, x.segment(), heads.segment());
      assertThat(heads.get(((2 * 7) + 5) * 20 + 4)).isEqualTo(x.get((5 * 3 + 2) * 20 + 4));
      Layouts.swapMiddleAxes(2, 3, 7, 20, heads.segment(), back.segment());
      assertThat(back.floats()).isEqualTo(x.floats());
    }
  }

  /** Two tensors of 3 and 2 along an axis between ones of {@code outer} and {@code inner}. */
  @ParameterizedTest
  @CsvSource({"1, 1", "4, 1", "1, 33", "5, 16", "3, 50"})
  void blocksPutTensorsTogetherAndTakeThemApart(int outer, int inner) {
    try (Arena arena = Arena.ofConfined()) {
      TestTensor a = TestTensor.normal(arena, outer * 3L * inner, 1, 1);
      TestTensor b = TestTensor.normal(arena, outer * 2L * inner, 1, 2);
      TestTensor y = TestTensor.zeros(arena, outer * 5L * inner);
      long columns = 3L * inner;
      long rest = 2L * inner;
      Layouts.copyBlock(false, outer, columns, a.segment(), 0, columns, y.segment(), 0, 5L * inner);
      Layouts.copyBlock(false, outer, rest, b.segment(), 0, rest, y.segment(), columns, 5L * inner);
      for (int i = 0; i < outer; i++) {
        for (int j = 0; j < 5 * inner; j++) {
          float expected = j < columns ? a.get(i * columns + j) : b.get(i * rest + j - columns);
          assertThat(y.get(i * 5L * inner + j)).isEqualTo(expected);
        }
      }
      TestTensor slice = b.copy(arena);
      Layouts.copyBlock(
          true, outer, rest, y.segment(), columns, 5L * inner, slice.segment(), 0, rest);
      for (int i = 0; i < outer * rest; i++) {
        assertThat(slice.get(i)).isEqualTo(2 * b.get(i));
      }
      y.assertGuardsIntact();
      slice.assertGuardsIntact();
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 0, 0, 0, 0", "3, 17, 1, 2, 3, 4", "0, 0, 1, 1, 1, 1", "5, 33, 0, 1, 16, 0"})
  void aMarginIsAddedAndTakenOff(int rows, int columns, int top, int bottom, int left, int right) {
    try (Arena arena = Arena.ofConfined()) {
      int height = top + rows + bottom;
      int width = left + columns + right;
      TestTensor x = TestTensor.normal(arena, (long) rows * columns, 1, 1);
      TestTensor y = TestTensor.zeros(arena, (long) height * width);
      Layouts.pad(rows, columns, top, bottom, left, right, 7f, x.segment(), y.segment());
      for (int i = 0; i < height; i++) {
        for (int j = 0; j < width; j++) {
          boolean inside = i >= top && i < top + rows && j >= left && j < left + columns;
          float expected = inside ? x.get((long) (i - top) * columns + j - left) : 7f;
          assertThat(y.get((long) i * width + j)).isEqualTo(expected);
        }
      }
      TestTensor back = TestTensor.zeros(arena, (long) rows * columns);
      Layouts.copyBlock(
          false,
          rows,
          columns,
          y.segment(),
          (long) top * width + left,
          width,
          back.segment(),
          0,
          columns);
      assertThat(back.floats()).isEqualTo(x.floats());
      y.assertGuardsIntact();
    }
  }
}
