package org.lanewise.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.lanewise.kernels.op.BinaryFunction;
import org.lanewise.kernels.op.Broadcast;

/** Functions of two tensors against f64, and their gradients against finite differences. */
class ElementwiseTest {
  /** Of one rounding. */
  private static final double UNIT = 0x1p-24;

  private static final int[][] SHAPES = {
    {1, 1}, {1, 15}, {3, 16}, {5, 17}, {2, 31}, {1, 33}, {7, 10}, {100, 1}, {3, 255}, {2, 1000}
  };

  static Stream<Arguments> all() {
    return Arrays.stream(BinaryFunction.values())
        .flatMap(f -> Arrays.stream(Broadcast.values()).map(b -> Arguments.of(f, b)));
  }

  static Stream<Arguments> differentiable() {
    return all().filter(arguments -> !((BinaryFunction) arguments.get()[0]).isComparison());
  }

  private static double exact(BinaryFunction f, double x, double y) {
    return switch (f) {
      case ADD -> x + y;
      case SUBTRACT -> x - y;
      case MULTIPLY -> x * y;
      case DIVIDE -> x / y;
      case MAXIMUM -> Math.max(x, y);
      case MINIMUM -> Math.min(x, y);
      case LESS -> x < y ? 1 : 0;
      case LESS_OR_EQUAL -> x <= y ? 1 : 0;
      case GREATER -> x > y ? 1 : 0;
      case GREATER_OR_EQUAL -> x >= y ? 1 : 0;
      case EQUAL -> x == y ? 1 : 0;
      case NOT_EQUAL -> x == y ? 0 : 1;
    };
  }

  private static int size(Broadcast broadcast, int rows, int columns) {
    return switch (broadcast) {
      case NONE -> rows * columns;
      case SCALAR -> 1;
      case ROW -> columns;
      case COLUMN -> rows;
    };
  }

  private static int index(Broadcast broadcast, int i, int columns) {
    return switch (broadcast) {
      case NONE -> i;
      case SCALAR -> 0;
      case ROW -> i % columns;
      case COLUMN -> i / columns;
    };
  }

  @ParameterizedTest
  @MethodSource("all")
  void agreesWithTheFormula(BinaryFunction f, Broadcast broadcast) {
    for (int[] shape : SHAPES) {
      int rows = shape[0];
      int columns = shape[1];
      try (Arena arena = Arena.ofConfined()) {
        TestTensor x = TestTensor.normal(arena, (long) rows * columns, 3, 1);
        TestTensor y = TestTensor.normal(arena, size(broadcast, rows, columns), 3, 2);
        TestTensor z = TestTensor.zeros(arena, (long) rows * columns);
        TestTensor sum = TestTensor.normal(arena, (long) rows * columns, 3, 3);
        TestTensor before = sum.copy(arena);
        Elementwise.binary(
            f, broadcast, false, rows, columns, x.segment(), y.segment(), z.segment());
        Elementwise.binary(
            f, broadcast, true, rows, columns, x.segment(), y.segment(), sum.segment());
        for (int i = 0; i < rows * columns; i++) {
          double exact = exact(f, x.get(i), y.get(index(broadcast, i, columns)));
          assertThat((double) z.get(i)).isCloseTo(exact, within(UNIT * Math.abs(exact)));
          assertThat(sum.get(i)).isEqualTo(before.get(i) + z.get(i));
        }
        z.assertGuardsIntact();
        sum.assertGuardsIntact();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("differentiable")
  void gradientsAgreeWithFiniteDifferences(BinaryFunction f, Broadcast broadcast) {
    double h = 1e-6;
    for (int[] shape : SHAPES) {
      int rows = shape[0];
      int columns = shape[1];
      long size = (long) rows * columns;
      try (Arena arena = Arena.ofConfined()) {
        TestTensor x = TestTensor.normal(arena, size, 3, 1);
        TestTensor y = TestTensor.normal(arena, size(broadcast, rows, columns), 3, 2);
        TestTensor dz = TestTensor.normal(arena, size, 1, 3);
        TestTensor dx = TestTensor.zeros(arena, size);
        TestTensor dy = TestTensor.normal(arena, size, 1, 4);
        TestTensor before = dy.copy(arena);
        Elementwise.gradientX(
            f,
            broadcast,
            false,
            rows,
            columns,
            x.segment(),
            y.segment(),
            dz.segment(),
            dx.segment());
        Elementwise.gradientY(
            f,
            broadcast,
            true,
            rows,
            columns,
            x.segment(),
            y.segment(),
            dz.segment(),
            dy.segment());
        for (int i = 0; i < rows * columns; i++) {
          double a = x.get(i);
          double b = y.get(index(broadcast, i, columns));
          double slopeX = (exact(f, a + h, b) - exact(f, a - h, b)) / (2 * h);
          double hy = h * Math.min(1, Math.abs(b)); // where a quotient is steep, take a small step
          double slopeY = (exact(f, a, b + hy) - exact(f, a, b - hy)) / (2 * hy);
          assertThat((double) dx.get(i))
              .isCloseTo(dz.get(i) * slopeX, within(1e-6 * (1 + Math.abs(dz.get(i) * slopeX))));
          assertThat((double) dy.get(i))
              .isCloseTo(
                  before.get(i) + dz.get(i) * slopeY,
                  within(1e-6 * (1 + Math.abs(dz.get(i) * slopeY))));
        }
      }
    }
  }

  @Test
  void maximumAndMinimumOfSpecialValues() {
    float inf = Float.POSITIVE_INFINITY;
    float nan = Float.NaN;
    float[] x = {nan, 1f, nan, 0f, -0f, inf, -inf, 2f};
    float[] y = {1f, nan, nan, -0f, 0f, 1f, 1f, 2f};
    assertThat(apply(BinaryFunction.MAXIMUM, x, y))
        .containsExactly(nan, nan, nan, 0f, -0f, inf, 1f, 2f);
    assertThat(apply(BinaryFunction.MINIMUM, x, y))
        .containsExactly(nan, nan, nan, 0f, -0f, 1f, -inf, 2f);
  }

  @Test
  void comparisonsOfSpecialValues() {
    float inf = Float.POSITIVE_INFINITY;
    float nan = Float.NaN;
    float[] x = {nan, 1f, nan, 0f, -0f, inf, -inf, 2f, 1f};
    float[] y = {1f, nan, nan, -0f, 0f, inf, 1f, 2f, 2f};
    assertThat(apply(BinaryFunction.LESS, x, y)).containsExactly(0, 0, 0, 0, 0, 0, 1, 0, 1);
    assertThat(apply(BinaryFunction.GREATER, y, x)).containsExactly(0, 0, 0, 0, 0, 0, 1, 0, 1);
    assertThat(apply(BinaryFunction.LESS_OR_EQUAL, x, y))
        .containsExactly(0, 0, 0, 1, 1, 1, 1, 1, 1);
    assertThat(apply(BinaryFunction.GREATER_OR_EQUAL, y, x))
        .containsExactly(0, 0, 0, 1, 1, 1, 1, 1, 1);
    assertThat(apply(BinaryFunction.EQUAL, x, y)).containsExactly(0, 0, 0, 1, 1, 1, 0, 1, 0);
    assertThat(apply(BinaryFunction.NOT_EQUAL, x, y)).containsExactly(1, 1, 1, 0, 0, 0, 1, 0, 1);
  }

  @Test
  void comparisonsHaveNoGradient() {
    try (Arena arena = Arena.ofConfined()) {
      TestTensor x = TestTensor.zeros(arena, 1);
      TestTensor y = TestTensor.zeros(arena, 1);
      assertThatThrownBy(() ->
              Elementwise.gradientX(
                  BinaryFunction.LESS,
                  Broadcast.NONE,
                  false,
                  1,
                  1,
                  x.segment(),
                  x.segment(),
                  x.segment(),
                  y.segment()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("LESS has no gradient");
    }
  }

  @ParameterizedTest
  @EnumSource(Broadcast.class)
  void whereChoosesByTheCondition(Broadcast ofX) {
    for (int[] shape : SHAPES) {
      int rows = shape[0];
      int columns = shape[1];
      int size = rows * columns;
      try (Arena arena = Arena.ofConfined()) {
        float[] holds = new float[size];
        for (int i = 0; i < size; i++) {
          holds[i] = new float[] {0f, -0f, 1f, Float.NaN, -1e-40f}[i * 7 % 5];
        }
        TestTensor condition = TestTensor.of(arena, holds);
        TestTensor x = TestTensor.normal(arena, size(ofX, rows, columns), 3, 1);
        TestTensor y = TestTensor.normal(arena, rows, 3, 2).withSpecials(2, 3);
        TestTensor z = TestTensor.zeros(arena, size);
        Elementwise.where(
            Broadcast.NONE,
            ofX,
            Broadcast.COLUMN,
            rows,
            columns,
            condition.segment(),
            x.segment(),
            y.segment(),
            z.segment());
        for (int i = 0; i < size; i++) {
          float expected =
              holds[i] != 0f
                  ? x.get(index(ofX, i, columns))
                  : y.get(index(Broadcast.COLUMN, i, columns));
          assertThat(Float.compare(z.get(i), expected)).isZero();
        }
        z.assertGuardsIntact();
      }
    }
  }

  /** On three copies: whole vectors at every width, and elements after them. */
  private static float[] apply(BinaryFunction f, float[] x, float[] y) {
    float[] xs = new float[3 * x.length];
    float[] ys = new float[3 * y.length];
    for (int i = 0; i < xs.length; i++) {
      xs[i] = x[i % x.length];
      ys[i] = y[i % y.length];
    }
    try (Arena arena = Arena.ofConfined()) {
      TestTensor a = TestTensor.of(arena, xs);
      TestTensor b = TestTensor.of(arena, ys);
      Elementwise.binary(
          f, Broadcast.NONE, false, 1, xs.length, a.segment(), b.segment(), a.segment());
      float[] z = a.floats();
      for (int copy = 1; copy < 3; copy++) {
        assertThat(Arrays.copyOfRange(z, copy * x.length, (copy + 1) * x.length))
            .isEqualTo(Arrays.copyOf(z, x.length));
      }
      return Arrays.copyOf(z, x.length);
    }
  }

  @Test
  void equalElementsShareTheGradientAndNanGivesAllOfIt() {
    try (Arena arena = Arena.ofConfined()) {
      TestTensor x = TestTensor.of(arena, 1f, 2f, 3f, Float.NaN, 0f);
      TestTensor y = TestTensor.of(arena, 2f, 2f, 2f, 2f, -0f);
      TestTensor dz = TestTensor.of(arena, 8f, 8f, 8f, 8f, 8f);
      TestTensor dx = TestTensor.zeros(arena, 5);
      TestTensor dy = TestTensor.zeros(arena, 5);
      Elementwise.gradientX(
          BinaryFunction.MAXIMUM,
          Broadcast.NONE,
          false,
          1,
          5,
          x.segment(),
          y.segment(),
          dz.segment(),
          dx.segment());
      Elementwise.gradientY(
          BinaryFunction.MAXIMUM,
          Broadcast.NONE,
          false,
          1,
          5,
          x.segment(),
          y.segment(),
          dz.segment(),
          dy.segment());
      assertThat(dx.floats()).containsExactly(0f, 4f, 8f, 8f, 4f);
      assertThat(dy.floats()).containsExactly(8f, 4f, 0f, 8f, 4f);
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void nothingIsWrittenForNoElements(BinaryFunction f, Broadcast broadcast) {
    try (Arena arena = Arena.ofConfined()) {
      TestTensor one = TestTensor.of(arena, 5f);
      TestTensor y = TestTensor.of(arena, 5f, 6f, 7f);
      Elementwise.binary(f, broadcast, true, 0, 3, one.segment(), y.segment(), one.segment());
      Elementwise.binary(f, broadcast, true, 3, 0, one.segment(), y.segment(), one.segment());
      assertThat(one.get(0)).isEqualTo(5f);
    }
  }
}
