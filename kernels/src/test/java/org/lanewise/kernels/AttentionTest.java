package org.lanewise.kernels;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.lanewise.kernels.op.AttentionShape;

/** Attention against f64, its gradients against f64 and finite differences, and special cases. */
class AttentionTest {
  private static final float NAN = Float.NaN;
  private static final float INFINITY = Float.POSITIVE_INFINITY;

  static Stream<Arguments> shapes() {
    return Stream.of(
            new AttentionShape(1, 1, 1, 1, 1),
            new AttentionShape(2, 3, 5, 7, 3),
            new AttentionShape(1, 2, 15, 16, 17),
            new AttentionShape(1, 2, 31, 33, 16),
            new AttentionShape(1, 1, 100, 100, 64),
            new AttentionShape(1, 1, 33, 1000, 15),
            new AttentionShape(2, 1, 300, 31, 8),
            new AttentionShape(1, 1, 17, 17, 1000).withScale(0.3f))
        .flatMap(shape -> Stream.of(shape, shape.withCausal()))
        .flatMap(shape -> Stream.of(Arguments.of(shape, false), Arguments.of(shape, true)));
  }

  /** Dense operands and results. */
  private static final class Operands {
    final AttentionShape shape;
    final TestTensor q;
    final TestTensor k;
    final TestTensor v;
    final TestTensor dO;
    final TestTensor o;
    final TestTensor normalizers;
    final TestTensor dQ;
    final TestTensor dK;
    final TestTensor dV;
    final MemorySegment mask;

    Operands(Arena arena, AttentionShape shape, MemorySegment mask) {
      this.shape = shape;
      this.mask = mask;
      int rows = shape.batch() * shape.heads() * shape.queries();
      int queries = rows * shape.headSize();
      int keys = shape.batch() * shape.keyValueHeads() * shape.keys() * shape.headSize();
      q = TestTensor.normal(arena, queries, 1, 1);
      k = TestTensor.normal(arena, keys, 1, 2);
      v = TestTensor.normal(arena, keys, 1, 3);
      dO = TestTensor.normal(arena, queries, 1, 4);
      o = TestTensor.normal(arena, queries, 1, 5);
      normalizers = TestTensor.normal(arena, 2L * rows, 1, 6);
      dQ = TestTensor.normal(arena, queries, 1, 7);
      dK = TestTensor.normal(arena, keys, 1, 8);
      dV = TestTensor.normal(arena, keys, 1, 9);
    }

    Operands run() {
      return run(shape, false);
    }

    Operands run(AttentionShape shape, boolean add) {
      Attention.forward(
          shape, q.segment(), k.segment(), v.segment(), mask, o.segment(), normalizers.segment());
      Attention.backward(
          shape,
          q.segment(),
          k.segment(),
          v.segment(),
          mask,
          o.segment(),
          normalizers.segment(),
          dO.segment(),
          false,
          dQ.segment(),
          add,
          dK.segment(),
          add,
          dV.segment());
      return this;
    }

    List<TestTensor> results() {
      return List.of(o, normalizers, dQ, dK, dV);
    }
  }

  private static MemorySegment mask(Arena arena, AttentionShape shape) {
    return TestTensor.labels(arena, (long) shape.batch() * shape.keys(), 3, 10).segment();
  }

  private static double[] doubles(TestTensor tensor) {
    float[] floats = tensor.floats();
    return IntStream.range(0, floats.length).mapToDouble(i -> floats[i]).toArray();
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void agreesWithTheFormula(AttentionShape shape, boolean masked) {
    try (Arena arena = Arena.ofShared()) {
      Operands x = new Operands(arena, shape, masked ? mask(arena, shape) : null).run();
      AttentionReference exact =
          new AttentionReference(shape, doubles(x.q), doubles(x.k), doubles(x.v), x.mask);
      exact.backward(doubles(x.dO));
      assertClose("o", x.o, exact.o, exact.oBound);
      for (int i = 0; i < exact.lse.length; i++) {
        double lse = x.normalizers.get(2L * i) + StrictMath.log(x.normalizers.get(2L * i + 1));
        double error = lse == exact.lse[i] ? 0 : Math.abs(lse - exact.lse[i]);
        assertThat(error).as("normalizers of %d", i).isLessThanOrEqualTo(exact.lseBound[i]);
      }
      assertClose("dQ", x.dQ, exact.dQ, exact.dQBound);
      assertClose("dK", x.dK, exact.dK, exact.dKBound);
      assertClose("dV", x.dV, exact.dV, exact.dVBound);
      x.results().forEach(TestTensor::assertGuardsIntact);
    }
  }

  private static void assertClose(String name, TestTensor result, double[] exact, double[] bound) {
    for (int i = 0; i < exact.length; i++) {
      double error = result.get(i) == exact[i] ? 0 : Math.abs(result.get(i) - exact[i]);
      assertThat(error)
          .as("%s[%d] = %s rather than %s", name, i, result.get(i), exact[i])
          .isLessThanOrEqualTo(bound[i]);
    }
  }

  /** The gradients of the reference, with which those of the kernel are compared above. */
  @ParameterizedTest
  @MethodSource("smallShapes")
  void theReferencesGradientsAreFiniteDifferences(AttentionShape shape, boolean masked) {
    try (Arena arena = Arena.ofShared()) {
      Operands x = new Operands(arena, shape, masked ? mask(arena, shape) : null);
      double[] q = doubles(x.q);
      double[] k = doubles(x.k);
      double[] v = doubles(x.v);
      double[] dO = doubles(x.dO);
      AttentionReference exact = new AttentionReference(shape, q, k, v, x.mask);
      exact.backward(dO);
      for (double[][] pair : new double[][][] {{q, exact.dQ}, {k, exact.dK}, {v, exact.dV}}) {
        double[] operand = pair[0];
        for (int i = 0; i < operand.length; i++) {
          double value = operand[i];
          double h = 1e-5;
          operand[i] = value + h;
          double above = product(new AttentionReference(shape, q, k, v, x.mask).o, dO);
          operand[i] = value - h;
          double below = product(new AttentionReference(shape, q, k, v, x.mask).o, dO);
          operand[i] = value;
          assertThat(pair[1][i]).isCloseTo((above - below) / (2 * h), within(1e-8));
        }
      }
    }
  }

  static Stream<Arguments> smallShapes() {
    return shapes().limit(12);
  }

  private static double product(double[] x, double[] y) {
    return IntStream.range(0, x.length).mapToDouble(i -> x[i] * y[i]).sum();
  }

  @Test
  void aFusedProjectionGivesTheBitsOfItsParts() {
    int heads = 3;
    int length = 50;
    int size = 12;
    AttentionShape dense = new AttentionShape(2, heads, length, length, size).withCausal();
    AttentionShape fused = AttentionShape.fused(2, heads, heads, length, size).withCausal();
    try (Arena arena = Arena.ofShared()) {
      Operands parts = new Operands(arena, dense, mask(arena, dense)).run();
      TestTensor qkv = TestTensor.zeros(arena, 3L * 2 * heads * length * size);
      TestTensor dO = TestTensor.zeros(arena, 2L * heads * length * size);
      TestTensor o = TestTensor.zeros(arena, 2L * heads * length * size);
      TestTensor normalizers = TestTensor.zeros(arena, 2 * 2L * heads * length);
      TestTensor gradient = TestTensor.normal(arena, 3L * 2 * heads * length * size, 1, 1);
      interleave(parts.q, qkv, fused, fused.q());
      interleave(parts.k, qkv, fused, fused.k());
      interleave(parts.v, qkv, fused, fused.v());
      interleave(parts.dO, dO, fused, fused.o());
      MemorySegment x = qkv.segment();
      MemorySegment dx = gradient.segment();
      Attention.forward(fused, x, x, x, parts.mask, o.segment(), normalizers.segment());
      Attention.backward(
          fused,
          x,
          x,
          x,
          parts.mask,
          o.segment(),
          normalizers.segment(),
          dO.segment(),
          false,
          dx,
          false,
          dx,
          false,
          dx);
      TestTensor expected = TestTensor.zeros(arena, 3L * 2 * heads * length * size);
      interleave(parts.dQ, expected, fused, fused.q());
      interleave(parts.dK, expected, fused, fused.k());
      interleave(parts.dV, expected, fused, fused.v());
      TestTensor expectedO = TestTensor.zeros(arena, 2L * heads * length * size);
      interleave(parts.o, expectedO, fused, fused.o());
      assertThat(gradient.bits()).isEqualTo(expected.bits());
      assertThat(o.bits()).isEqualTo(expectedO.bits());
      assertThat(normalizers.bits()).isEqualTo(parts.normalizers.bits());
    }
  }

  /** As attention of the first head of each group, then of the second one, which adds. */
  @Test
  void headsThatShareKeysGiveTheBitsOfOneAfterTheOther() {
    AttentionShape grouped = AttentionShape.ofRows(2, 6, 2, 40, 50, 12).withCausal();
    try (Arena arena = Arena.ofShared()) {
      Operands together = new Operands(arena, grouped, mask(arena, grouped)).run();
      Operands apart = new Operands(arena, grouped, together.mask);
      for (int i = 0; i < 3; i++) {
        AttentionShape.Layout q = everyThirdHead(grouped.q(), i);
        AttentionShape.Layout k = grouped.k();
        AttentionShape shape =
            AttentionShape.ofRows(2, 2, 2, 40, 50, 12).withLayouts(q, k, k, q).withCausal();
        apart.run(shape, i > 0);
      }
      for (int i : new int[] {0, 2, 3, 4}) {
        assertThat(apart.results().get(i).bits()).isEqualTo(together.results().get(i).bits());
      }
    }
  }

  private static AttentionShape.Layout everyThirdHead(AttentionShape.Layout all, int first) {
    return new AttentionShape.Layout(
        first * all.headStride(), all.batchStride(), 3 * all.headStride(), all.rowStride());
  }

  private static void interleave(
      TestTensor dense, TestTensor target, AttentionShape shape, AttentionShape.Layout layout) {
    long from = 0;
    for (int b = 0; b < shape.batch(); b++) {
      for (int h = 0; h < shape.heads(); h++) {
        for (int r = 0; r < shape.queries(); r++) {
          long to =
              layout.offset()
                  + b * layout.batchStride()
                  + h * layout.headStride()
                  + (long) r * layout.rowStride();
          MemorySegment.copy(
              dense.segment(),
              from * Float.BYTES,
              target.segment(),
              to * Float.BYTES,
              (long) shape.headSize() * Float.BYTES);
          from += shape.headSize();
        }
      }
    }
  }

  /** Queries that see no key: by the mask, by causality, and because there is none. */
  @Test
  void aQueryWithoutKeysGivesZeros() {
    try (Arena arena = Arena.ofShared()) {
      AttentionShape shape = new AttentionShape(2, 1, 40, 20, 8);
      MemorySegment mask = TestTensor.labels(arena, 40, 1, 1).segment();
      Operands masked = new Operands(arena, shape, mask).run();
      assertZeros(masked, 0, 80);
      Operands causal = new Operands(arena, shape.withCausal(), null).run();
      assertZeros(causal, 0, 20);
      assertZeros(causal, 40, 60);
      assertThat(causal.o.get(20 * 8)).isEqualTo(causal.v.get(0));
      Operands none = new Operands(arena, new AttentionShape(2, 1, 3, 0, 8), null).run();
      assertZeros(none, 0, 6);
    }
  }

  private static void assertZeros(Operands x, int rowFrom, int rowTo) {
    int size = x.shape.headSize();
    assertThat(Arrays.copyOfRange(x.o.floats(), rowFrom * size, rowTo * size)).containsOnly(0f);
    assertThat(Arrays.copyOfRange(x.dQ.floats(), rowFrom * size, rowTo * size)).containsOnly(0f);
    assertThat(Arrays.copyOfRange(x.normalizers.floats(), 2 * rowFrom, 2 * rowTo)).containsOnly(0f);
  }

  @Test
  void withoutQueriesTheGradientsOfKeysAreZero() {
    try (Arena arena = Arena.ofShared()) {
      Operands x = new Operands(arena, new AttentionShape(2, 1, 0, 3, 8), null).run();
      assertThat(x.dK.floats()).containsOnly(0f);
      assertThat(x.dV.floats()).containsOnly(0f);
    }
  }

  static Stream<Arguments> hidden() {
    return Stream.of(
            new AttentionShape(1, 2, 30, 50, 8),
            new AttentionShape(1, 2, 50, 50, 8).withCausal(),
            new AttentionShape(1, 1, 300, 290, 17).withCausal())
        .flatMap(shape -> Stream.of(NAN, INFINITY).map(value -> Arguments.of(shape, value)));
  }

  /** Keys that the mask excludes, before others and at the end. */
  @ParameterizedTest
  @MethodSource("hidden")
  void whatAMaskExcludesHasNoPart(AttentionShape shape, float value) {
    try (Arena arena = Arena.ofShared()) {
      int keys = shape.keys();
      MemorySegment mask = TestTensor.labels(arena, keys, 1, 1).segment();
      for (int j = 0; j < keys - 13; j++) {
        mask.setAtIndex(JAVA_INT, j, j % 7 == 5 ? 0 : -1);
      }
      Operands finite = new Operands(arena, shape, mask).run();
      Operands x = new Operands(arena, shape, mask);
      for (int row = 0; row < shape.heads() * keys; row++) {
        if (mask.getAtIndex(JAVA_INT, row % keys) == 0) {
          fillRow(x.k, row, shape, value);
          fillRow(x.v, row, shape, value);
        }
      }
      x.run();
      assertSameResults(x, finite);
      assertThat(x.dK.get(5L * shape.headSize())).isZero();
      assertThat(x.dV.get((keys - 1L) * shape.headSize())).isZero();
    }
  }

  /** A key that only later queries see, and a query that sees only earlier keys. */
  @ParameterizedTest
  @MethodSource("hidden")
  void whatACausalQueryDoesNotSeeHasNoPart(AttentionShape shape, float value) {
    AttentionShape causal = shape.withCausal();
    int queries = causal.queries();
    int offset = causal.keys() - queries;
    int last = 20; // the last query that the results are compared of
    try (Arena arena = Arena.ofShared()) {
      Operands finite = new Operands(arena, causal, null).run();
      Operands x = new Operands(arena, causal, null);
      for (int head = 0; head < causal.heads(); head++) {
        fillRow(x.k, head * causal.keys() + last + offset + 1, causal, value);
        fillRow(x.v, head * causal.keys() + last + offset + 1, causal, value);
      }
      x.run();
      for (int i = 0; i < (last + 1) * causal.headSize(); i++) {
        assertThat(x.o.get(i)).isEqualTo(finite.o.get(i));
        assertThat(x.dQ.get(i)).isEqualTo(finite.dQ.get(i));
      }
      Operands y = new Operands(arena, causal, null);
      for (int head = 0; head < causal.heads(); head++) {
        fillRow(y.q, head * queries + last, causal, value);
        fillRow(y.dO, head * queries + last, causal, value);
      }
      y.run();
      for (int j = last + offset + 1; j < causal.keys(); j++) {
        for (int c = 0; c < causal.headSize(); c++) {
          int i = j * causal.headSize() + c;
          assertThat(y.dK.get(i)).as("dK of key %d", j).isEqualTo(finite.dK.get(i));
          assertThat(y.dV.get(i)).as("dV of key %d", j).isEqualTo(finite.dV.get(i));
        }
      }
    }
  }

  private static void fillRow(TestTensor x, int row, AttentionShape shape, float value) {
    for (int c = 0; c < shape.headSize(); c++) {
      x.segment().setAtIndex(JAVA_FLOAT, (long) row * shape.headSize() + c, value);
    }
  }

  private static void assertSameResults(Operands x, Operands other) {
    for (int i = 0; i < 5; i++) {
      assertThat(x.results().get(i).bits()).isEqualTo(other.results().get(i).bits());
    }
  }

  @Test
  void nanReachesTheQueriesThatSeeIt() {
    AttentionShape shape = new AttentionShape(1, 1, 100, 100, 4).withCausal();
    try (Arena arena = Arena.ofShared()) {
      Operands x = new Operands(arena, shape, null);
      x.k.segment().setAtIndex(JAVA_FLOAT, 50 * 4, Float.NaN);
      x.run();
      for (int i = 0; i < 100; i++) {
        assertThat(Float.isNaN(x.o.get(i * 4 + 3))).as("row %d", i).isEqualTo(i >= 50);
        assertThat(Float.isNaN(x.normalizers.get(2L * i))).as("row %d", i).isEqualTo(i >= 50);
        assertThat(Float.isNaN(x.normalizers.get(2L * i + 1))).as("row %d", i).isEqualTo(i >= 50);
      }
    }
  }

  /** Scores far beyond what exp takes, and at first far smaller ones. */
  @Test
  void largeScoresDoNotOverflow() {
    AttentionShape shape = new AttentionShape(1, 1, 1, 600, 1);
    try (Arena arena = Arena.ofShared()) {
      Operands x = new Operands(arena, shape, null);
      x.q.segment().fill((byte) 0);
      x.q.segment().setAtIndex(JAVA_FLOAT, 0, 1000f);
      for (int j = 0; j < 600; j++) {
        x.k.segment().setAtIndex(JAVA_FLOAT, j, j - 300f);
      }
      x.run();
      assertThat(x.o.get(0)).isEqualTo(x.v.get(599));
      assertThat(x.normalizers.floats()).containsExactly(299_000f, 1f);
    }
  }

  /** Two equal scores, and a key that is excluded. */
  @Test
  void theWorkedExample() {
    try (Arena arena = Arena.ofShared()) {
      TestTensor q = TestTensor.of(arena, 1f, 0f);
      TestTensor k = TestTensor.of(arena, 0f, 5f, 0f, -7f, 2f, 9f);
      TestTensor v = TestTensor.of(arena, 1f, 2f, 3f, 4f, 100f, 100f);
      TestTensor mask = TestTensor.ofLabels(arena, 1, 1, 0);
      TestTensor o = TestTensor.zeros(arena, 2);
      TestTensor normalizers = TestTensor.zeros(arena, 2);
      Attention.forward(
          new AttentionShape(1, 1, 1, 3, 2),
          q.segment(),
          k.segment(),
          v.segment(),
          mask.segment(),
          o.segment(),
          normalizers.segment());
      assertThat(o.floats()).containsExactly(2f, 3f);
      assertThat(normalizers.floats()).containsExactly(0f, 2f);
    }
  }
}
