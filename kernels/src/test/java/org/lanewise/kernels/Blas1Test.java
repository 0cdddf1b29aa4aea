package org.lanewise.kernels;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.math.BigDecimal;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lanewise.kernels.parallel.WorkerPool;

/** Sums over vectors against exact ones. */
class Blas1Test {
  private static final double UNIT_F32 = 0x1p-24;
  private static final double UNIT_F64 = 0x1p-53;

  /** Roundings of a term: 64 additions to a lane, the tree, and over blocks. */
  private static final double ROUNDINGS = 70;

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 15, 16, 17, 31, 33, 63, 64, 65, 100, 1000, 4095, 4096, 4097, 50_000})
  void sumsOfF32AgreeWithExactOnes(int size) {
    try (Arena arena = Arena.ofConfined()) {
      TestTensor x = TestTensor.normal(arena, size, 2, 1);
      TestTensor y = TestTensor.normal(arena, size, 2, 2);
      double sum = 0; // a product of two floats is exact in f64
      double dot = 0;
      double squares = 0;
      double magnitude = 0;
      double dotMagnitude = 0;
      for (int i = 0; i < size; i++) {
        sum += x.get(i);
        magnitude += Math.abs(x.get(i));
        dot += (double) x.get(i) * y.get(i);
        dotMagnitude += Math.abs((double) x.get(i) * y.get(i));
        squares += (double) x.get(i) * x.get(i);
      }
      MemorySegment a = x.segment();
      double bound = ROUNDINGS * UNIT_F32;
      assertThat(Blas1.sum(size, a)).isCloseTo(sum, within(bound * magnitude));
      assertThat(Blas1.dot(size, a, y.segment())).isCloseTo(dot, within(bound * dotMagnitude));
      assertThat(Blas1.norm(size, a))
          .isCloseTo(Math.sqrt(squares), within(36 * UNIT_F32 * Math.sqrt(squares)));
      if (size > 0) {
        assertThat(Blas1.mean(size, a)).isEqualTo(Blas1.sum(size, a) / size);
      } else {
        assertThat(Blas1.mean(size, a)).isNaN();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, 8, 9, 31, 32, 33, 1000, 2047, 2048, 2049, 20_000})
  void sumsOfF64AgreeWithExactOnes(int size) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment x = doubles(arena, size, 1);
      MemorySegment y = doubles(arena, size, 2);
      BigDecimal sum = BigDecimal.ZERO;
      BigDecimal dot = BigDecimal.ZERO;
      BigDecimal squares = BigDecimal.ZERO;
      double magnitude = 0;
      for (int i = 0; i < size; i++) {
        BigDecimal a = new BigDecimal(x.getAtIndex(JAVA_DOUBLE, i));
        BigDecimal b = new BigDecimal(y.getAtIndex(JAVA_DOUBLE, i));
        sum = sum.add(a);
        dot = dot.add(a.multiply(b));
        squares = squares.add(a.multiply(a));
        magnitude += Math.abs(a.doubleValue()) * (1 + Math.abs(b.doubleValue()));
      }
      double bound = (ROUNDINGS + Math.ceilDiv(size, 2048)) * UNIT_F64 * magnitude;
      assertThat(Blas1F64.sum(size, x)).isCloseTo(sum.doubleValue(), within(bound));
      assertThat(Blas1F64.dot(size, x, y)).isCloseTo(dot.doubleValue(), within(bound));
      double norm = Math.sqrt(squares.doubleValue());
      assertThat(Blas1F64.norm(size, x)).isCloseTo(norm, within(40 * UNIT_F64 * norm));
    }
  }

  private static MemorySegment doubles(Arena arena, int size, long seed) {
    MemorySegment values = arena.allocate((long) size * Double.BYTES, 64);
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < size; i++) {
      values.setAtIndex(JAVA_DOUBLE, i, random.nextGaussian());
    }
    return values;
  }

  /** The largest and the smallest numbers, and those whose squares are only just exact. */
  @ParameterizedTest
  @ValueSource(ints = {-149, -140, -127, -100, -64, -43, -42, -41, 0, 57, 63, 64, 100, 127})
  void aNormNeitherOverflowsNorUnderflows(int exponent) {
    int size = 5000;
    try (Arena arena = Arena.ofConfined()) {
      float value = Math.scalb(1f, exponent);
      TestTensor x = TestTensor.zeros(arena, size);
      for (int i = 0; i < size; i++) {
        x.segment().setAtIndex(JAVA_FLOAT, i, value);
      }
      double exact = value * Math.sqrt(size);
      assertThat(Blas1.norm(size, x.segment())).isCloseTo(exact, within(36 * UNIT_F32 * exact));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {-1074, -1022, -700, -341, -340, -339, 0, 505, 511, 512, 1000})
  void norDoesOneOfF64(int exponent) {
    int size = 5000;
    try (Arena arena = Arena.ofConfined()) {
      double value = Math.scalb(1.0, exponent);
      MemorySegment x = arena.allocate((long) size * Double.BYTES, 64);
      for (int i = 0; i < size; i++) {
        x.setAtIndex(JAVA_DOUBLE, i, value);
      }
      double exact = value * Math.sqrt(size);
      assertThat(Blas1F64.norm(size, x))
          .isCloseTo(exact, within(Math.max(40 * UNIT_F64 * exact, Double.MIN_VALUE)));
    }
  }

  @Test
  void infinityAndNanReachTheSums() {
    try (Arena arena = Arena.ofConfined()) {
      float inf = Float.POSITIVE_INFINITY;
      TestTensor infinite = TestTensor.of(arena, 1f, inf, 2f);
      TestTensor opposite = TestTensor.of(arena, -inf, inf, 2f);
      TestTensor nan = TestTensor.of(arena, 1f, Float.NaN, 2f);
      assertThat(Blas1.sum(3, infinite.segment())).isEqualTo(Double.POSITIVE_INFINITY);
      assertThat(Blas1.norm(3, infinite.segment())).isEqualTo(Double.POSITIVE_INFINITY);
      assertThat(Blas1.sum(3, opposite.segment())).isNaN();
      assertThat(Blas1.sum(3, nan.segment())).isNaN();
      assertThat(Blas1.norm(3, nan.segment())).isNaN();
      assertThat(Blas1.norm(3, TestTensor.zeros(arena, 3).segment())).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 15, 17, 33, 1000})
  void multiplesAreRoundedOnce(int size) {
    try (Arena arena = Arena.ofConfined()) {
      TestTensor x = TestTensor.normal(arena, size, 2, 1);
      TestTensor y = TestTensor.normal(arena, size, 2, 2);
      TestTensor before = y.copy(arena);
      Blas1.axpy(size, 0.3f, x.segment(), y.segment());
      for (int i = 0; i < size; i++) {
        assertThat(y.get(i)).isEqualTo(Math.fma(0.3f, x.get(i), before.get(i)));
      }
      Blas1.scal(size, 0.3f, x.segment(), y.segment());
      for (int i = 0; i < size; i++) {
        assertThat(y.get(i)).isEqualTo(0.3f * x.get(i));
      }
      y.assertGuardsIntact();
    }
  }

  @Test
  void theNumberOfThreadsDoesNotMatter() {
    int size = 701 * 313;
    try (Arena arena = Arena.ofShared();
        WorkerPool single = new WorkerPool(1)) {
      MemorySegment x = TestTensor.normal(arena, size, 2, 1).segment();
      MemorySegment y = TestTensor.normal(arena, size, 2, 2).segment();
      MemorySegment doubles = doubles(arena, size, 3);
      for (int threads = 2; threads <= 5; threads++) {
        try (WorkerPool pool = new WorkerPool(threads)) {
          assertThat(Blas1.sum(pool, size, x)).isEqualTo(Blas1.sum(single, size, x));
          assertThat(Blas1.dot(pool, size, x, y)).isEqualTo(Blas1.dot(single, size, x, y));
          assertThat(Blas1.norm(pool, size, x)).isEqualTo(Blas1.norm(single, size, x));
          assertThat(Blas1F64.sum(pool, size, doubles))
              .isEqualTo(Blas1F64.sum(single, size, doubles));
        }
      }
    }
  }
}
