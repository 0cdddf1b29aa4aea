package org.lanewise.kernels;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.lanewise.kernels.parallel.WorkerPool;

/** The entry points of elementary functions: each calls its function, on every element. */
class FunctionsTest {
  private static final int[] SIZES = {0, 1, 15, 16, 17, 33, 1000, 1025, 50_000};

  private static final WorkerPool POOL = new WorkerPool(2);

  @FunctionalInterface
  private interface OnPool {
    void run(WorkerPool pool, long size, MemorySegment x, MemorySegment y);
  }

  @FunctionalInterface
  private interface OnShared {
    void run(long size, MemorySegment x, MemorySegment y);
  }

  private record Case(String name, OnPool onPool, OnShared onShared, DoubleUnaryOperator formula) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Arguments> functionsAndSizes() {
    List<Arguments> cases = new ArrayList<>();
    for (Case c :
        List.of(
            new Case("exp", Functions::exp, Functions::exp, StrictMath::exp),
            new Case("expm1", Functions::expm1, Functions::expm1, StrictMath::expm1),
            new Case("log", Functions::log, Functions::log, StrictMath::log),
            new Case("log1p", Functions::log1p, Functions::log1p, StrictMath::log1p),
            new Case("erf", Functions::erf, Functions::erf, FunctionsTest::erf),
            new Case("sin", Functions::sin, Functions::sin, StrictMath::sin),
            new Case("cos", Functions::cos, Functions::cos, StrictMath::cos),
            new Case("rsqrt", Functions::rsqrt, Functions::rsqrt, x -> 1 / Math.sqrt(x)))) {
      for (int size : SIZES) {
        cases.add(Arguments.of(c, size));
      }
    }
    return cases;
  }

  /** The Maclaurin series, for arguments of this test. */
  private static double erf(double x) {
    double sum = 0;
    double power = x;
    for (int n = 0; n < 200; n++) {
      sum += power / (2 * n + 1);
      power *= -x * x / (n + 1);
    }
    return 2 / StrictMath.sqrt(StrictMath.PI) * sum;
  }

  @ParameterizedTest
  @MethodSource("functionsAndSizes")
  void agreesWithTheFormula(Case c, int size) {
    try (Arena arena = Arena.ofShared()) {
      TestTensor x = TestTensor.normal(arena, size, 1, size);
      for (int i = 0; i < size; i++) { // positive, and no root of log
        x.segment().setAtIndex(JAVA_FLOAT, i, positive(x.get(i)));
      }
      TestTensor y = TestTensor.zeros(arena, size);
      c.onPool.run(POOL, size, x.segment(), y.segment());
      for (int i = 0; i < size; i++) {
        double exact = c.formula.applyAsDouble(x.get(i));
        assertThat((double) y.get(i)).isCloseTo(exact, within(2e-7 * Math.abs(exact)));
      }
      y.assertGuardsIntact();
      c.onShared.run(size, x.segment(), x.segment());
      assertThat(x.bits()).isEqualTo(y.bits());
    }
  }

  private static float positive(float x) {
    return Math.abs(x) + 0.01f;
  }

  @Test
  void largeAnglesAreReducedExactly() {
    try (Arena arena = Arena.ofConfined()) {
      TestTensor x = TestTensor.of(arena, 1f, 30_001f, -1e10f, 3e38f, 0.5f);
      TestTensor y = TestTensor.zeros(arena, 5);
      Functions.sin(5, x.segment(), y.segment());
      for (int i = 0; i < 5; i++) {
        assertThat((double) y.get(i)).isCloseTo(StrictMath.sin(x.get(i)), within(6e-8));
      }
      Functions.cos(5, x.segment(), y.segment());
      for (int i = 0; i < 5; i++) {
        assertThat((double) y.get(i)).isCloseTo(StrictMath.cos(x.get(i)), within(6e-8));
      }
    }
  }

  /** Its class is another than that of allocated memory. */
  @Test
  void takesMappedFiles(@TempDir Path folder) throws IOException {
    try (Arena arena = Arena.ofShared();
        FileChannel file =
            FileChannel.open(
                folder.resolve("x"),
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE)) {
      MemorySegment x = file.map(FileChannel.MapMode.READ_WRITE, 0, 100 * Float.BYTES, arena);
      Functions.exp(100, x, x);
      assertThat(x.toArray(JAVA_FLOAT)).containsOnly(1f);
    }
  }
}
