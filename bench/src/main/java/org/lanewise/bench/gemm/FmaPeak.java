package org.lanewise.bench.gemm;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * How many operations per second the processors do in fused multiply-adds that wait for nothing:
 * what a product cannot exceed.
 */
final class FmaPeak {
  /** Independent chains: more than latency × units of today's processors, and few registers. */
  private static final int CHAINS = 12;

  private static final int STEPS = 4096;
  private static final int WARM_UP_SLICES = 10;
  private static final int ROUNDS = 15;
  private static final double SLICE = 0.02;

  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Double> DOUBLES = DoubleVector.SPECIES_PREFERRED;

  private FmaPeak() {}

  /** Bits of the widest vectors. */
  static int vectorBits() {
    return FLOATS.vectorBitSize();
  }

  /** GFLOP/s of so many threads together, in the best of several rounds. */
  static double measure(Type type, int threads) {
    Chains chains = new Chains(type);
    double seconds = Timing.warmUp(chains, SLICE, WARM_UP_SLICES);
    int calls = Timing.calls(SLICE, seconds);
    double best = 0;
    try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      for (int round = 0; round < ROUNDS; round++) {
        best = Math.max(best, round(pool, threads, type, calls));
      }
    }
    return best;
  }

  private static double round(ExecutorService pool, int threads, Type type, int calls) {
    List<Callable<Double>> tasks = new ArrayList<>();
    for (int thread = 0; thread < threads; thread++) {
      tasks.add(() -> Timing.secondsPerCall(new Chains(type), calls));
    }
    double gflops = 0;
    try {
      for (Future<Double> task : pool.invokeAll(tasks)) {
        gflops += flops(type) * 1e-9 / task.get();
      }
      return gflops;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return 0;
    } catch (ExecutionException failure) {
      throw new AssertionError(failure); // arithmetic does not throw
    }
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
      result += type == Type.F32 ? floats(0.9f, 0.1f) : doubles(0.9, 0.1);
      if (Double.isNaN(result)) {
        throw new AssertionError();
      }
    }
  }

  private static float floats(float factor, float summand) {
    FloatVector f = FloatVector.broadcast(FLOATS, factor);
    FloatVector s = FloatVector.broadcast(FLOATS, summand);
    FloatVector v0 = s;
    FloatVector v1 = s;
    FloatVector v2 = s;
    FloatVector v3 = s;
    FloatVector v4 = s;
    FloatVector v5 = s;
    FloatVector v6 = s;
    FloatVector v7 = s;
    FloatVector v8 = s;
    FloatVector v9 = s;
    FloatVector v10 = s;
    FloatVector v11 = s;
    for (int step = 0; step < STEPS; step++) {
      v0 = v0.fma(f, s);
      v1 = v1.fma(f, s);
      v2 = v2.fma(f, s);
      v3 = v3.fma(f, s);
      v4 = v4.fma(f, s);
      v5 = v5.fma(f, s);
      v6 = v6.fma(f, s);
      v7 = v7.fma(f, s);
      v8 = v8.fma(f, s);
      v9 = v9.fma(f, s);
      v10 = v10.fma(f, s);
      v11 = v11.fma(f, s);
    }
    FloatVector sum = v0.add(v1).add(v2).add(v3).add(v4).add(v5);
    return sum.add(v6).add(v7).add(v8).add(v9).add(v10).add(v11).lane(0);
  }

  private static double doubles(double factor, double summand) {
    DoubleVector f = DoubleVector.broadcast(DOUBLES, factor);
    DoubleVector s = DoubleVector.broadcast(DOUBLES, summand);
    DoubleVector v0 = s;
    DoubleVector v1 = s;
    DoubleVector v2 = s;
    DoubleVector v3 = s;
    DoubleVector v4 = s;
    DoubleVector v5 = s;
    DoubleVector v6 = s;
    DoubleVector v7 = s;
    DoubleVector v8 = s;
    DoubleVector v9 = s;
    DoubleVector v10 = s;
    DoubleVector v11 = s;
    for (int step = 0; step < STEPS; step++) {
      v0 = v0.fma(f, s);
      v1 = v1.fma(f, s);
      v2 = v2.fma(f, s);
      v3 = v3.fma(f, s);
      v4 = v4.fma(f, s);
      v5 = v5.fma(f, s);
      v6 = v6.fma(f, s);
      v7 = v7.fma(f, s);
      v8 = v8.fma(f, s);
      v9 = v9.fma(f, s);
      v10 = v10.fma(f, s);
      v11 = v11.fma(f, s);
    }
    DoubleVector sum = v0.add(v1).add(v2).add(v3).add(v4).add(v5);
    return sum.add(v6).add(v7).add(v8).add(v9).add(v10).add(v11).lane(0);
  }
}
