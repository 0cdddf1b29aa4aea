package org.lanewise.kernels;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.lanewise.kernels.op.Conversion;
import org.lanewise.kernels.scalar.ScalarConversionKernels;
import org.lanewise.kernels.simd.conversion.SimdConversionKernels;

/**
 * Every float as a half. Some minutes: it runs when asked for by {@code ./lanewise test
 * --exhaustive}.
 */
class ConversionsExhaustiveTest {
  private static final int BLOCK = 1 << 14;
  private static final int BLOCKS = 1 << 18;

  /** Memory of one thread. */
  private record Buffers(MemorySegment x, MemorySegment y, MemorySegment twin) {
    private static final ThreadLocal<Buffers> THREADS =
        ThreadLocal.withInitial(() -> {
          Arena arena = Arena.ofAuto();
          return new Buffers(
              arena.allocate(JAVA_FLOAT, BLOCK),
              arena.allocate(JAVA_SHORT, BLOCK),
              arena.allocate(JAVA_SHORT, BLOCK));
        });
  }

  @ParameterizedTest
  @EnumSource
  void everyFloatIsRoundedToTheNearestHalf(HalfFormats format) {
    IntStream.range(0, BLOCKS).parallel().forEach(block -> check(format, block));
  }

  private static void check(HalfFormats format, int block) {
    Conversion c = format == HalfFormats.F16 ? Conversion.F32_TO_F16 : Conversion.F32_TO_BF16;
    Buffers buffers = Buffers.THREADS.get();
    for (int i = 0; i < BLOCK; i++) {
      buffers.x.setAtIndex(JAVA_INT, i, block * BLOCK + i);
    }
    SimdConversionKernels.INSTANCE.convert(c, buffers.x, buffers.y, 0, BLOCK);
    ScalarConversionKernels.INSTANCE.convert(c, buffers.x, buffers.twin, 0, BLOCK);
    for (int i = 0; i < BLOCK; i++) {
      float x = buffers.x.getAtIndex(JAVA_FLOAT, i);
      int y = Short.toUnsignedInt(buffers.y.getAtIndex(JAVA_SHORT, i));
      int twin = Short.toUnsignedInt(buffers.twin.getAtIndex(JAVA_SHORT, i));
      if (Float.isNaN(x)) {
        assertThat(format.isNaN(y) && format.isNaN(twin)).as("%x of NaN", y).isTrue();
      } else if (y != twin || i % 16 == 0 && y != format.nearest(x)) {
        assertThat(y).as("%a", x).isEqualTo(twin).isEqualTo(format.nearest(x));
      }
    }
  }
}
