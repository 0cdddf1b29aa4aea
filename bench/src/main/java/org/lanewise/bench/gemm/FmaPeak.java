package org.lanewise.bench.gemm;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * How many operations per second the processors do in fused multiply-adds that wait for nothing:
 * what a product cannot exceed.
 */
final class FmaPeak implements AutoCloseable {
  /**
   * Independent sums: more than latency × units of today's processors, and with both factors no
   * more than 16 registers. The sum is what changes, since then C2 needs no copies of registers.
   */
  private static final int CHAINS = 12;

  private static final int STEPS = 4096;
  private static final double WARM_UP = 0.2;
  private static final int ROUNDS = 40;
  private static final int FEW_ROUNDS = 4;
  private static final double SLICE = 0.005;

  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Double> DOUBLES = DoubleVector.SPECIES_PREFERRED;

  private final Type type;
  private final int threads;
  private final int calls;
  private final ExecutorService pool;

  /** The peak of so many threads together. */
  FmaPeak(Type type, int threads) {
    this.type = type;
    this.threads = threads;
    calls = Timing.warmUp(new Chains(type), SLICE, WARM_UP).calls(SLICE);
    pool = Executors.newFixedThreadPool(threads);
  }

  /** Bits of the widest vectors. */
  static int vectorBits() {
    return FLOATS.vectorBitSize();
  }

  /** GFLOP/s in the best of many rounds. */
  double best() {
    return best(ROUNDS);
  }

  /** GFLOP/s at this moment: in the best of few rounds. */
  double now() {
    return best(FEW_ROUNDS);
  }

  private double best(int rounds) {
    double best = 0;
    for (int round = 0; round < rounds; round++) {
      best = Math.max(best, round());
    }
    return best;
  }

  /** GFLOP/s over some milliseconds. */
  private double round() {
    AtomicInteger waiting = new AtomicInteger(threads);
    List<Callable<Span>> tasks = new ArrayList<>();
    for (int thread = 0; thread < threads; thread++) {
      int processor = thread;
      tasks.add(() -> compute(processor, waiting));
    }
    long start = Long.MAX_VALUE;
    long end = Long.MIN_VALUE;
    try {
      for (Future<Span> task : pool.invokeAll(tasks)) {
        start = Math.min(start, task.get().start());
        end = Math.max(end, task.get().end());
      }
    } catch (InterruptedException | ExecutionException failure) {
      throw new AssertionError(failure); // nobody interrupts, and arithmetic does not throw
    }
    return flops(type) * calls * threads / (end - start);
  }

  /** When a thread computed, in nanoseconds. */
  private record Span(long start, long end) {}

  /** Computes from when nobody is waited for any more. */
  private Span compute(int processor, AtomicInteger waiting) {
    Affinity.stayOn(processor);
    Chains chains = new Chains(type);
    waiting.decrementAndGet();
    while (waiting.get() > 0) {
      Thread.yield();
    }
    long start = System.nanoTime();
    for (int i = 0; i < calls; i++) {
      chains.run();
    }
    return new Span(start, System.nanoTime());
  }

  @Override
  public void close() {
    pool.close();
  }

  private static double flops(Type type) {
    return 2.0 * STEPS * CHAINS * (type == Type.F32 ? FLOATS.length() : DOUBLES.length());
  }

  /** What is computed; the result is kept, lest the JIT leave it all out. */
  private static final class Chains implements Runnable {
    private final Type type;
    private double result;

    Chains(Type type) {
      this.type = type;
    }

    @Override
    public void run() {
      result += type == Type.F32 ? floats(0.5f, 0.1f) : doubles(0.5, 0.1);
      if (Double.isNaN(result)) {
        throw new AssertionError();
      }
    }
  }

  private static float floats(float factor, float other) {
    FloatVector f = FloatVector.broadcast(FLOATS, factor);
    FloatVector g = FloatVector.broadcast(FLOATS, other);
    FloatVector v0 = g;
    FloatVector v1 = g;
    FloatVector v2 = g;
    FloatVector v3 = g;
    FloatVector v4 = g;
    FloatVector v5 = g;
    FloatVector v6 = g;
    FloatVector v7 = g;
    FloatVector v8 = g;
    FloatVector v9 = g;
    FloatVector v10 = g;
    FloatVector v11 = g;
    for (int step = 0; step < STEPS; step++) {
      v0 = f.fma(g, v0);
      v1 = f.fma(g, v1);
      v2 = f.fma(g, v2);
      v3 = f.fma(g, v3);
      v4 = f.fma(g, v4);
      v5 = f.fma(g, v5);
      v6 = f.fma(g, v6);
      v7 = f.fma(g, v7);
      v8 = f.fma(g, v8);
      v9 = f.fma(g, v9);
      v10 = f.fma(g, v10);
      v11 = f.fma(g, v11);
    }
    FloatVector sum = v0.add(v1).add(v2).add(v3).add(v4).add(v5);
    return sum.add(v6).add(v7).add(v8).add(v9).add(v10).add(v11).lane(0);
  }

  private static double doubles(double factor, double other) {
    DoubleVector f = DoubleVector.broadcast(DOUBLES, factor);
    DoubleVector g = DoubleVector.broadcast(DOUBLES, other);
    DoubleVector v0 = g;
    DoubleVector v1 = g;
    DoubleVector v2 = g;
    DoubleVector v3 = g;
    DoubleVector v4 = g;
    DoubleVector v5 = g;
    DoubleVector v6 = g;
    DoubleVector v7 = g;
    DoubleVector v8 = g;
    DoubleVector v9 = g;
    DoubleVector v10 = g;
    DoubleVector v11 = g;
    for (int step = 0; step < STEPS; step++) {
      v0 = f.fma(g, v0);
      v1 = f.fma(g, v1);
      v2 = f.fma(g, v2);
      v3 = f.fma(g, v3);
      v4 = f.fma(g, v4);
      v5 = f.fma(g, v5);
      v6 = f.fma(g, v6);
      v7 = f.fma(g, v7);
      v8 = f.fma(g, v8);
      v9 = f.fma(g, v9);
      v10 = f.fma(g, v10);
      v11 = f.fma(g, v11);
    }
    DoubleVector sum = v0.add(v1).add(v2).add(v3).add(v4).add(v5);
    return sum.add(v6).add(v7).add(v8).add(v9).add(v10).add(v11).lane(0);
  }
}
