package org.lanewise.kernels;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.lanewise.kernels.op.RecurrentShape;
import org.lanewise.kernels.parallel.WorkerPool;

/** LSTM and GRU against f64, their gradients against differences of it, and rows on their own. */
class RecurrentTest {
  private enum Kind {
    LSTM(4),
    GRU(3);

    final int gates;

    Kind(int gates) {
      this.gates = gates;
    }
  }

  record Case(Kind kind, RecurrentShape shape, boolean hasState, int... lengths) {
    @Override
    public String toString() {
      return "%s of %s, state %s, lengths %s"
          .formatted(kind, shape, hasState, Arrays.toString(lengths));
    }
  }

  static Stream<Case> cases() {
    List<Case> cases = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      for (boolean reverse : new boolean[] {false, true}) {
        for (boolean hasState : new boolean[] {false, true}) {
          cases.add(new Case(kind, new RecurrentShape(1, 1, 1, reverse), hasState));
          cases.add(new Case(kind, new RecurrentShape(2, 3, 4, reverse), hasState));
          cases.add(new Case(kind, new RecurrentShape(3, 4, 5, reverse), hasState, 2, 4, 0));
          cases.add(new Case(kind, new RecurrentShape(4, 9, 33, reverse), hasState, 1, 9, 5, 3));
        }
        cases.add(new Case(kind, new RecurrentShape(5, 20, 130, reverse), true));
        cases.add(new Case(kind, new RecurrentShape(1, 3, 600, reverse), true));
      }
    }
    return cases.stream();
  }

  static Stream<Case> smallCases() {
    return cases().filter(c -> c.shape.hidden() <= 5);
  }

  /** Operands and results of one kind. */
  private static final class Run {
    private final Arena arena;
    private final Case c;
    private final List<TestTensor> results = new ArrayList<>();
    final TestTensor gates;
    final TestTensor weight;
    final TestTensor bias;
    final TestTensor h0;
    final TestTensor c0;
    final MemorySegment lengths;
    final TestTensor y;
    final TestTensor hN;
    final TestTensor cN;
    final TestTensor activations;
    final TestTensor saved;
    final TestTensor dGates;
    final TestTensor dProducts;
    final TestTensor dh0;
    final TestTensor dc0;
    final TestTensor previous;

    Run(Arena arena, Case c) {
      this.arena = arena;
      this.c = c;
      long hidden = c.shape.hidden();
      long state = c.shape.batch() * hidden;
      long states = state * c.shape.time();
      int g = c.kind.gates;
      gates = TestTensor.normal(arena, g * states, 1, 1);
      weight = TestTensor.normal(arena, g * hidden * hidden, 1 / Math.sqrt(hidden), 2);
      bias = TestTensor.normal(arena, g * hidden, 1, 3);
      h0 = c.hasState ? TestTensor.normal(arena, state, 1, 4) : TestTensor.zeros(arena, state);
      c0 = c.hasState ? TestTensor.normal(arena, state, 1, 5) : TestTensor.zeros(arena, state);
      lengths = c.lengths.length == 0 ? null : TestTensor.ofLabels(arena, c.lengths).segment();
      y = result(states);
      hN = result(state);
      cN = result(state);
      activations = result(g * states);
      saved = result(states);
      dGates = result(g * states);
      dProducts = result(g * states);
      dh0 = result(state);
      dc0 = result(state);
      previous = result(states);
    }

    private TestTensor result(long size) {
      TestTensor result = TestTensor.normal(arena, size, 1, 10 + results.size());
      results.add(result);
      return result;
    }

    private MemorySegment state(TestTensor state) {
      return c.hasState ? state.segment() : null;
    }

    Run forward(WorkerPool pool) {
      if (c.kind == Kind.LSTM) {
        Recurrent.lstm(
            pool,
            c.shape,
            gates.segment(),
            weight.segment(),
            bias.segment(),
            state(h0),
            state(c0),
            lengths,
            y.segment(),
            hN.segment(),
            cN.segment(),
            activations.segment(),
            saved.segment());
      } else {
        Recurrent.gru(
            pool,
            c.shape,
            gates.segment(),
            weight.segment(),
            bias.segment(),
            state(h0),
            lengths,
            y.segment(),
            hN.segment(),
            activations.segment(),
            saved.segment());
      }
      return this;
    }

    Run backward(WorkerPool pool, TestTensor dy, TestTensor dhN, TestTensor dcN) {
      if (c.kind == Kind.LSTM) {
        Recurrent.lstmBackward(
            pool,
            c.shape,
            activations.segment(),
            saved.segment(),
            y.segment(),
            weight.segment(),
            state(h0),
            state(c0),
            lengths,
            segment(dy),
            segment(dhN),
            segment(dcN),
            dGates.segment(),
            dh0.segment(),
            dc0.segment(),
            previous.segment());
      } else {
        Recurrent.gruBackward(
            pool,
            c.shape,
            activations.segment(),
            saved.segment(),
            y.segment(),
            weight.segment(),
            state(h0),
            lengths,
            segment(dy),
            segment(dhN),
            dGates.segment(),
            dProducts.segment(),
            dh0.segment(),
            previous.segment());
      }
      return this;
    }

    private static MemorySegment segment(TestTensor tensor) {
      return tensor == null ? null : tensor.segment();
    }

    int[] lengths() {
      int[] all = new int[c.shape.batch()];
      Arrays.setAll(all, row -> c.lengths.length == 0 ? c.shape.time() : c.lengths[row]);
      return all;
    }

    /** The gradient of the product of the state and the weight. */
    TestTensor ofProducts() {
      return c.kind == Kind.LSTM ? dGates : dProducts;
    }

    /** The operands that have gradients, as one array. */
    double[] parameters() {
      return Stream.of(gates, weight, bias, h0, c0)
          .flatMapToDouble(tensor -> Arrays.stream(CentralDifferences.doubles(tensor)))
          .toArray();
    }

    /** Those of the reference, from such an array. */
    RecurrentReference reference(double[] parameters) {
      double[][] parts = new double[5][];
      int from = 0;
      int k = 0;
      for (TestTensor tensor : List.of(gates, weight, bias, h0, c0)) {
        int size = tensor.floats().length;
        parts[k++] = Arrays.copyOfRange(parameters, from, from + size);
        from += size;
      }
      double[] cells = c.kind == Kind.LSTM ? parts[4] : null;
      return new RecurrentReference(
          c.shape, parts[0], parts[1], parts[2], parts[3], cells, lengths());
    }

    /** The gradients, in the order of the parameters. */
    double[] gradients() {
      int columns = c.kind.gates * c.shape.hidden();
      int hidden = c.shape.hidden();
      double[] dWeight = new double[columns * hidden];
      double[] dBias = new double[columns];
      double[] g = CentralDifferences.doubles(ofProducts());
      double[] h = CentralDifferences.doubles(previous);
      for (int row = 0; row < c.shape.batch() * c.shape.time(); row++) {
        for (int j = 0; j < columns; j++) {
          dBias[j] += g[row * columns + j];
          for (int k = 0; k < hidden; k++) {
            dWeight[j * hidden + k] += g[row * columns + j] * h[row * hidden + k];
          }
        }
      }
      double[] cells = CentralDifferences.doubles(dc0);
      if (c.kind == Kind.GRU) {
        Arrays.fill(cells, 0); // it has none
      }
      return Stream.of(
              CentralDifferences.doubles(dGates),
              dWeight,
              dBias,
              CentralDifferences.doubles(dh0),
              cells)
          .flatMapToDouble(Arrays::stream)
          .toArray();
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void agreesWithTheFormulas(Case c) {
    try (Arena arena = Arena.ofShared()) {
      Run run = new Run(arena, c).forward(WorkerPool.shared());
      RecurrentReference exact = run.reference(run.parameters());
      assertClose("y", run.y, exact.y, exact.yBound);
      assertClose("hN", run.hN, exact.h, exact.hBound);
      if (c.kind == Kind.LSTM) {
        assertClose("cN", run.cN, exact.c, exact.cBound);
      }
      run.results.forEach(TestTensor::assertGuardsIntact);
    }
  }

  private static void assertClose(String name, TestTensor actual, double[] exact, double[] bound) {
    for (int i = 0; i < exact.length; i++) {
      assertThat((double) actual.get(i))
          .as("%s[%d]", name, i)
          .isCloseTo(exact[i], within(bound[i]));
    }
  }

  @ParameterizedTest
  @MethodSource("smallCases")
  void gradientsAreDifferencesOfTheFormulas(Case c) {
    try (Arena arena = Arena.ofShared()) {
      long state = (long) c.shape.batch() * c.shape.hidden();
      TestTensor dy = TestTensor.normal(arena, state * c.shape.time(), 1, 21);
      TestTensor dhN = TestTensor.normal(arena, state, 1, 22);
      TestTensor dcN = TestTensor.normal(arena, state, 1, 23);
      for (int given = 0; given < 8; given++) { // a missing gradient is one of zeros
        TestTensor[] some = {
          (given & 1) == 0 ? dy : null, (given & 2) == 0 ? dhN : null, (given & 4) == 0 ? dcN : null
        };
        Run run =
            new Run(arena, c)
                .forward(WorkerPool.shared())
                .backward(WorkerPool.shared(), some[0], some[1], some[2]);
        ToDoubleFunction<double[]> product =
            parameters -> {
              RecurrentReference exact = run.reference(parameters);
              double cells = c.kind == Kind.LSTM ? dot(some[2], exact.c) : 0;
              return dot(some[0], exact.y) + dot(some[1], exact.h) + cells;
            };
        double[] expected = CentralDifferences.gradient(product, run.parameters());
        double[] actual = run.gradients();
        for (int i = 0; i < expected.length; i++) {
          assertThat(actual[i]).as("element %d", i).isCloseTo(expected[i], within(1e-5));
        }
        run.results.forEach(TestTensor::assertGuardsIntact);
      }
    }
  }

  private static double dot(TestTensor gradient, double[] values) {
    return gradient == null
        ? 0
        : CentralDifferences.dot(CentralDifferences.doubles(gradient), values);
  }

  /** The same sequences, alone and in a batch, by one thread and by several. */
  @ParameterizedTest
  @EnumSource(Kind.class)
  void aRowDoesNotDependOnItsBatch(Kind kind) {
    int batch = 11;
    int time = 13;
    int hidden = 70;
    int[] lengths = {13, 2, 0, 7, 7, 13, 1, 12, 3, 9, 10};
    try (Arena arena = Arena.ofShared();
        WorkerPool one = new WorkerPool(1);
        WorkerPool three = new WorkerPool(3)) {
      for (boolean reverse : new boolean[] {false, true}) {
        RecurrentShape shape = new RecurrentShape(batch, time, hidden, reverse);
        Case all = new Case(kind, shape, true, lengths);
        TestTensor dy = TestTensor.normal(arena, (long) batch * time * hidden, 1, 21);
        TestTensor dN = TestTensor.normal(arena, (long) batch * hidden, 1, 22);
        Run whole = new Run(arena, all).forward(one).backward(one, dy, dN, dN);
        Run shared = new Run(arena, all).forward(three).backward(three, dy, dN, dN);
        for (int i = 0; i < whole.results.size(); i++) {
          assertThat(shared.results.get(i).bits()).isEqualTo(whole.results.get(i).bits());
        }
        for (int row = 0; row < batch; row++) {
          RecurrentShape single = new RecurrentShape(1, time, hidden, reverse);
          Run alone = new Run(arena, new Case(kind, single, true, lengths[row]));
          copyRow(whole.gates, alone.gates, row);
          copyRow(whole.h0, alone.h0, row);
          copyRow(whole.c0, alone.c0, row);
          TestTensor dyRow = TestTensor.zeros(arena, (long) time * hidden);
          TestTensor dRow = TestTensor.zeros(arena, hidden);
          copyRow(dy, dyRow, row);
          copyRow(dN, dRow, row);
          alone.forward(one).backward(one, dyRow, dRow, dRow);
          for (int i = 0; i < whole.results.size(); i++) {
            if (isWritten(kind, i)) {
              int size = alone.results.get(i).bits().length;
              assertThat(alone.results.get(i).bits())
                  .as("result %d of row %d", i, row)
                  .isEqualTo(
                      Arrays.copyOfRange(
                          whole.results.get(i).bits(), row * size, row * size + size));
            }
          }
        }
      }
    }
  }

  /** A GRU has no cells, and an LSTM no gradients of products beside those of the gates. */
  private static boolean isWritten(Kind kind, int result) {
    return kind == Kind.LSTM ? result != 6 : result != 2 && result != 8;
  }

  private static void copyRow(TestTensor batch, TestTensor alone, int row) {
    long bytes = alone.segment().byteSize();
    alone.segment().copyFrom(batch.segment().asSlice(row * bytes, bytes));
  }

  /** NaN in the times after the end of a row. */
  @ParameterizedTest
  @EnumSource(Kind.class)
  void whatIsBeyondARowsLengthHasNoPart(Kind kind) {
    int[] lengths = {3, 5, 0};
    for (boolean reverse : new boolean[] {false, true}) {
      Case c = new Case(kind, new RecurrentShape(3, 6, 20, reverse), false, lengths);
      try (Arena arena = Arena.ofShared()) {
        Run finite = new Run(arena, c);
        Run run = new Run(arena, c);
        TestTensor dy = TestTensor.normal(arena, 3 * 6 * 20, 1, 21);
        TestTensor withNan = dy.copy(arena);
        for (int row = 0; row < 3; row++) {
          for (int t = lengths[row]; t < 6; t++) {
            int columns = 20 * kind.gates;
            fill(run.gates, (row * 6 + t) * columns, columns);
            fill(withNan, (row * 6 + t) * 20, 20);
          }
        }
        finite.forward(WorkerPool.shared()).backward(WorkerPool.shared(), dy, null, null);
        run.forward(WorkerPool.shared()).backward(WorkerPool.shared(), withNan, null, null);
        for (int i = 0; i < run.results.size(); i++) {
          assertThat(run.results.get(i).bits()).isEqualTo(finite.results.get(i).bits());
        }
        assertThat(Arrays.copyOfRange(run.y.floats(), 3 * 20, 6 * 20)).containsOnly(0f);
      }
    }
  }

  private static void fill(TestTensor x, int from, int count) {
    for (int i = from; i < from + count; i++) {
      x.segment().setAtIndex(JAVA_FLOAT, i, Float.NaN);
    }
  }

  @Test
  void refusesLengthsOutOfRange() {
    try (Arena arena = Arena.ofShared()) {
      for (Kind kind : Kind.values()) {
        for (int wrong : new int[] {-1, 7, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
          Case c = new Case(kind, new RecurrentShape(3, 6, 2, false), false, 6, 0, 1);
          Run run = new Run(arena, c);
          run.lengths.setAtIndex(JAVA_INT, 1, wrong);
          int[] before = run.y.bits();
          assertThatThrownBy(() -> run.forward(WorkerPool.shared()))
              .isInstanceOf(IndexOutOfBoundsException.class)
              .hasMessage("length %d of row 1 must be at least 0 and less than 7".formatted(wrong));
          assertThat(run.y.bits()).isEqualTo(before);
        }
      }
    }
  }

  /** Two steps of one cell that can be followed by hand: all gates are open at a half. */
  @Test
  void theWorkedExample() {
    try (Arena arena = Arena.ofConfined()) {
      TestTensor gates = TestTensor.zeros(arena, 8);
      TestTensor weight = TestTensor.zeros(arena, 4);
      TestTensor c0 = TestTensor.of(arena, 4f);
      TestTensor h0 = TestTensor.zeros(arena, 1);
      TestTensor y = TestTensor.zeros(arena, 2);
      TestTensor hN = TestTensor.zeros(arena, 1);
      TestTensor cN = TestTensor.zeros(arena, 1);
      TestTensor cells = TestTensor.zeros(arena, 2);
      Recurrent.lstm(
          new RecurrentShape(1, 2, 1, false),
          gates.segment(),
          weight.segment(),
          weight.segment(),
          h0.segment(),
          c0.segment(),
          null,
          y.segment(),
          hN.segment(),
          cN.segment(),
          gates.segment(),
          cells.segment());
      assertThat(cells.floats()).containsExactly(2f, 1f);
      assertThat(cN.floats()).containsExactly(1f);
      assertThat((double) hN.get(0)).isCloseTo(Math.tanh(1) / 2, within(1e-7));
      assertThat((double) y.get(0)).isCloseTo(Math.tanh(2) / 2, within(1e-7));
      assertThat(gates.floats()).containsExactly(.5f, .5f, 0f, .5f, .5f, .5f, 0f, .5f);
    }
  }
}
