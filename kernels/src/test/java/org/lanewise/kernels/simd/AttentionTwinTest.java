package org.lanewise.kernels.simd;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lanewise.kernels.TestTensor;
import org.lanewise.kernels.op.AttentionShape;
import org.lanewise.kernels.op.AttentionShape.Layout;
import org.lanewise.kernels.scalar.ScalarAttentionKernels;
import org.lanewise.kernels.simd.attention.SimdAttentionKernels;

/** Attention against its twin: the same bits, for any sizes and layouts, over any split. */
@ExtendWith(EnterWorkspace.class)
class AttentionTwinTest {
  /** Sizes around those of strips, blocks, units and panels. */
  static Stream<Arguments> shapes() {
    List<AttentionShape> shapes =
        List.of(
            new AttentionShape(1, 1, 1, 1, 1),
            new AttentionShape(2, 3, 5, 7, 3),
            new AttentionShape(1, 2, 33, 33, 16),
            new AttentionShape(1, 1, 100, 40, 8),
            new AttentionShape(1, 1, 40, 100, 17),
            new AttentionShape(1, 1, 257, 300, 64),
            new AttentionShape(1, 1, 300, 257, 33),
            new AttentionShape(1, 1, 1, 1000, 64),
            new AttentionShape(1, 1, 129, 129, 600),
            new AttentionShape(1, 2, 70, 64, 100).withScale(-0.3f),
            new AttentionShape(1, 1, 20, 20, 5).withScale(0f),
            new AttentionShape(2, 1, 0, 5, 4),
            new AttentionShape(2, 1, 5, 0, 4),
            new AttentionShape(2, 1, 5, 5, 0),
            AttentionShape.fused(2, 3, 3, 65, 20),
            AttentionShape.fused(2, 4, 2, 65, 20),
            AttentionShape.ofRows(2, 3, 1, 300, 270, 9),
            AttentionShape.ofRows(0, 0, 0, 3, 3, 3),
            new AttentionShape(1, 1, 4, 1, 3)
                .withLayouts(
                    new Layout(0, 12, 12, 3),
                    new Layout(5, 0, 0, 0),
                    new Layout(5, 0, 0, 0),
                    new Layout(0, 12, 12, 3)),
            new AttentionShape(2, 3, 19, 35, 10)
                .withLayouts(
                    new Layout(7, 1000, 11, 40),
                    new Layout(3, 2000, 500, 12),
                    new Layout(0, 0, 0, 10),
                    new Layout(1, 999, 300, 13)));
    return shapes.stream()
        .flatMap(shape -> Stream.of(shape, shape.withCausal()))
        .flatMap(shape -> Stream.of(Arguments.of(shape, false), Arguments.of(shape, true)));
  }

  /** Operands and results; those of the gradient of v are not in the layout of a broadcast v. */
  private static final class Operands {
    final AttentionShape shape;
    final MemorySegment q;
    final MemorySegment k;
    final MemorySegment v;
    final MemorySegment mask;
    MemorySegment positions;
    final MemorySegment dO;
    final TestTensor o;
    final TestTensor normalizers;
    final TestTensor dQ;
    final TestTensor dK;
    final TestTensor dV;

    Operands(Arena arena, AttentionShape shape, boolean masked, int specials) {
      this.shape = shape;
      TestTensor queries = queries(arena, shape.q(), 1);
      TestTensor keys = keys(arena, shape.k(), 2);
      TestTensor values = keys(arena, shape.v(), 3);
      TestTensor gradient = queries(arena, shape.o(), 4);
      if (specials > 0) {
        queries.withSpecials(specials, 5);
        keys.withSpecials(specials, 6);
        values.withSpecials(specials, 7);
        gradient.withSpecials(specials, 8);
      }
      q = queries.segment();
      k = keys.segment();
      v = values.segment();
      dO = gradient.segment();
      long maskSize = (long) shape.batch() * shape.keys();
      mask = masked ? TestTensor.labels(arena, maskSize, 3, 9).segment() : null;
      o = queries(arena, shape.o(), 10);
      long rows = (long) shape.batch() * shape.heads() * shape.queries();
      normalizers = TestTensor.normal(arena, 2 * rows, 1, 11);
      dQ = queries(arena, shape.q(), 12);
      dK = keys(arena, shape.k(), 13);
      dV = keys(arena, shape.v(), 14);
    }

    private TestTensor queries(Arena arena, Layout layout, long seed) {
      return tensor(arena, layout, shape.heads(), shape.queries(), seed);
    }

    private TestTensor keys(Arena arena, Layout layout, long seed) {
      return tensor(arena, layout, shape.keyValueHeads(), shape.keys(), seed);
    }

    private TestTensor tensor(Arena arena, Layout layout, int heads, int rows, long seed) {
      long size = layout.extent(shape.batch(), heads, rows, shape.headSize());
      return TestTensor.normal(arena, size, 1, seed);
    }

    void forward(long from, long to) {
      SimdAttentionKernels.INSTANCE.forward(
          shape, q, k, v, mask, positions, o.segment(), normalizers.segment(), from, to);
    }

    void scalarForward() {
      ScalarAttentionKernels.INSTANCE.forward(
          shape,
          q,
          k,
          v,
          mask,
          positions,
          o.segment(),
          normalizers.segment(),
          0,
          ScalarAttentionKernels.units(shape));
    }

    void backward(boolean accumulate, long from, long to) {
      SimdAttentionKernels.INSTANCE.backward(
          shape,
          q,
          k,
          v,
          mask,
          o.segment(),
          normalizers.segment(),
          dO,
          accumulate,
          !accumulate,
          accumulate,
          dQ.segment(),
          dK.segment(),
          dV.segment(),
          from,
          to);
    }

    void scalarBackward(boolean accumulate) {
      ScalarAttentionKernels.INSTANCE.backward(
          shape,
          q,
          k,
          v,
          mask,
          o.segment(),
          normalizers.segment(),
          dO,
          accumulate,
          !accumulate,
          accumulate,
          dQ.segment(),
          dK.segment(),
          dV.segment(),
          0,
          keyHeads());
    }

    long keyHeads() {
      return (long) shape.batch() * shape.keyValueHeads();
    }

    void assertSameBits(Operands other) {
      assertThat(o.bits()).as("o of %s", shape).isEqualTo(other.o.bits());
      assertThat(normalizers.bits())
          .as("normalizers of %s", shape)
          .isEqualTo(other.normalizers.bits());
      assertThat(dQ.bits()).as("dQ of %s", shape).isEqualTo(other.dQ.bits());
      assertThat(dK.bits()).as("dK of %s", shape).isEqualTo(other.dK.bits());
      assertThat(dV.bits()).as("dV of %s", shape).isEqualTo(other.dV.bits());
      Stream.of(o, normalizers, dQ, dK, dV).forEach(TestTensor::assertGuardsIntact);
    }
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void hasTheBitsOfItsTwin(AttentionShape shape, boolean masked) {
    assertSameBits(shape, masked, 0);
  }

  /** From a few special values, which leave most results finite, to many. */
  @ParameterizedTest
  @ValueSource(ints = {5, 100, 2000})
  void hasTheBitsOfItsTwinOnSpecialValues(int every) {
    assertSameBits(new AttentionShape(1, 1, 150, 270, 24).withCausal(), false, every);
    assertSameBits(new AttentionShape(1, 1, 70, 270, 24), true, every);
  }

  private static void assertSameBits(AttentionShape shape, boolean masked, int specials) {
    for (boolean accumulate : new boolean[] {false, true}) {
      try (Arena arena = Arena.ofConfined()) {
        Operands simd = new Operands(arena, shape, masked, specials);
        Operands scalar = new Operands(arena, shape, masked, specials);
        simd.forward(0, ScalarAttentionKernels.units(shape));
        scalar.scalarForward();
        simd.backward(accumulate, 0, simd.keyHeads());
        scalar.scalarBackward(accumulate);
        simd.assertSameBits(scalar);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void hasTheSameBitsForAnySplit(boolean causal) {
    AttentionShape shape = new AttentionShape(2, 2, 300, 290, 12);
    shape = causal ? shape.withCausal() : shape;
    try (Arena arena = Arena.ofConfined()) {
      long units = ScalarAttentionKernels.units(shape);
      assertThat(units).isEqualTo(8);
      Operands whole = new Operands(arena, shape, true, 0);
      whole.forward(0, units);
      whole.backward(false, 0, 4);
      Operands parts = new Operands(arena, shape, true, 0);
      for (long unit = units - 1; unit >= 0; unit--) {
        parts.forward(unit, unit + 1);
      }
      parts.backward(false, 3, 4);
      parts.backward(false, 0, 3);
      parts.assertSameBits(whole);
    }
  }

  /** As with exactly so many keys, whatever memory holds behind them. */
  @ParameterizedTest
  @CsvSource({"1, 0", "1, 299", "1, 16", "7, 250", "100, 3", "290, 10"})
  void onlyTheKeysUpToTheLastQueryCount(int queries, int position) {
    int keys = position + queries;
    AttentionShape room = AttentionShape.ofRows(2, 4, 2, queries, 300, 12).withCausal();
    AttentionShape exact =
        AttentionShape.ofRows(2, 4, 2, queries, keys, 12)
            .withLayouts(room.q(), room.k(), room.v(), room.o())
            .withCausal();
    try (Arena arena = Arena.ofConfined()) {
      Operands expected = new Operands(arena, exact, false, 0);
      expected.forward(0, ScalarAttentionKernels.units(exact));
      Operands simd = new Operands(arena, room, false, 0);
      Operands scalar = new Operands(arena, room, false, 0);
      for (Operands x : List.of(simd, scalar)) {
        x.positions = TestTensor.ofLabels(arena, position, position).segment();
        for (int b = 0; b < 2; b++) {
          for (int i = keys * 24; i < 300 * 24; i++) {
            x.k.setAtIndex(JAVA_FLOAT, b * 300L * 24 + i, Float.NaN);
            x.v.setAtIndex(JAVA_FLOAT, b * 300L * 24 + i, Float.NaN);
          }
        }
      }
      simd.forward(0, ScalarAttentionKernels.units(room));
      scalar.scalarForward();
      assertThat(simd.o.bits()).isEqualTo(expected.o.bits());
      assertThat(scalar.o.bits()).isEqualTo(expected.o.bits());
      assertThat(simd.normalizers.bits()).isEqualTo(expected.normalizers.bits());
    }
  }

  /** The product of −0 is +0 with a key more in the sum, which only a query of the strip sees. */
  @Test
  void aResultThatRoundsToZeroHasNoSign() {
    AttentionShape three = new AttentionShape(1, 1, 3, 3, 1).withCausal();
    AttentionShape second = new AttentionShape(1, 1, 1, 2, 1).withCausal();
    try (Arena arena = Arena.ofConfined()) {
      Operands whole = new Operands(arena, three, false, 0);
      Operands scalar = new Operands(arena, three, false, 0);
      Operands alone = new Operands(arena, second, false, 0);
      for (Operands x : List.of(whole, scalar, alone)) {
        x.q.fill((byte) 0);
        x.q.setAtIndex(JAVA_FLOAT, x.shape.queries() / 2, 1f);
        MemorySegment.copy(new float[] {80f, 0f}, 0, x.k, JAVA_FLOAT, 0, 2);
        MemorySegment.copy(new float[] {0f, -1e-30f}, 0, x.v, JAVA_FLOAT, 0, 2);
      }
      whole.v.setAtIndex(JAVA_FLOAT, 2, 1f);
      whole.forward(0, 1);
      scalar.scalarForward();
      alone.forward(0, 1);
      assertThat(whole.o.bits()[1]).isZero();
      assertThat(scalar.o.bits()[1]).isZero();
      assertThat(alone.o.bits()[0]).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 65})
  void aRowHasTheSameBitsWithoutTheOthers(int queries) {
    AttentionShape all = new AttentionShape(1, 1, 300, 300, 32).withCausal();
    AttentionShape last = new AttentionShape(1, 1, queries, 300, 32).withCausal();
    try (Arena arena = Arena.ofConfined()) {
      Operands whole = new Operands(arena, all, false, 0);
      whole.forward(0, ScalarAttentionKernels.units(all));
      Operands part = new Operands(arena, last, false, 0);
      long from = (300L - queries) * 32;
      SimdAttentionKernels.INSTANCE.forward(
          last,
          whole.q.asSlice(from * JAVA_FLOAT.byteSize()),
          whole.k,
          whole.v,
          null,
          null,
          part.o.segment(),
          part.normalizers.segment(),
          0,
          1);
      for (int i = 0; i < queries * 32; i++) {
        assertThat(part.o.get(i)).isEqualTo(whole.o.get(from + i));
      }
    }
  }
}
