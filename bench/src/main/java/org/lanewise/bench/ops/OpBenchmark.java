package org.lanewise.bench.ops;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Time of one op, whose results are checked bit for bit before. With {@code memory=both} the op
 * runs on arrays too, before each iteration, and what is measured is native memory: it must not
 * suffer.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 5, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class OpBenchmark {
  private static final int OTHER_RUNS = 20;

  /** The op, as {@code bench ops --list} names it. */
  @Param({"tanh", "cross-entropy", "adamw"})
  public String op;

  /** Threads of the op. */
  @Param({"1", "2"})
  public int threads;

  /** {@code native}, {@code arrays}, or {@code both}. */
  @Param({"native", "arrays", "both"})
  public String memory;

  private BoundCase bound;

  /** Makes the operands and checks a run. */
  @Setup
  public void setUp() {
    OpCase chosen =
        OpCases.all().stream()
            .filter(c -> c.name().equals(op))
            .findAny()
            .orElseThrow(() -> new IllegalArgumentException("no op is called " + op));
    bound = new BoundCase(chosen, threads);
  }

  /** Uses the other kind of memory in the same process. */
  @Setup(Level.Iteration)
  public void pollute() {
    for (int i = 0; i < OTHER_RUNS && memory.equals("both"); i++) {
      bound.runArrays();
    }
  }

  /** One run. */
  @Benchmark
  public void run() {
    if (memory.equals("arrays")) {
      bound.runArrays();
    } else {
      bound.runNative();
    }
  }

  /** Frees memory and threads. */
  @TearDown
  public void tearDown() {
    bound.close();
  }
}
