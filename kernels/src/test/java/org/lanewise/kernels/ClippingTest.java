package org.lanewise.kernels;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.lanewise.kernels.op.TensorType.f32;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lanewise.kernels.backend.Backend;
import org.lanewise.kernels.backend.Operand;
import org.lanewise.kernels.backend.cpu.CpuBackend;
import org.lanewise.kernels.op.ClipOp;

class ClippingTest {
  @Test
  void clipsByValue() {
    float nan = Float.NaN;
    float infinity = Float.POSITIVE_INFINITY;
    try (Arena arena = Arena.ofConfined()) {
      TestTensor g = TestTensor.of(arena, 1f, -1f, 4f, -4f, 0f, -0f, nan, infinity, -infinity);
      TestTensor clipped = TestTensor.zeros(arena, 9);
      Clipping.clip(new ClipOp.ClipValue(0.5), 0.25, 9, g.segment(), clipped.segment());
      assertThat(clipped.floats())
          .containsExactly(0.25f, -0.25f, 0.5f, -0.5f, 0f, -0f, nan, 0.5f, -0.5f);
      Clipping.clip(new ClipOp.ClipValue(0.5), 0.25, 9, g.segment(), g.segment());
      assertThat(g.floats()).isEqualTo(clipped.floats());
    }
  }

  /** The scale with which a device's optimizers use a gradient. */
  private static float scale(double maxNorm, float scale, float... gradient) {
    try (Backend cpu = new CpuBackend(2);
        Arena arena = Arena.ofShared()) {
      Operand g = new Operand(cpu.allocate(4L * gradient.length), 0, f32(gradient.length));
      Operand given = new Operand(cpu.allocate(4), 0, f32());
      Operand clipped = new Operand(cpu.allocate(4), 0, f32());
      g.buffer().write(0, arena.allocateFrom(JAVA_FLOAT, gradient), 0, 4L * gradient.length);
      given.buffer().write(0, arena.allocateFrom(JAVA_FLOAT, scale), 0, 4);
      cpu.bind(new ClipOp.ClipNorm(maxNorm), List.of(g, given), List.of(clipped)).run();
      MemorySegment result = arena.allocate(4, 4);
      clipped.buffer().read(0, result, 0, 4);
      return result.get(JAVA_FLOAT, 0);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 15, 4096, 4097, 100_003})
  void clipsByTheNormOfTheScaledGradient(int size) {
    float[] gradient = new float[size];
    double squares = 0;
    for (int i = 0; i < size; i++) {
      gradient[i] = (float) Math.sin(i + 1);
      squares += (double) gradient[i] * gradient[i];
    }
    double norm = 0.25 * Math.sqrt(squares);
    double expected = 0.25 * 0.1 / (norm + 1e-6);
    assertThat((double) scale(0.1, 0.25f, gradient))
        .isCloseTo(expected, within(2 * (double) Math.ulp((float) expected)));
    assertThat(scale(norm * 1.001, 0.25f, gradient)).isEqualTo(0.25f);
  }

  @Test
  void aNormThatIsNoNumberGivesNone() {
    assertThat(scale(1, 1f)).isEqualTo(1f);
    assertThat(scale(1, 1f, 0f, 0f)).isEqualTo(1f);
    assertThat(scale(1, 1f, Float.NaN, 1f)).isNaN();
    assertThat(scale(1, 1f, Float.POSITIVE_INFINITY, 1f)).isZero();
    assertThat(scale(1, 1f, 3e38f)).isZero();
  }

  @Test
  void clippingLimitsTheNormOfAllGradients() {
    try (Arena arena = Arena.ofConfined()) {
      TestTensor a = TestTensor.of(arena, 3f, 0f);
      TestTensor b = TestTensor.of(arena, 0f, 0f, 4f);
      MemorySegment[] gradients = {a.segment(), b.segment()};
      double norm = Clipping.gradientNorm(new long[] {2, 3}, gradients);
      assertThat(norm).isEqualTo(5);
      assertThat(Clipping.factor(norm, 1)).isCloseTo(0.2, within(1e-7));
      assertThat(Clipping.factor(norm, 10)).isEqualTo(1);
      assertThat(Clipping.factor(0, 1)).isEqualTo(1);
      assertThat(Clipping.factor(1e100, 1)).isCloseTo(1e-100, within(1e-107));
      assertThat(Clipping.gradientNorm(new long[0], new MemorySegment[0])).isZero();
    }
  }

  @Test
  void theNormOfAllGradientsNeitherOverflowsNorUnderflows() {
    try (Arena arena = Arena.ofConfined()) {
      TestTensor large = TestTensor.of(arena, 3e38f);
      TestTensor small = TestTensor.of(arena, 3e-45f);
      MemorySegment[] both = {large.segment(), small.segment()};
      assertThat(Clipping.gradientNorm(new long[] {1, 1}, both)).isCloseTo(3e38, within(1e32));
      MemorySegment[] twice = {small.segment(), small.segment()};
      assertThat(Clipping.gradientNorm(new long[] {1, 1}, twice))
          .isCloseTo(3e-45f * Math.sqrt(2), within(1e-51));
    }
  }
}
