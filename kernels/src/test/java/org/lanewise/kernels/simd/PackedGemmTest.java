package org.lanewise.kernels.simd;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.lanewise.kernels.op.Epilogue;
import org.lanewise.kernels.op.Transpose;
import org.lanewise.kernels.parallel.WorkerPool;
import org.lanewise.kernels.scalar.ScalarGemm;

class PackedGemmTest {
  /** Floats before and after each operand that must keep their value. */
  private static final int GUARD = 19;

  /** One product; leading dimensions exceed the row length by {@code gap}. */
  record Case(
      int m,
      int n,
      int k,
      Transpose transA,
      Transpose transB,
      float alpha,
      float beta,
      Epilogue epilogue,
      int gap) {}

  static Stream<Case> cases() {
    int rows = MicroKernel.BEST.rows();
    int columns = MicroKernel.BEST.columns();
    int[][] sizes = {
      {0, 5, 5},
      {5, 0, 5},
      {5, 5, 0},
      {1, 1, 1},
      {1, columns, 3},
      {rows, 1, 2},
      {3, 5, 7},
      {rows - 1, columns - 1, 9},
      {rows, columns, 8},
      {rows + 1, columns + 1, 17},
      {2 * rows + 3, 3 * columns - 5, 31},
      {37, 41, 43},
      {13, 11, 1031},
      {200, 33, 64},
      {9, 1100, 20},
      {64, 64, 513}
    };
    List<Case> cases = new ArrayList<>();
    SplittableRandom random = new SplittableRandom(1);
    for (int[] size : sizes) {
      for (Transpose transA : Transpose.values()) {
        for (Transpose transB : Transpose.values()) {
          cases.add(
              new Case(
                  size[0],
                  size[1],
                  size[2],
                  transA,
                  transB,
                  List.of(1f, -0.5f, 2f).get(random.nextInt(3)),
                  List.of(0f, 1f, 0.75f).get(random.nextInt(3)),
                  Epilogue.values()[random.nextInt(4)],
                  random.nextInt(4) * 7));
        }
      }
    }
    for (int i = 0; i < 150; i++) {
      cases.add(
          new Case(
              random.nextInt(1, 80),
              random.nextInt(1, 80),
              random.nextInt(1, 80),
              Transpose.values()[random.nextInt(2)],
              Transpose.values()[random.nextInt(2)],
              random.nextInt(4) == 0 ? 0f : 1.5f,
              random.nextInt(2),
              Epilogue.values()[random.nextInt(4)],
              random.nextInt(9)));
    }
    return cases.stream();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void equalsScalarTwinBitForBit(Case c) {
    try (Arena arena = Arena.ofShared();
        WorkerPool pool = new WorkerPool(3)) {
      Operands x = new Operands(arena, c);
      MemorySegment expected = arena.allocate(x.c.byteSize(), 4).copyFrom(x.c);
      x.scalar(expected);
      for (int parts : new int[] {1, 2, 3, 4, 7}) {
        MemorySegment actual = arena.allocate(x.c.byteSize(), 4).copyFrom(x.c);
        pool.run(parts, x.packed(actual));
        assertThat(actual.toArray(JAVA_FLOAT))
            .as("%s in %d parts", c, parts)
            .isEqualTo(expected.toArray(JAVA_FLOAT));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void twinIsWithinTheErrorBoundOfTheSum(Case c) {
    try (Arena arena = Arena.ofConfined()) {
      Operands x = new Operands(arena, c);
      MemorySegment actual = arena.allocate(x.c.byteSize(), 4).copyFrom(x.c);
      x.scalar(actual);
      for (int i = 0; i < c.m; i++) {
        for (int j = 0; j < c.n; j++) {
          double sum = 0;
          double magnitude = 0;
          for (int p = 0; p < c.k; p++) {
            double product = (double) x.a(i, p) * x.b(p, j);
            sum += product;
            magnitude += Math.abs(product);
          }
          double old = x.at(x.c, i * x.ldc + j);
          double value = c.alpha * sum + (c.beta == 0 ? 0 : c.beta * old);
          double bias = c.epilogue.hasBias() ? x.bias.getAtIndex(JAVA_FLOAT, j) : 0;
          value += bias;
          if (c.epilogue.hasRelu()) {
            value = Math.max(value, 0);
          }
          double bound =
              (c.k + 2)
                  * 0x1p-24
                  * (Math.abs(c.alpha) * magnitude + Math.abs(c.beta * old) + Math.abs(bias));
          assertThat(Math.abs(x.at(actual, i * x.ldc + j) - value))
              .as("C[%d][%d] of %s", i, j, c)
              .isLessThanOrEqualTo(bound + Float.MIN_VALUE);
        }
      }
    }
  }

  @Test
  void betaZeroOverwritesNaN() {
    assertThat(product(new float[] {2}, new float[] {3}, 1f, 0f, Float.NaN)).isEqualTo(6f);
  }

  @Test
  void alphaZeroDoesNotReadTheOperands() {
    assertThat(product(new float[] {Float.NaN}, new float[] {1}, 0f, 2f, 3f)).isEqualTo(6f);
  }

  @Test
  void sumsNonFiniteAndSubnormalNumbersAsIeee() {
    float infinity = Float.POSITIVE_INFINITY;
    assertThat(product(new float[] {infinity, 1}, new float[] {1, 1}, 1f, 0f, 0f))
        .isEqualTo(infinity);
    assertThat(product(new float[] {infinity, 1}, new float[] {1, -infinity}, 1f, 0f, 0f)).isNaN();
    assertThat(product(new float[] {infinity, 1}, new float[] {0, 1}, 1f, 0f, 0f)).isNaN();
    assertThat(product(new float[] {Float.NaN, 1}, new float[] {1, 1}, 1f, 0f, 0f)).isNaN();
    assertThat(product(new float[] {Float.MIN_VALUE, 0}, new float[] {3, 1}, 1f, 0f, 0f))
        .isEqualTo(3 * Float.MIN_VALUE);
  }

  /** The product of a row and a column with the given value in C. */
  private static float product(float[] row, float[] column, float alpha, float beta, float c) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment result = arena.allocateFrom(JAVA_FLOAT, c);
      new PackedGemm(
              Transpose.NO,
              Transpose.NO,
              1,
              1,
              row.length,
              alpha,
              arena.allocateFrom(JAVA_FLOAT, row),
              row.length,
              arena.allocateFrom(JAVA_FLOAT, column),
              1,
              beta,
              result,
              1,
              Epilogue.NONE,
              null)
          .run(0, 1);
      return result.get(JAVA_FLOAT, 0);
    }
  }

  /** Random operands between guards; those of C are NaN and must stay so. */
  private static final class Operands {
    final Case shape;
    final int lda;
    final int ldb;
    final int ldc;
    final MemorySegment a;
    final MemorySegment b;
    final MemorySegment bias;
    final MemorySegment c;

    Operands(Arena arena, Case shape) {
      this.shape = shape;
      lda = Math.max(1, (shape.transA == Transpose.NO ? shape.k : shape.m) + shape.gap);
      ldb = Math.max(1, (shape.transB == Transpose.NO ? shape.n : shape.k) + shape.gap);
      ldc = Math.max(1, shape.n + shape.gap);
      SplittableRandom random = new SplittableRandom(shape.hashCode());
      a = random(arena, random, lda * (shape.transA == Transpose.NO ? shape.m : shape.k));
      b = random(arena, random, ldb * (shape.transB == Transpose.NO ? shape.k : shape.n));
      bias = random(arena, random, shape.n);
      c = arena.allocate(JAVA_FLOAT, ldc * (long) shape.m + 2L * GUARD);
      for (long i = 0; i < c.byteSize() / 4; i++) {
        c.setAtIndex(JAVA_FLOAT, i, Float.NaN);
      }
      for (int i = 0; i < shape.m; i++) {
        for (int j = 0; j < shape.n; j++) {
          c.setAtIndex(JAVA_FLOAT, GUARD + i * ldc + j, random.nextFloat() - 0.5f);
        }
      }
    }

    /** A slice that starts at an odd float and ends with its last element. */
    private static MemorySegment random(Arena arena, SplittableRandom random, int size) {
      MemorySegment segment = arena.allocate(JAVA_FLOAT, GUARD + size).asSlice(4L * GUARD);
      for (int i = 0; i < size; i++) {
        segment.setAtIndex(JAVA_FLOAT, i, random.nextFloat() - 0.5f);
      }
      return segment;
    }

    float a(int i, int p) {
      return a.getAtIndex(JAVA_FLOAT, shape.transA == Transpose.NO ? i * lda + p : p * lda + i);
    }

    float b(int p, int j) {
      return b.getAtIndex(JAVA_FLOAT, shape.transB == Transpose.NO ? p * ldb + j : j * ldb + p);
    }

    float at(MemorySegment c, int index) {
      return c.getAtIndex(JAVA_FLOAT, GUARD + index);
    }

    void scalar(MemorySegment target) {
      ScalarGemm.multiply(
          shape.transA,
          shape.transB,
          shape.m,
          shape.n,
          shape.k,
          shape.alpha,
          a,
          lda,
          b,
          ldb,
          shape.beta,
          inside(target),
          ldc,
          shape.epilogue,
          bias);
    }

    PackedGemm packed(MemorySegment target) {
      return new PackedGemm(
          shape.transA,
          shape.transB,
          shape.m,
          shape.n,
          shape.k,
          shape.alpha,
          a,
          lda,
          b,
          ldb,
          shape.beta,
          inside(target),
          ldc,
          shape.epilogue,
          bias);
    }

    private MemorySegment inside(MemorySegment target) {
      return target.asSlice(4L * GUARD, target.byteSize() - 8L * GUARD);
    }
  }
}
