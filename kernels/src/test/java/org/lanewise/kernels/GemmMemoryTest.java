package org.lanewise.kernels;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.lanewise.kernels.op.Epilogue;
import org.lanewise.kernels.op.Transpose;
import org.lanewise.kernels.parallel.WorkerPool;

/** Memory that GEMM has to accept, and the methods with the arguments of BLAS. */
class GemmMemoryTest {
  private static final float[] A = {1, 2, 3, 4};
  private static final float[] B = {5, 6, 7, 8};
  private static final float[] PRODUCT = {19, 22, 43, 50};

  @Test
  void operandsMayBeDisjointPartsOfOneArray() {
    float[] all = {0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8};
    Gemm.of(2, 2, 2).offsets(4, 8, 0).sgemm(all, all, all);
    assertThat(all).startsWith(PRODUCT).endsWith(1, 2, 3, 4, 5, 6, 7, 8);
  }

  @Test
  void operandsMayBeDisjointPartsOfOneSegment() {
    try (Arena arena = Arena.ofShared()) {
      MemorySegment all = arena.allocateFrom(JAVA_FLOAT, 1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0, 0);
      Gemm.of(2, 2, 2).offsets(0, 4, 8).sgemm(all, all, all);
      assertThat(all.toArray(JAVA_FLOAT)).endsWith(PRODUCT).startsWith(1, 2, 3, 4, 5, 6, 7, 8);
    }
  }

  @Test
  void bothOperandsMayBeTheSame() {
    float[] c = new float[4];
    Gemm.of(2, 2, 2).transposeB().sgemm(A, A, c);
    assertThat(c).containsExactly(5, 11, 11, 25);
  }

  @Test
  void readOnlyOperandsAreRead() {
    try (Arena arena = Arena.ofShared()) {
      MemorySegment a = arena.allocateFrom(JAVA_FLOAT, A).asReadOnly();
      MemorySegment b = arena.allocateFrom(JAVA_FLOAT, B).asReadOnly();
      MemorySegment c = arena.allocate(JAVA_FLOAT, 4);
      Gemm.sgemm(2, 2, 2, a, b, c);
      assertThat(c.toArray(JAVA_FLOAT)).isEqualTo(PRODUCT);
    }
  }

  @Test
  void withoutElementsNoMemoryIsNeeded() {
    float[] none = {};
    Gemm.of(0, 5, 0).sgemm(none, none, none);
    Gemm.of(5, 0, 0).sgemm(none, none, none);
    Gemm.of(5, 5, 5).batch(0, 1, 1, 1).sgemm(none, none, none);
    float[] c = {1, 2};
    Gemm.of(1, 2, 0).beta(3).sgemm(none, none, c);
    assertThat(c).containsExactly(3, 6);
  }

  /** The distance of the rows does not matter if there is only one. */
  @Test
  void singleRowsMayHaveAnyDistance() {
    for (long huge :
        new long[] {1L << 31, 1L << 40, 1L << 60, 1L << 61, 1L << 62, Long.MAX_VALUE}) {
      for (int n : new int[] {1, 3, 40, 64}) {
        float[] a = {3};
        float[] b = new float[n];
        float[] c = new float[n];
        Arrays.fill(b, 2);
        Gemm gemm = Gemm.of(1, n, 1).leadingDimensions(huge, huge, huge);
        gemm.sgemm(a, b, c);
        assertThat(c).as("arrays, %d columns %d apart", n, huge).containsOnly(6);
        try (Arena arena = Arena.ofShared()) {
          MemorySegment result = arena.allocate(JAVA_FLOAT, n);
          gemm.sgemm(arena.allocateFrom(JAVA_FLOAT, a), arena.allocateFrom(JAVA_FLOAT, b), result);
          assertThat(result.toArray(JAVA_FLOAT))
              .as("segments, %d columns %d apart", n, huge)
              .containsOnly(6);
        }
      }
    }
  }

  @Test
  void theArgumentsOfBlasMeanTheSame() {
    float[] c = {100, 200, 300, 400, 500, 600};
    Gemm.sgemm(
        Transpose.YES,
        Transpose.NO,
        2,
        2,
        2,
        2,
        new float[] {0, 1, 3, 2, 4},
        1,
        2,
        B,
        0,
        2,
        0.5f,
        c,
        1,
        3);
    assertThat(c).containsExactly(100, 100 + 2 * 19, 150 + 2 * 22, 400, 250 + 2 * 43, 300 + 2 * 50);
    double[] d = {1};
    Gemm.dgemm(
        Transpose.NO,
        Transpose.YES,
        1,
        1,
        2,
        3,
        new double[] {1, 2},
        0,
        2,
        new double[] {3, 4},
        0,
        2,
        10,
        d,
        0,
        1);
    assertThat(d).containsExactly(3 * 11 + 10);
  }

  @Test
  void aDescriptionRunsAnyNumberOfTimesAndKinds() {
    Gemm gemm = Gemm.of(2, 2, 2).epilogue(Epilogue.RELU);
    float[] c = new float[4];
    double[] d = new double[4];
    for (int i = 0; i < 3; i++) {
      gemm.sgemm(A, B, c);
      gemm.dgemm(new double[] {1, 2, 3, 4}, new double[] {5, 6, 7, 8}, d);
    }
    assertThat(c).isEqualTo(PRODUCT);
    assertThat(d).containsExactly(19, 22, 43, 50);
  }

  @Test
  void confinedMemoryStaysOnTheCallingThread() {
    int size = 200;
    SplittableRandom random = new SplittableRandom(1);
    float[] a = new float[size * size];
    for (int i = 0; i < a.length; i++) {
      a[i] = random.nextFloat();
    }
    float[] expected = new float[a.length];
    Gemm.sgemm(size, size, size, a, a, expected);
    try (WorkerPool pool = new WorkerPool(3);
        Arena shared = Arena.ofShared();
        Arena confined = Arena.ofConfined()) {
      MemorySegment x = shared.allocateFrom(JAVA_FLOAT, a);
      MemorySegment c = confined.allocate(JAVA_FLOAT, a.length);
      Gemm.of(size, size, size).on(pool).sgemm(x, x, c);
      assertThat(c.toArray(JAVA_FLOAT)).isEqualTo(expected);
      MemorySegment y = confined.allocateFrom(JAVA_FLOAT, a);
      MemorySegment d = shared.allocate(JAVA_FLOAT, a.length);
      Gemm.of(size, size, size).on(pool).sgemm(x, y, d);
      assertThat(d.toArray(JAVA_FLOAT)).isEqualTo(expected);
    }
  }
}
