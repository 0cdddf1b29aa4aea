package org.lanewise.kernels;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lanewise.kernels.op.Window;
import org.lanewise.kernels.parallel.WorkerPool;

/** Poolings against f64, and their gradients against what they are the gradients of. */
class PoolingTest {
  private static final double U = 0x1p-24;

  /** Sizes of a pooling, with a reference. */
  record Case(Window window, int planes, int h, int w) {
    int oh() {
      return window.outputHeight(h);
    }

    int ow() {
      return window.outputWidth(w);
    }

    int inputs() {
      return planes * h * w;
    }

    int outputs() {
      return planes * oh() * ow();
    }

    /** Indices in x of the elements of an output's window. */
    int[] elements(int output) {
      int plane = output / (oh() * ow());
      int row = output / ow() % oh() * window.strideHeight() - window.paddingHeight();
      int column = output % ow() * window.strideWidth() - window.paddingWidth();
      return IntStream.range(0, window.kernelSize())
          .filter(k -> inside(row(row, k), h) && inside(column(column, k), w))
          .map(k -> (plane * h + row(row, k)) * w + column(column, k))
          .toArray();
    }

    private int row(int first, int k) {
      return first + k / window.kernelWidth() * window.dilationHeight();
    }

    private int column(int first, int k) {
      return first + k % window.kernelWidth() * window.dilationWidth();
    }

    private static boolean inside(int i, int size) {
      return i >= 0 && i < size;
    }
  }

  static Stream<Case> averages() {
    return Stream.of(
        new Case(Window.of(1), 1, 1, 1),
        new Case(Window.of(2).withStride(2), 3, 15, 17),
        new Case(Window.of(3).withPadding(1), 2, 16, 33),
        new Case(Window.of(3).withStride(2).withPadding(1), 5, 31, 100),
        new Case(Window.of(2, 5).withPadding(1, 2), 2, 3, 6),
        new Case(Window.of(7), 33, 7, 7),
        new Case(Window.of(40, 25), 2, 40, 25),
        new Case(Window.of(1, 1000), 1, 1, 1000));
  }

  static Stream<Case> maxima() {
    return Stream.concat(
        averages(),
        Stream.of(new Case(Window.of(2, 3).withDilation(3, 2).withPadding(1), 2, 9, 40)));
  }

  @ParameterizedTest
  @MethodSource("maxima")
  void maxAgreesWithTheFormula(Case c) {
    try (Arena arena = Arena.ofShared()) {
      TestTensor x = TestTensor.normal(arena, c.inputs(), 1, 1);
      TestTensor y = TestTensor.zeros(arena, c.outputs());
      TestTensor indices = TestTensor.zeros(arena, c.outputs());
      max(c, x, y, indices);
      for (int i = 0; i < c.outputs(); i++) {
        int plane = i / (c.oh() * c.ow()) * c.h() * c.w();
        int largest =
            Arrays.stream(c.elements(i)).reduce((a, b) -> x.get(b) > x.get(a) ? b : a).getAsInt();
        assertThat(y.get(i)).isEqualTo(x.get(largest));
        assertThat(indices.segment().getAtIndex(JAVA_INT, i)).isEqualTo(largest - plane);
      }
      for (boolean accumulate : new boolean[] {false, true}) {
        TestTensor dy = TestTensor.normal(arena, c.outputs(), 1, 2);
        TestTensor dx = TestTensor.normal(arena, c.inputs(), 1, 3);
        double[] exact = accumulate ? doubles(dx) : new double[c.inputs()];
        double[] absolute = Arrays.stream(exact).map(Math::abs).toArray();
        for (int i = 0; i < c.outputs(); i++) {
          int at =
              i / (c.oh() * c.ow()) * c.h() * c.w() + indices.segment().getAtIndex(JAVA_INT, i);
          exact[at] += dy.get(i);
          absolute[at] += Math.abs(dy.get(i));
        }
        maxBackward(c, accumulate, dy, indices, dx);
        for (int i = 0; i < c.inputs(); i++) {
          double bound = c.window().kernelSize() * U * absolute[i];
          assertThat((double) dx.get(i)).isCloseTo(exact[i], within(bound));
        }
        dx.assertGuardsIntact();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("averages")
  void averageAgreesWithTheFormula(Case c) {
    try (Arena arena = Arena.ofShared()) {
      TestTensor x = TestTensor.normal(arena, c.inputs(), 1, 1);
      TestTensor y = TestTensor.zeros(arena, c.outputs());
      TestTensor dy = TestTensor.normal(arena, c.outputs(), 1, 2);
      for (boolean countPadding : new boolean[] {false, true}) {
        average(c, countPadding, x, y);
        TestTensor dx = TestTensor.normal(arena, c.inputs(), 1, 3);
        TestTensor sum = dx.copy(arena);
        double[] exact = new double[c.inputs()];
        double[] absolute = new double[c.inputs()];
        for (int i = 0; i < c.outputs(); i++) {
          int[] elements = c.elements(i);
          double count = countPadding ? c.window().kernelSize() : elements.length;
          double mean = Arrays.stream(elements).mapToDouble(x::get).sum() / count;
          double size = Arrays.stream(elements).mapToDouble(j -> Math.abs(x.get(j))).sum();
          boolean global = c.oh() * c.ow() == 1;
          double bound = ((global ? count / 16 + 6 : count + 1) * U) * size / count;
          assertThat((double) y.get(i)).isCloseTo(mean, within(bound));
          for (int j : elements) {
            exact[j] += dy.get(i) / count;
            absolute[j] += Math.abs(dy.get(i)) / count;
          }
        }
        averageBackward(c, countPadding, false, dy, dx);
        averageBackward(c, countPadding, true, dy, sum);
        TestTensor old = TestTensor.normal(arena, c.inputs(), 1, 3);
        for (int i = 0; i < c.inputs(); i++) {
          double terms = c.window().kernelSize() + 1;
          assertThat((double) dx.get(i)).isCloseTo(exact[i], within(terms * U * absolute[i]));
          double bound = (terms + 1) * U * (absolute[i] + Math.abs(old.get(i)));
          assertThat((double) sum.get(i)).isCloseTo(old.get(i) + exact[i], within(bound));
        }
        dx.assertGuardsIntact();
      }
      y.assertGuardsIntact();
    }
  }

  @ParameterizedTest
  @MethodSource("averages")
  void theGradientsOfAveragesAreFiniteDifferences(Case c) {
    try (Arena arena = Arena.ofShared()) {
      TestTensor x = TestTensor.normal(arena, c.inputs(), 1, 1);
      TestTensor dy = TestTensor.normal(arena, c.outputs(), 1, 2);
      TestTensor dx = TestTensor.zeros(arena, c.inputs());
      averageBackward(c, false, false, dy, dx);
      double[] values = doubles(x);
      double h = 1e-3;
      for (int i : new int[] {0, c.inputs() / 2, c.inputs() - 1}) {
        double old = values[i];
        values[i] = old + h;
        double above = loss(c, values, dy);
        values[i] = old - h;
        double below = loss(c, values, dy);
        values[i] = old;
        assertThat((double) dx.get(i)).isCloseTo((above - below) / (2 * h), within(1e-5));
      }
    }
  }

  /** Σ dy · average(x) in f64. */
  private static double loss(Case c, double[] x, TestTensor dy) {
    double sum = 0;
    for (int i = 0; i < c.outputs(); i++) {
      sum += dy.get(i) * Arrays.stream(c.elements(i)).mapToDouble(j -> x[j]).average().orElse(0);
    }
    return sum;
  }

  @Test
  void aNotANumberIsTheLargest() {
    Case c = new Case(Window.of(2), 1, 2, 3);
    try (Arena arena = Arena.ofShared()) {
      TestTensor x = TestTensor.of(arena, Float.NaN, 1, Float.POSITIVE_INFINITY, Float.NaN, 2, 3);
      TestTensor y = TestTensor.zeros(arena, 2);
      TestTensor indices = TestTensor.zeros(arena, 2);
      max(c, x, y, indices);
      assertThat(y.floats()).containsExactly(Float.NaN, Float.POSITIVE_INFINITY);
      assertThat(indices.segment().toArray(JAVA_INT)).containsExactly(3, 2);
    }
  }

  @Test
  void ofEqualElementsTheFirstIsTaken() {
    Case c = new Case(Window.of(2).withPadding(1), 1, 2, 20);
    try (Arena arena = Arena.ofShared()) {
      for (float value : new float[] {Float.NEGATIVE_INFINITY, -0f, 7f}) {
        float[] values = new float[40];
        Arrays.fill(values, value);
        TestTensor y = TestTensor.zeros(arena, c.outputs());
        TestTensor indices = TestTensor.zeros(arena, c.outputs());
        max(c, TestTensor.of(arena, values), y, indices);
        assertThat(y.floats()).containsOnly(value);
        for (int i = 0; i < c.outputs(); i++) {
          assertThat(indices.segment().getAtIndex(JAVA_INT, i)).isEqualTo(c.elements(i)[0]);
        }
      }
    }
  }

  @Test
  void aWindowInThePaddingHasNoLargest() {
    Case c = new Case(Window.of(2).withPadding(1).withDilation(4), 1, 3, 3);
    try (Arena arena = Arena.ofShared()) {
      TestTensor y = TestTensor.zeros(arena, 1);
      TestTensor indices = TestTensor.zeros(arena, 1);
      max(c, TestTensor.normal(arena, 9, 1, 1), y, indices);
      assertThat(y.get(0)).isEqualTo(Float.NEGATIVE_INFINITY);
      assertThat(indices.segment().getAtIndex(JAVA_INT, 0)).isEqualTo(-1);
      TestTensor dx = TestTensor.normal(arena, 9, 1, 1);
      maxBackward(c, false, TestTensor.of(arena, 5), indices, dx);
      assertThat(dx.floats()).containsOnly(0f);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {-2, 4, Integer.MAX_VALUE, Integer.MIN_VALUE})
  void aWrongIndexIsNamed(int index) {
    Case c = new Case(Window.of(1), 2, 2, 2);
    try (Arena arena = Arena.ofShared()) {
      TestTensor indices = TestTensor.ofLabels(arena, 0, 1, 2, 3, 0, index, 2, 3);
      TestTensor dy = TestTensor.zeros(arena, 8);
      assertThatThrownBy(() -> maxBackward(c, false, dy, indices, TestTensor.zeros(arena, 8)))
          .isInstanceOf(IndexOutOfBoundsException.class)
          .hasMessage("index %d of output 5 is not one of the 4 elements of a plane", index);
    }
  }

  @ParameterizedTest
  @CsvSource({"2", "5"})
  void threadsDoNotMatter(int threads) {
    Case c = new Case(Window.of(3).withPadding(1), 12, 60, 61);
    try (Arena arena = Arena.ofShared();
        WorkerPool alone = new WorkerPool(1);
        WorkerPool pool = new WorkerPool(threads)) {
      TestTensor x = TestTensor.normal(arena, c.inputs(), 1, 1);
      assertThat(bits(arena, c, pool, x)).isEqualTo(bits(arena, c, alone, x));
    }
  }

  private static int[] bits(Arena arena, Case c, WorkerPool pool, TestTensor x) {
    TestTensor y = TestTensor.zeros(arena, c.outputs());
    TestTensor indices = TestTensor.zeros(arena, c.outputs());
    TestTensor mean = TestTensor.zeros(arena, c.outputs());
    TestTensor dx = TestTensor.zeros(arena, c.inputs());
    MemorySegment out = y.segment();
    Pooling.max(pool, c.window(), c.planes(), c.h(), c.w(), x.segment(), out, indices.segment());
    Pooling.average(pool, c.window(), true, c.planes(), c.h(), c.w(), x.segment(), mean.segment());
    Pooling.maxBackward(
        pool,
        c.planes(),
        (long) c.h() * c.w(),
        (long) c.oh() * c.ow(),
        true,
        out,
        indices.segment(),
        dx.segment());
    Pooling.averageBackward(
        pool, c.window(), true, c.planes(), c.h(), c.w(), true, mean.segment(), dx.segment());
    return Stream.of(y, indices, mean, dx)
        .flatMapToInt(tensor -> Arrays.stream(tensor.bits()))
        .toArray();
  }

  @Test
  void noPlanesAreNoWork() {
    try (Arena arena = Arena.ofShared()) {
      MemorySegment none = arena.allocate(0, 4);
      Pooling.max(Window.of(2), 0, 4, 4, none, none.asSlice(0), none.asSlice(0));
      Pooling.average(Window.of(2), true, 0, 4, 4, none, none.asSlice(0));
      assertThat(none.toArray(JAVA_FLOAT)).isEmpty();
    }
  }

  private static void max(Case c, TestTensor x, TestTensor y, TestTensor indices) {
    Pooling.max(c.window(), c.planes(), c.h(), c.w(), x.segment(), y.segment(), indices.segment());
  }

  private static void maxBackward(
      Case c, boolean accumulate, TestTensor dy, TestTensor indices, TestTensor dx) {
    Pooling.maxBackward(
        c.planes(),
        (long) c.h() * c.w(),
        (long) c.oh() * c.ow(),
        accumulate,
        dy.segment(),
        indices.segment(),
        dx.segment());
  }

  private static void average(Case c, boolean countPadding, TestTensor x, TestTensor y) {
    Pooling.average(c.window(), countPadding, c.planes(), c.h(), c.w(), x.segment(), y.segment());
  }

  private static void averageBackward(
      Case c, boolean countPadding, boolean accumulate, TestTensor dy, TestTensor dx) {
    Pooling.averageBackward(
        c.window(), countPadding, c.planes(), c.h(), c.w(), accumulate, dy.segment(), dx.segment());
  }

  private static double[] doubles(TestTensor tensor) {
    float[] floats = tensor.floats();
    double[] doubles = new double[floats.length];
    for (int i = 0; i < doubles.length; i++) {
      doubles[i] = floats[i];
    }
    return doubles;
  }
}
