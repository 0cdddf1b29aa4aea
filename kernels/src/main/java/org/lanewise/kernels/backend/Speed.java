package org.lanewise.kernels.backend;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.lanewise.kernels.op.TensorType.f32;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.lanewise.kernels.op.Activation;
import org.lanewise.kernels.op.ActivationOp;
import org.lanewise.kernels.op.Cost;
import org.lanewise.kernels.op.ElementwiseOp;
import org.lanewise.kernels.op.Epilogue;
import org.lanewise.kernels.op.Op;
import org.lanewise.kernels.op.ProductOp;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.kernels.op.Transpose;

/**
 * How fast a backend is, measured in a few seconds: what no op does better than on data that is not
 * in a cache, near enough.
 *
 * @param flops operations per second in a matrix product, of 1024³ where that takes no more than a
 *     tenth of a second, else of a smaller one
 * @param bandwidth bytes per second, read and written, in the multiple of a vector, of 2²⁴ elements
 *     where that takes no longer
 * @param latency seconds from the start of a small op until its result is on the host
 * @param settled whether the measured code got no faster in the end; if not, the JIT had not
 *     compiled it yet, or the machine was busy, and the backend is faster than this
 */
public record Speed(double flops, double bandwidth, double latency, boolean settled) {
  private static final Op PRODUCT =
      new ProductOp.Gemm(Transpose.NO, Transpose.NO, 1f, Epilogue.NONE);
  private static final List<List<TensorType>> PRODUCT_INPUTS =
      IntStream.of(32, 128, 256, 512, 1024)
          .mapToObj(side -> List.of(f32(side, side), f32(side, side)))
          .toList();

  private static final Op MULTIPLE = new ElementwiseOp.Scale(0.5f);

  private static final List<List<TensorType>> MULTIPLE_INPUTS =
      IntStream.of(1 << 12, 1 << 20, 1 << 24).mapToObj(length -> List.of(f32(length))).toList();

  private static final Op SMALL = new ActivationOp.Activate(Activation.RELU);

  /**
   * How long an op is measured.
   *
   * @param warmUpRuns runs of the smallest inputs before others are chosen
   * @param runs of those, at least
   * @param runSeconds what a run should not take longer than, so that there are many
   * @param leastNanos of all runs
   * @param mostNanos of all runs
   */
  private record Effort(
      int warmUpRuns, int runs, double runSeconds, long leastNanos, long mostNanos) {
    /** The JIT has noticed after these runs that code is worth compiling. */
    static final Effort SECONDS = new Effort(10_000, 10, 0.1, 300_000_000, 5_000_000_000L);

    /** For code that is compiled already. */
    static final Effort SHORT = new Effort(500, 5, 0.02, 40_000_000, 500_000_000);
  }

  /**
   * Measures a backend; takes up to 140 MB of its memory meanwhile.
   *
   * @throws OutOfMemoryError if it does not have them
   */
  public static Speed measure(Backend backend) {
    return measure(backend, System::nanoTime);
  }

  /** Measures by a clock that tells nanoseconds. */
  static Speed measure(Backend backend, LongSupplier clock) {
    Measuring measuring = new Measuring(backend, clock, Effort.SECONDS);
    double flops = measuring.perSecond(PRODUCT, Cost::flops, PRODUCT_INPUTS);
    double bandwidth = measuring.perSecond(MULTIPLE, Cost::bytes, MULTIPLE_INPUTS);
    double latency = measuring.warmUp(SMALL, List.of(f32(16)));
    return new Speed(flops, bandwidth, latency, measuring.settled);
  }

  /**
   * Measures matrix products alone, in about a tenth of a second and at most in one: for a backend
   * that has run long enough for its code to be compiled. Takes up to 13 MB of its memory
   * meanwhile.
   *
   * @return {@link #flops}; less if the machine is busy
   * @throws OutOfMemoryError if the backend does not have the memory
   */
  public static double products(Backend backend) {
    return products(backend, System::nanoTime);
  }

  /** Measures products by a clock that tells nanoseconds. */
  static double products(Backend backend, LongSupplier clock) {
    return new Measuring(backend, clock, Effort.SHORT)
        .perSecond(PRODUCT, Cost::flops, PRODUCT_INPUTS);
  }

  /** The least time that a cost takes, in seconds. */
  public double bound(Cost cost) {
    return Math.max(cost.flops() / flops, cost.bytes() / bandwidth);
  }

  /** The figures in words, and whether they are to be believed. */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%.1f GFLOP/s in matrix products, %.1f GB/s in vectors, %.2f µs a small op%s",
        flops * 1e-9,
        bandwidth * 1e-9,
        latency * 1e6,
        settled ? "" : ", or better: not compiled in time, or the machine was busy");
  }

  /** Runs ops until they get no faster. */
  private static final class Measuring {
    private final Backend backend;
    private final LongSupplier clock;
    private final Effort effort;
    private final MemorySegment first = Arena.ofAuto().allocate(JAVA_FLOAT);
    private boolean settled = true;

    Measuring(Backend backend, LongSupplier clock, Effort effort) {
      this.backend = backend;
      this.clock = clock;
      this.effort = effort;
    }

    /**
     * The rate of an op on the largest of several inputs with which it does not take too long,
     * reckoned from the smallest, on which it is warmed up.
     */
    double perSecond(Op op, ToLongFunction<Cost> part, List<List<TensorType>> inputs) {
      ToDoubleFunction<List<TensorType>> amount = types -> part.applyAsLong(Cost.of(op, types));
      double rate = amount.applyAsDouble(inputs.getFirst()) / warmUp(op, inputs.getFirst());
      List<TensorType> chosen =
          inputs.reversed().stream()
              .filter(types -> amount.applyAsDouble(types) / rate <= effort.runSeconds)
              .findFirst()
              .orElse(inputs.getFirst());
      return amount.applyAsDouble(chosen) / seconds(op, chosen, effort.runs);
    }

    double warmUp(Op op, List<TensorType> inputs) {
      return seconds(op, inputs, effort.warmUpRuns);
    }

    /**
     * The best of at least so many runs, each until its result is there. They go on until half of
     * the time has passed without a run that is a twentieth faster than those before, or for too
     * long.
     */
    private double seconds(Op op, List<TensorType> inputs, int leastRuns) {
      List<Operand> in = inputs.stream().map(this::operand).toList();
      Operand out = operand(inputs.getFirst());
      Step step = backend.bind(op, in, List.of(out));
      long best = Long.MAX_VALUE;
      double faster = Double.MAX_VALUE;
      long begin = clock.getAsLong();
      long improved = begin;
      long end = begin;
      int runs = 0;
      while (runs < leastRuns
          || end - begin < effort.leastNanos
          || end - improved < improved - begin) {
        if (end - begin > effort.mostNanos) {
          settled = false;
          break;
        }
        long start = clock.getAsLong();
        step.run();
        out.buffer().read(out.offset(), first, 0, Float.BYTES);
        end = clock.getAsLong();
        runs++;
        best = Math.min(best, end - start);
        if (best < faster) {
          faster = 0.95 * best;
          improved = end;
        }
      }
      Stream.concat(in.stream(), Stream.of(out)).forEach(operand -> operand.buffer().close());
      return best * 1e-9;
    }

    private Operand operand(TensorType type) {
      return new Operand(backend.allocate(type.byteSize()), 0, type);
    }
  }
}
