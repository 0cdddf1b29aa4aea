package org.lanewise.kernels.simd;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.lanewise.kernels.scalar.MathCase;
import org.lanewise.kernels.scalar.ScalarMath;
import org.lanewise.kernels.simd.math.VectorMath;

/** The functions of vectors have the bits of their twins. */
@ExtendWith(EnterWorkspace.class)
class VectorMathTest {
  private static final int PATTERNS = 1 << 16;

  /** Odd, so that its multiples visit every bit pattern, and far from any pattern's period. */
  private static final int STRIDE = 0x9E3779B1;

  static List<MathCase> functions() {
    return MathCase.all();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("functions")
  void hasTheBitsOfItsTwin(MathCase f) {
    float[] arguments = f.arguments(PATTERNS);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment x = arena.allocateFrom(JAVA_FLOAT, arguments);
      MemorySegment y = arena.allocate(x.byteSize());
      f.kernel().run(x, y, 0, arguments.length);
      f.kernel().run(x, x, 0, arguments.length); // in place
      for (int i = 0; i < arguments.length; i++) {
        float expected = f.twin().apply(arguments[i]);
        assertSame(f, arguments[i], y.getAtIndex(JAVA_FLOAT, i), expected);
        assertSame(f, arguments[i], x.getAtIndex(JAVA_FLOAT, i), expected);
      }
    }
  }

  private static void assertSame(MathCase f, float x, float actual, float expected) {
    if (Float.floatToIntBits(actual) != Float.floatToIntBits(expected)) {
      assertThat(actual).as("%s(%s)", f, x).isEqualTo(expected);
    }
  }

  @Test
  void logOfVectorsHasTheBitsOfItsTwin() {
    float[] x = new float[Lanes.COUNT];
    for (int i = 0; i < PATTERNS; i += Lanes.COUNT) {
      for (int lane = 0; lane < Lanes.COUNT; lane++) {
        int exponent = 1 + (i + lane) % 254; // positive and normal
        x[lane] = Float.intBitsToFloat(exponent << 23 | (i + lane) * STRIDE >>> 9);
      }
      float[] y = VectorMath.log(FloatVector.fromArray(Lanes.F32, x, 0)).toArray();
      for (int lane = 0; lane < Lanes.COUNT; lane++) {
        if (y[lane] != ScalarMath.log(x[lane])) {
          assertThat(y[lane]).as("log(%s)", x[lane]).isEqualTo(ScalarMath.log(x[lane]));
        }
      }
    }
  }

  @Test
  void sinTurnHasTheBitsOfItsTwin() {
    int[] turns = new int[Lanes.COUNT];
    for (int i = 0; i < PATTERNS; i += Lanes.COUNT) {
      for (int lane = 0; lane < Lanes.COUNT; lane++) {
        turns[lane] = (i + lane) * STRIDE;
      }
      IntVector vector =
          IntVector.fromArray(Lanes.F32.withLanes(int.class).check(int.class), turns, 0);
      float[] y = VectorMath.sinTurn(vector).toArray();
      for (int lane = 0; lane < Lanes.COUNT; lane++) {
        if (y[lane] != ScalarMath.sinTurn(turns[lane])) {
          assertThat(y[lane]).as("turn %d", turns[lane]).isEqualTo(ScalarMath.sinTurn(turns[lane]));
        }
      }
    }
  }
}
