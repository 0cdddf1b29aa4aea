package org.lanewise.kernels.simd;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.lanewise.kernels.op.Activation;
import org.lanewise.kernels.scalar.ScalarMath;

/** The functions of vectors have the bits of their twins. */
class VectorMathTest {
  private static final int PATTERNS = 1 << 16;

  /** Odd, so that its multiples visit every bit pattern, and far from any pattern's period. */
  private static final int STRIDE = 0x9E3779B1;

  @FunctionalInterface
  interface Twin {
    float apply(float x);
  }

  static Stream<Arguments> functions() {
    return Stream.of(
        loop("exp", x -> ExponentialLoops.exp(x, 0, 0f, x, 0, 16), ScalarMath::exp),
        loop(
            "sigmoid",
            x -> ActivationKernels.forward(Activation.SIGMOID, x, x, 0, 16),
            ScalarMath::sigmoid),
        loop("tanh", x -> TileFunctions.tanh(x, 16), ScalarMath::tanh),
        loop("silu", x -> TileFunctions.silu(x, 16), ScalarMath::silu),
        loop("gelu", x -> TileFunctions.gelu(x, 16), ScalarMath::gelu),
        arguments("log", VectorMath::log, ScalarMath::log, Float.MIN_NORMAL));
  }

  private static Arguments arguments(
      String name, UnaryOperator<FloatVector> vector, Twin twin, float least) {
    return Arguments.of(name, vector, twin, least);
  }

  /** A function in place on 16 elements. */
  private static Arguments loop(String name, Consumer<MemorySegment> function, Twin twin) {
    MemorySegment memory = Arena.ofAuto().allocate(16 * Float.BYTES);
    return arguments(
        name,
        x -> {
          x.intoMemorySegment(memory, 0, Lanes.ORDER);
          function.accept(memory);
          return FloatVector.fromMemorySegment(Lanes.F32, memory, 0, Lanes.ORDER);
        },
        twin,
        Float.NEGATIVE_INFINITY);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("functions")
  void hasTheBitsOfItsTwin(
      String name, UnaryOperator<FloatVector> function, Twin twin, float least) {
    float[] x = new float[Lanes.COUNT];
    for (int i = 0; i < PATTERNS; i += Lanes.COUNT) {
      for (int lane = 0; lane < Lanes.COUNT; lane++) {
        float value = Float.intBitsToFloat((i + lane) * STRIDE);
        x[lane] = least <= value && value <= Float.MAX_VALUE || least < 0 ? value : 1f;
      }
      float[] y = function.apply(FloatVector.fromArray(Lanes.F32, x, 0)).toArray();
      for (int lane = 0; lane < Lanes.COUNT; lane++) {
        int expected = Float.floatToIntBits(twin.apply(x[lane]));
        if (Float.floatToIntBits(y[lane]) != expected) {
          assertThat(y[lane]).as("%s(%s)", name, x[lane]).isEqualTo(twin.apply(x[lane]));
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
