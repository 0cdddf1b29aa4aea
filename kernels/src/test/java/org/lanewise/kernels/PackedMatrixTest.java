package org.lanewise.kernels;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.lanewise.kernels.op.Epilogue;
import org.lanewise.kernels.op.Transpose;
import org.lanewise.kernels.parallel.WorkerPool;

/** Products with a packed right operand have the bits of those with the original. */
class PackedMatrixTest {
  private static final WorkerPool[] POOLS =
      Stream.of(1, 2, 3, 7).map(WorkerPool::new).toArray(WorkerPool[]::new);

  record Case(int m, int n, int k, Transpose transA, Transpose transB) {
    Gemm gemm() {
      Gemm gemm = Gemm.of(m, n, k).alpha(-0.5).beta(0.75).epilogue(Epilogue.BIAS_RELU);
      return transA == Transpose.YES ? gemm.transposeA() : gemm;
    }

    Gemm unpacked() {
      return transB == Transpose.YES ? gemm().transposeB() : gemm();
    }
  }

  static Stream<Case> cases() {
    List<Case> cases = new ArrayList<>();
    for (int m : new int[] {0, 1, 3, 4, 7, 8, 9, 50, 131}) {
      for (int[] nk :
          new int[][] {
            {0, 3},
            {1, 1},
            {3, 7},
            {5, 0},
            {16, 8},
            {63, 17},
            {64, 512},
            {67, 513},
            {129, 1025},
            {1100, 30},
            {300, 2049}
          }) {
        for (Transpose transA : Transpose.values()) {
          for (Transpose transB : Transpose.values()) {
            cases.add(new Case(m, nk[0], nk[1], transA, transB));
          }
        }
      }
    }
    return cases.stream();
  }

  @AfterAll
  static void close() {
    for (WorkerPool pool : POOLS) {
      pool.close();
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void floatsHaveTheBitsOfTheOriginal(Case x) {
    float[] a = floats(x.m * x.k, 1);
    float[] b = floats(x.k * x.n, 2);
    float[] bias = floats(x.n, 3);
    float[] c = floats(x.m * x.n, 4);
    float[] expected = c.clone();
    x.unpacked().sgemm(a, b, expected, bias, null);
    try (Arena arena = Arena.ofShared();
        PackedMatrix ofArray = PackedMatrix.of(x.transB, x.k, x.n, b);
        PackedMatrix ofSegment =
            PackedMatrix.ofFloats(x.transB, x.k, x.n, arena.allocateFrom(JAVA_FLOAT, b))) {
      MemorySegment aSegment = arena.allocateFrom(JAVA_FLOAT, a);
      MemorySegment biasSegment = arena.allocateFrom(JAVA_FLOAT, bias);
      for (WorkerPool pool : POOLS) {
        float[] actual = c.clone();
        x.gemm().on(pool).sgemm(a, ofArray, actual, bias, null);
        assertThat(Arrays.mismatch(actual, expected)).as("array").isEqualTo(-1);
        MemorySegment segment = arena.allocateFrom(JAVA_FLOAT, c);
        x.gemm().on(pool).sgemm(aSegment, ofSegment, segment, biasSegment, null);
        assertThat(Arrays.mismatch(segment.toArray(JAVA_FLOAT), expected))
            .as("segment")
            .isEqualTo(-1);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void doublesHaveTheBitsOfTheOriginal(Case x) {
    double[] a = doubles(x.m * x.k, 1);
    double[] b = doubles(x.k * x.n, 2);
    double[] bias = doubles(x.n, 3);
    double[] c = doubles(x.m * x.n, 4);
    double[] expected = c.clone();
    x.unpacked().dgemm(a, b, expected, bias, null);
    try (Arena arena = Arena.ofShared();
        PackedMatrix ofArray = PackedMatrix.of(x.transB, x.k, x.n, b);
        PackedMatrix ofSegment =
            PackedMatrix.ofDoubles(x.transB, x.k, x.n, arena.allocateFrom(JAVA_DOUBLE, b))) {
      MemorySegment aSegment = arena.allocateFrom(JAVA_DOUBLE, a);
      MemorySegment biasSegment = arena.allocateFrom(JAVA_DOUBLE, bias);
      for (WorkerPool pool : POOLS) {
        double[] actual = c.clone();
        x.gemm().on(pool).dgemm(a, ofArray, actual, bias, null);
        assertThat(Arrays.mismatch(actual, expected)).as("array").isEqualTo(-1);
        MemorySegment segment = arena.allocateFrom(JAVA_DOUBLE, c);
        x.gemm().on(pool).dgemm(aSegment, ofSegment, segment, biasSegment, null);
        assertThat(Arrays.mismatch(segment.toArray(JAVA_DOUBLE), expected))
            .as("segment")
            .isEqualTo(-1);
      }
    }
  }

  @Test
  void allMatricesOfABatchHaveTheSame() {
    float[] a = floats(3 * 9 * 20, 1);
    float[] b = floats(20 * 33, 2);
    float[] expected = new float[3 * 9 * 33];
    float[] actual = new float[3 * 9 * 33];
    Gemm.of(9, 33, 20).batch(3, 9 * 20, 0, 9 * 33).sgemm(a, b, expected);
    try (PackedMatrix packed = PackedMatrix.of(Transpose.NO, 20, 33, b)) {
      Gemm.of(9, 33, 20).batch(3, 9 * 20, 0, 9 * 33).sgemm(a, packed, actual, null, null);
    }
    assertThat(actual).isEqualTo(expected);
  }

  static Stream<Arguments> mistakes() {
    float[] floats = new float[100];
    double[] doubles = new double[100];
    MemorySegment segment = Arena.ofAuto().allocate(800, 64);
    PackedMatrix packed = PackedMatrix.of(Transpose.NO, 10, 5, floats);
    Gemm gemm = Gemm.of(4, 5, 10);
    return Stream.of(
        mistake(
            "b must be [10, 6] but is packed [10, 5]",
            () -> Gemm.of(4, 6, 10).sgemm(floats, packed, floats, null, null)),
        mistake(
            "b must be packed for double[] but is for float[]",
            () -> gemm.dgemm(doubles, packed, doubles, null, null)),
        mistake(
            "b must be packed for segments of float but is for float[]",
            () -> gemm.sgemm(segment, packed, segment, null, null)),
        mistake(
            "b must hold 110 elements but has 100",
            () -> PackedMatrix.of(Transpose.NO, 10, 11, floats)),
        mistake("k must not be negative", () -> PackedMatrix.of(Transpose.NO, -1, 11, doubles)),
        mistake(
            "b must hold 101 elements of 8 bytes but has 800 bytes",
            () -> PackedMatrix.ofDoubles(Transpose.NO, 101, 1, segment)));
  }

  private static Arguments mistake(String message, ThrowingCallable call) {
    return Arguments.of(message, call);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("mistakes")
  void aMistakeIsNamed(String message, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void aClosedMatrixIsNotTouched() {
    MemorySegment memory = Arena.ofAuto().allocate(400, 64);
    MemorySegment c = Arena.ofAuto().allocate(400, 64);
    PackedMatrix packed = PackedMatrix.ofFloats(Transpose.YES, 10, 10, memory);
    packed.close();
    packed.close();
    assertThatThrownBy(() -> Gemm.of(10, 10, 10).sgemm(memory, packed, c, null, null))
        .isInstanceOf(IllegalStateException.class);
  }

  private static float[] floats(int size, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = random.nextFloat() - 0.5f;
    }
    return values;
  }

  private static double[] doubles(int size, long seed) {
    return new SplittableRandom(seed).doubles(size, -0.5, 0.5).toArray();
  }

  @Test
  void refusesAMissingTranspose() {
    assertThatThrownBy(() -> PackedMatrix.of(null, 1, 1, new float[1]))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("transpose");
    assertThatThrownBy(() -> PackedMatrix.ofDoubles(null, 1, 1, Arena.ofAuto().allocate(8, 8)))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("transpose");
  }

  @Test
  void refusesAClosedMatrix() {
    Arena arena = Arena.ofShared();
    MemorySegment b = arena.allocate(4 * 100 * 100, 64);
    arena.close();
    assertThatThrownBy(() -> PackedMatrix.ofFloats(Transpose.YES, 100, 100, b))
        .isInstanceOf(IllegalStateException.class);
  }
}
