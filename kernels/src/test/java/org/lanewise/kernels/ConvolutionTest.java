package org.lanewise.kernels;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.lanewise.kernels.op.Window;
import org.lanewise.kernels.parallel.WorkerPool;

/** Convolutions against f64, and their gradients also by finite differences. */
class ConvolutionTest {
  private static final double U = 0x1p-24;

  /** Sizes of a convolution, with a reference in f64. */
  record Case(Window window, int groups, int n, int c, int h, int w, int f) {
    int oh() {
      return window.outputHeight(h);
    }

    int ow() {
      return window.outputWidth(w);
    }

    int inputs() {
      return n * c * h * w;
    }

    int outputs() {
      return n * f * oh() * ow();
    }

    int weights() {
      return f * c / groups * window.kernelSize();
    }

    @FunctionalInterface
    interface Term {
      void add(int input, int weight, int output);
    }

    /** Names the indices of all products of an input and a weight that belong to an output. */
    void forEach(Term term) {
      int perGroup = c / groups;
      for (int y = 0; y < outputs(); y++) {
        int column = y % ow();
        int row = y / ow() % oh();
        int filter = y / ow() / oh() % f;
        int image = y / ow() / oh() / f;
        for (int k = 0; k < perGroup * window.kernelSize(); k++) {
          int i =
              row * window.strideHeight()
                  - window.paddingHeight()
                  + k / window.kernelWidth() % window.kernelHeight() * window.dilationHeight();
          int j =
              column * window.strideWidth()
                  - window.paddingWidth()
                  + k % window.kernelWidth() * window.dilationWidth();
          int channel = filter / (f / groups) * perGroup + k / window.kernelSize();
          if (i >= 0 && i < h && j >= 0 && j < w) {
            int weight = filter * perGroup * window.kernelSize() + k;
            term.add(((image * c + channel) * h + i) * w + j, weight, y);
          }
        }
      }
    }
  }

  static Stream<Case> cases() {
    Window w3 = Window.of(3).withPadding(1);
    return Stream.of(
        new Case(Window.of(1), 1, 1, 1, 1, 1, 1),
        new Case(w3, 1, 2, 3, 15, 16, 5),
        new Case(w3.withStride(2), 1, 1, 4, 17, 31, 6),
        new Case(Window.of(1), 1, 2, 33, 7, 5, 17),
        new Case(Window.of(1).withStride(2), 1, 1, 8, 9, 70, 3),
        new Case(Window.of(5), 1, 2, 1, 28, 28, 6),
        new Case(w3, 4, 2, 4, 9, 33, 4),
        new Case(w3, 2, 1, 8, 6, 7, 4),
        new Case(w3, 3, 1, 3, 8, 8, 6), // depthwise with two filters for a channel
        new Case(new Window(2, 3, 1, 3, 0, 2, 3, 2), 1, 1, 2, 10, 100, 3),
        new Case(w3, 1, 1, 100, 4, 4, 2),
        new Case(Window.of(1, 9).withPadding(0, 4), 1, 1, 1, 1, 1000, 2));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void agreesWithTheFormula(Case c) {
    try (Arena arena = Arena.ofShared()) {
      TestTensor x = TestTensor.normal(arena, c.inputs(), 1, 1);
      TestTensor weight = TestTensor.normal(arena, c.weights(), 1, 2);
      TestTensor bias = TestTensor.normal(arena, c.f(), 1, 3);
      TestTensor y = TestTensor.zeros(arena, c.outputs());
      forward(c, x, weight, bias, y);
      double[] exact = new double[c.outputs()];
      double[] absolute = new double[c.outputs()];
      for (int i = 0; i < exact.length; i++) {
        exact[i] = bias.get(i / (c.oh() * c.ow()) % c.f());
        absolute[i] = Math.abs(exact[i]);
      }
      c.forEach((in, w, out) -> add(exact, absolute, out, (double) x.get(in) * weight.get(w)));
      assertClose(y, exact, absolute, c.weights() / c.f() + 2);
      y.assertGuardsIntact();
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void gradientsAgreeWithTheirFormulas(Case c) {
    try (Arena arena = Arena.ofShared()) {
      TestTensor x = TestTensor.normal(arena, c.inputs(), 1, 1);
      TestTensor weight = TestTensor.normal(arena, c.weights(), 1, 2);
      TestTensor dy = TestTensor.normal(arena, c.outputs(), 1, 4);
      for (boolean accumulate : new boolean[] {false, true}) {
        TestTensor dx = TestTensor.normal(arena, c.inputs(), 1, 5);
        TestTensor dw = TestTensor.normal(arena, c.weights(), 1, 6);
        TestTensor db = TestTensor.normal(arena, c.f(), 1, 7);
        double[] exactX = start(dx, accumulate);
        double[] exactW = start(dw, accumulate);
        double[] exactB = start(db, accumulate);
        double[] absoluteX = absolute(exactX);
        double[] absoluteW = absolute(exactW);
        double[] absoluteB = absolute(exactB);
        c.forEach((in, w, out) -> {
          add(exactX, absoluteX, in, (double) dy.get(out) * weight.get(w));
          add(exactW, absoluteW, w, (double) dy.get(out) * x.get(in));
        });
        int plane = c.oh() * c.ow();
        for (int i = 0; i < c.outputs(); i++) {
          add(exactB, absoluteB, i / plane % c.f(), dy.get(i));
        }
        backward(c, accumulate, x, weight, dy, dx, dw, db);
        assertClose(dx, exactX, absoluteX, c.f() / c.groups() + c.window().kernelSize() + 2);
        boolean depthwise = c.groups() == c.c() && c.groups() == c.f();
        double products = (double) c.n() * plane;
        double terms = depthwise ? plane / 16. + c.oh() + c.n() + 6 : 512 + products / 512 + 2;
        assertClose(dw, exactW, absoluteW, Math.min(terms, products + 2));
        assertClose(db, exactB, absoluteB, plane / 16. + 6);
        dx.assertGuardsIntact();
        dw.assertGuardsIntact();
        db.assertGuardsIntact();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void gradientsAreFiniteDifferences(Case c) {
    try (Arena arena = Arena.ofShared()) {
      TestTensor x = TestTensor.normal(arena, c.inputs(), 1, 1);
      TestTensor weight = TestTensor.normal(arena, c.weights(), 1, 2);
      TestTensor dy = TestTensor.normal(arena, c.outputs(), 1, 4);
      TestTensor dx = TestTensor.zeros(arena, c.inputs());
      TestTensor dw = TestTensor.zeros(arena, c.weights());
      TestTensor db = TestTensor.zeros(arena, c.f());
      backward(c, false, x, weight, dy, dx, dw, db);
      double[] xs = doubles(x);
      double[] ws = doubles(weight);
      double h = 1e-3;
      for (int i : new int[] {0, c.inputs() / 2, c.inputs() - 1}) {
        double old = xs[i];
        xs[i] = old + h;
        double above = loss(c, xs, ws, dy);
        xs[i] = old - h;
        double below = loss(c, xs, ws, dy);
        xs[i] = old;
        assertThat((double) dx.get(i)).isCloseTo((above - below) / (2 * h), within(1e-4));
      }
      for (int i : new int[] {0, c.weights() / 2, c.weights() - 1}) {
        double old = ws[i];
        ws[i] = old + h;
        double above = loss(c, xs, ws, dy);
        ws[i] = old - h;
        double below = loss(c, xs, ws, dy);
        ws[i] = old;
        assertThat((double) dw.get(i)).isCloseTo((above - below) / (2 * h), within(1e-3));
      }
    }
  }

  /** Σ dy · y in f64. */
  private static double loss(Case c, double[] x, double[] weight, TestTensor dy) {
    double[] sum = new double[1];
    c.forEach((in, w, out) -> sum[0] += x[in] * weight[w] * dy.get(out));
    return sum[0];
  }

  @Test
  void threadsDoNotMatter() {
    Case c = new Case(Window.of(3).withPadding(1), 1, 3, 8, 20, 21, 24);
    Case depthwise = new Case(Window.of(3).withPadding(1), 24, 3, 24, 40, 41, 24);
    for (Case each : new Case[] {c, depthwise}) {
      int[] alone = bits(each, 1);
      assertThat(bits(each, 2)).isEqualTo(alone);
      assertThat(bits(each, 5)).isEqualTo(alone);
    }
  }

  private static int[] bits(Case c, int threads) {
    try (Arena arena = Arena.ofShared();
        WorkerPool pool = new WorkerPool(threads)) {
      TestTensor x = TestTensor.normal(arena, c.inputs(), 1, 1);
      TestTensor weight = TestTensor.normal(arena, c.weights(), 1, 2);
      TestTensor y = TestTensor.zeros(arena, c.outputs());
      TestTensor dx = TestTensor.zeros(arena, c.inputs());
      TestTensor dw = TestTensor.zeros(arena, c.weights());
      TestTensor db = TestTensor.zeros(arena, c.f());
      Convolution.forward(
          pool,
          c.window(),
          c.groups(),
          c.n(),
          c.c(),
          c.h(),
          c.w(),
          c.f(),
          x.segment(),
          weight.segment(),
          null,
          y.segment());
      backward(pool, c, false, x, weight, y, dx, dw, db);
      return Stream.of(y, dx, dw, db)
          .flatMapToInt(tensor -> Arrays.stream(tensor.bits()))
          .toArray();
    }
  }

  @Test
  void whatIsNotFiniteReachesItsWindowsOnly() {
    Case c = new Case(Window.of(3).withPadding(1), 1, 1, 1, 5, 20, 1);
    try (Arena arena = Arena.ofShared()) {
      for (float value : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
        TestTensor x = TestTensor.zeros(arena, c.inputs());
        TestTensor weight = TestTensor.of(arena, 1, 1, 1, 1, 1, 1, 1, 1, 1);
        TestTensor y = TestTensor.zeros(arena, c.outputs());
        x.segment().setAtIndex(JAVA_FLOAT, 2 * 20 + 7, value);
        forward(c, x, weight, TestTensor.zeros(arena, 1), y);
        for (int i = 0; i < c.outputs(); i++) {
          boolean meets = Math.abs(i / 20 - 2) <= 1 && Math.abs(i % 20 - 7) <= 1;
          assertThat(y.get(i)).isEqualTo(Float.valueOf(meets ? value : 0f));
        }
      }
    }
  }

  @Test
  void nothingGivesBiasesAndZeros() {
    try (Arena arena = Arena.ofShared()) {
      TestTensor none = TestTensor.zeros(arena, 0);
      TestTensor bias = TestTensor.of(arena, 1, 2);
      TestTensor y = TestTensor.of(arena, 9, 9, 9, 9, 9, 9, 9, 9);
      Convolution.forward(
          Window.of(1),
          1,
          1,
          0,
          2,
          2,
          2,
          none.segment(),
          none.segment(),
          bias.segment(),
          y.segment());
      assertThat(y.floats()).containsExactly(1, 1, 1, 1, 2, 2, 2, 2);
      TestTensor dWeight = TestTensor.of(arena, 9, 9);
      Convolution.backwardWeight(
          Window.of(1), 1, 0, 1, 2, 2, 2, false, none.segment(), none.segment(), dWeight.segment());
      assertThat(dWeight.floats()).containsExactly(0, 0);
      TestTensor dBias = TestTensor.of(arena, 9, 9);
      Convolution.backwardBias(0, 2, 4, false, none.segment(), dBias.segment());
      assertThat(dBias.floats()).containsExactly(0, 0);
      TestTensor dx = TestTensor.of(arena, 9, 9, 9, 9);
      Convolution.backwardInput(
          Window.of(1), 1, 1, 1, 2, 2, 0, false, none.segment(), none.segment(), dx.segment());
      assertThat(dx.floats()).containsExactly(0, 0, 0, 0);
      Convolution.forward(
          Window.of(1), 1, 0, 1, 2, 2, 2, none.segment(), bias.segment(), null, none.segment());
    }
  }

  private static void forward(
      Case c, TestTensor x, TestTensor weight, TestTensor bias, TestTensor y) {
    Convolution.forward(
        c.window(),
        c.groups(),
        c.n(),
        c.c(),
        c.h(),
        c.w(),
        c.f(),
        x.segment(),
        weight.segment(),
        bias.segment(),
        y.segment());
  }

  private static void backward(
      Case c,
      boolean accumulate,
      TestTensor x,
      TestTensor weight,
      TestTensor dy,
      TestTensor dx,
      TestTensor dw,
      TestTensor db) {
    backward(WorkerPool.shared(), c, accumulate, x, weight, dy, dx, dw, db);
  }

  private static void backward(
      WorkerPool pool,
      Case c,
      boolean accumulate,
      TestTensor x,
      TestTensor weight,
      TestTensor dy,
      TestTensor dx,
      TestTensor dw,
      TestTensor db) {
    Convolution.backwardInput(
        pool,
        c.window(),
        c.groups(),
        c.n(),
        c.c(),
        c.h(),
        c.w(),
        c.f(),
        accumulate,
        dy.segment(),
        weight.segment(),
        dx.segment());
    Convolution.backwardWeight(
        pool,
        c.window(),
        c.groups(),
        c.n(),
        c.c(),
        c.h(),
        c.w(),
        c.f(),
        accumulate,
        x.segment(),
        dy.segment(),
        dw.segment());
    Convolution.backwardBias(
        pool, c.n(), c.f(), (long) c.oh() * c.ow(), accumulate, dy.segment(), db.segment());
  }

  private static void add(double[] sums, double[] absolutes, int index, double value) {
    sums[index] += value;
    absolutes[index] += Math.abs(value);
  }

  private static double[] start(TestTensor tensor, boolean accumulate) {
    return accumulate ? doubles(tensor) : new double[tensor.floats().length];
  }

  private static double[] doubles(TestTensor tensor) {
    float[] floats = tensor.floats();
    double[] doubles = new double[floats.length];
    for (int i = 0; i < doubles.length; i++) {
      doubles[i] = floats[i];
    }
    return doubles;
  }

  private static double[] absolute(double[] values) {
    return Arrays.stream(values).map(Math::abs).toArray();
  }

  private static void assertClose(
      TestTensor actual, double[] exact, double[] absolute, double terms) {
    for (int i = 0; i < exact.length; i++) {
      double error = Math.abs(actual.get(i) - exact[i]);
      assertThat(error).as("element %d", i).isLessThanOrEqualTo(terms * U * absolute[i]);
    }
  }
}
