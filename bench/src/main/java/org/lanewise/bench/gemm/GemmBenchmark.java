package org.lanewise.bench.gemm;

import java.lang.foreign.Arena;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
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

/** Time of one product of square matrices; 2·size³ operations by the time is the speed. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 5,
    jvmArgsAppend = {"--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"})
public class GemmBenchmark {
  /** Rows and columns. */
  @Param({"64", "128", "256", "512", "1024", "2048"})
  public int size;

  /** Threads of the product. */
  @Param({"1", "2"})
  public int threads;

  /** Transposition of A and B. */
  @Param({"NN", "NT", "TN", "TT"})
  public String operands;

  /** Whose product: {@code lanewise} or {@code openblas}. */
  @Param({"lanewise", "openblas"})
  public String implementation;

  /** Type of the elements: {@code f32} or {@code f64}. */
  @Param("f32")
  public String type;

  /** Where Lanewise's matrices are: {@code native} or {@code heap}. */
  @Param("native")
  public String memory;

  private Arena arena;
  private Implementation gemm;
  private Runnable product;

  /** Makes the matrices and checks a product. */
  @Setup
  public void setUp() {
    Type elements = Type.valueOf(type.toUpperCase(Locale.ROOT));
    gemm =
        switch (implementation) {
          case LanewiseGemm.NAME ->
              new LanewiseGemm(Memory.valueOf(memory.toUpperCase(Locale.ROOT)));
          case "openblas" -> OpenBlas.load();
          default -> throw new IllegalArgumentException("no implementation " + implementation);
        };
    gemm.setThreads(threads);
    arena = Arena.ofShared();
    Operands matrices =
        Operands.random(Shape.dense(size, size, size, Trans.valueOf(operands)), elements, arena);
    Operands own = gemm.memory() == Memory.HEAP ? matrices.onHeap() : matrices;
    product = gemm.product(own);
    ResultCheck.check(implementation, product, own);
  }

  /** One product. */
  @Benchmark
  public void product() {
    product.run();
  }

  /** Frees memory and threads. */
  @TearDown
  public void tearDown() {
    gemm.close();
    arena.close();
  }
}
