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
      int keys = shape.batch() * shape.heads() * shape.keys() * shape.headSize();
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
          false,
          dK.segment(),
          false,
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
    AttentionShape fused = AttentionShape.fused(2, heads, length, size).withCausal();
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

  @Test
  void whatIsPaddedIsNotRead() {
    AttentionShape shape = new AttentionShape(1, 2, 30, 50, 8);
    try (Arena arena = Arena.ofShared()) {
      MemorySegment mask = TestTensor.labels(arena, 50, 1, 1).segment();
      for (int j = 0; j < 37; j++) {
        mask.setAtIndex(JAVA_INT, j, j == 5 ? 0 : -1);
      }
      Operands finite = new Operands(arena, shape, mask).run();
      Operands x = new Operands(arena, shape, mask);
      for (int head = 0; head < 2; head++) {
        for (int i = (head * 50 + 37) * 8; i < (head + 1) * 50 * 8; i++) {
          x.k.segment().setAtIndex(JAVA_FLOAT, i, Float.NaN);
          x.v.segment().setAtIndex(JAVA_FLOAT, i, Float.NaN);
        }
      }
      x.run();
      for (int i = 0; i < 5; i++) {
        assertThat(x.results().get(i).bits()).isEqualTo(finite.results().get(i).bits());
      }
      assertThat(x.dK.get(5 * 8)).isZero();
      assertThat(x.dV.get(40 * 8)).isZero();
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
