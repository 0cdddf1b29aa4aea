package org.lanewise.bench;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.lanewise.kernels.Gemm;
import org.lanewise.kernels.op.Epilogue;
import org.lanewise.kernels.op.Transpose;
import org.lanewise.kernels.parallel.WorkerPool;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Time of one f32 product of square matrices; 2·size³ operations by the time is the speed. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 5, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class GemmBenchmark {
  /** Rows and columns. */
  @Param({"64", "128", "256", "512", "1024", "2048"})
  public int size;

  /** Threads of the pool. */
  @Param({"1", "2"})
  public int threads;

  /** Transposition of A and B. */
  @Param({"NN", "NT", "TN"})
  public String operands;

  private Arena arena;
  private WorkerPool pool;
  private MemorySegment a;
  private MemorySegment b;
  private MemorySegment c;

  /** Allocates the matrices and checks a product against one in double precision. */
  @Setup
  public void setUp() {
    arena = Arena.ofShared();
    pool = new WorkerPool(threads);
    SplittableRandom random = new SplittableRandom(1);
    a = random(random);
    b = random(random);
    c = random(random);
    product();
    for (int i = 0; i < size; i += 7) {
      check(i, (i * 31) % size);
    }
  }

  /** One product. */
  @Benchmark
  public MemorySegment product() {
    Gemm.sgemm(
        pool,
        transposed(0),
        transposed(1),
        size,
        size,
        size,
        1f,
        a,
        size,
        b,
        size,
        0f,
        c,
        size,
        Epilogue.NONE,
        null);
    return c;
  }

  private Transpose transposed(int operand) {
    return operands.charAt(operand) == 'T' ? Transpose.YES : Transpose.NO;
  }

  private MemorySegment random(SplittableRandom random) {
    MemorySegment matrix = arena.allocate(4L * size * size, 64);
    for (long i = 0; i < (long) size * size; i++) {
      matrix.setAtIndex(JAVA_FLOAT, i, random.nextFloat() - 0.5f);
    }
    return matrix;
  }

  private void check(int row, int column) {
    double sum = 0;
    for (int p = 0; p < size; p++) {
      sum += (double) at(a, row, p, transposed(0)) * at(b, p, column, transposed(1));
    }
    float actual = at(c, row, column, Transpose.NO);
    if (!(Math.abs(actual - sum) <= (size + 2) * 0x1p-24 * size)) {
      throw new AssertionError(
          "C[%d][%d] is %s but should be %s".formatted(row, column, actual, sum));
    }
  }

  private float at(MemorySegment matrix, int row, int column, Transpose transpose) {
    long index =
        transpose == Transpose.NO ? (long) row * size + column : (long) column * size + row;
    return matrix.getAtIndex(JAVA_FLOAT, index);
  }

  /** Frees memory and threads. */
  @TearDown
  public void tearDown() {
    pool.close();
    arena.close();
  }
}
