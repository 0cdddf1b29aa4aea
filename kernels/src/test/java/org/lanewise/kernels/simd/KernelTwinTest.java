package org.lanewise.kernels.simd;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.lanewise.kernels.simd.KernelTable.Axis;
import org.lanewise.kernels.simd.KernelTable.Call;
import org.lanewise.kernels.simd.KernelTable.Kernel;
import org.lanewise.kernels.simd.KernelTable.Tensors;

/**
 * Every kernel against its twin: the same bits, over any split of the range, and no more written.
 */
@ExtendWith(EnterWorkspace.class)
class KernelTwinTest {
  /**
   * Lengths around the lanes of every vector width, the blocks of the kernels, and their chunks.
   */
  private static final List<Integer> COLUMNS =
      List.of(
          0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 129, 1000, 2081,
          4097);

  private static final int ROWS = 3;

  static List<Kernel> kernels() {
    return KernelTable.all();
  }

  static Stream<Arguments> kernelsAndSpecials() {
    return kernels().stream()
        .flatMap(kernel -> Stream.of(Arguments.of(kernel, false), Arguments.of(kernel, true)));
  }

  @ParameterizedTest(name = "{0} specials={1}")
  @MethodSource("kernelsAndSpecials")
  void hasTheBitsOfItsTwin(Kernel kernel, boolean specials) {
    for (int columns : COLUMNS) {
      if (columns == 0 && kernel.name().startsWith("crossEntropy")) {
        continue; // without classes no label is right
      }
      assertSameBits(kernel, ROWS, columns, specials);
    }
  }

  static Stream<Kernel> rowKernels() {
    return kernels().stream().filter(kernel -> kernel.axis() == Axis.ROWS);
  }

  @ParameterizedTest
  @MethodSource("rowKernels")
  void hasTheBitsOfItsTwinOnARowAsWideAsAVocabulary(Kernel kernel) {
    assertSameBits(kernel, 2, 50257, false);
  }

  private static void assertSameBits(Kernel kernel, long rows, long columns, boolean specials) {
    try (Arena arena = Arena.ofConfined()) {
      Tensors simd = new Tensors(arena, rows, columns, specials);
      Tensors scalar = new Tensors(arena, rows, columns, specials);
      kernel.simd().run(simd, 0, kernel.extent(simd));
      kernel.scalar().run(scalar, 0, kernel.extent(scalar));
      assertThat(simd.bits()).as("%s on [%d, %d]", kernel, rows, columns).isEqualTo(scalar.bits());
      simd.assertGuardsIntact();
      scalar.assertGuardsIntact();
    }
  }

  static Stream<Arguments> divisible() {
    return kernels().stream()
        .filter(kernel -> kernel.axis() != Axis.WHOLE)
        .flatMap(kernel ->
            Stream.of(
                Arguments.of(kernel + " simd", kernel, kernel.simd()),
                Arguments.of(kernel + " scalar", kernel, kernel.scalar())));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("divisible")
  void hasTheSameBitsForAnySplit(String name, Kernel kernel, Call call) {
    try (Arena arena = Arena.ofConfined()) {
      Tensors whole = new Tensors(arena, 50, 77, false);
      long extent = kernel.extent(whole);
      call.run(whole, 0, extent);
      for (long split : new long[] {0, 1, 3, 16, 21, extent - 1}) {
        Tensors parts = new Tensors(arena, 50, 77, false);
        call.run(parts, split, extent);
        call.run(parts, 0, split);
        assertThat(parts.bits()).as("%s split at %d", name, split).isEqualTo(whole.bits());
        parts.assertGuardsIntact();
      }
    }
  }
}
