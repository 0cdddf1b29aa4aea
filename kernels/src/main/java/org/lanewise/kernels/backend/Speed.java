package org.lanewise.kernels.backend;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.lanewise.kernels.op.TensorType.f32;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
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
 * How fast a backend is, measured in a few seconds: what no op does better than, near enough.
 *
 * @param flops operations per second in a matrix product of 1024³
 * @param bandwidth bytes per second, read and written, in the multiple of a vector
 * @param latency seconds from the start of a small op until its result is on the host
 */
public record Speed(double flops, double bandwidth, double latency) {
  private static final long SIDE = 1024;
  private static final long VECTOR = 1 << 24;
  private static final long SMALL = 16;
  private static final long NANOS = 2_000_000_000;

  /** Measures a backend; takes 140 MB of its memory until it is closed. */
  public static Speed measure(Backend backend) {
    Op product = new ProductOp.Gemm(Transpose.NO, Transpose.NO, 1f, false, Epilogue.NONE);
    Op multiple = new ElementwiseOp.Scale(0.5f, false);
    Op small = new ActivationOp.Activate(Activation.RELU);
    return new Speed(
        perSecond(backend, product, Cost::flops, f32(SIDE, SIDE), f32(SIDE, SIDE)),
        perSecond(backend, multiple, Cost::bytes, f32(VECTOR)),
        seconds(backend, small, f32(SMALL)));
  }

  /** The least time that a cost takes, in seconds. */
  public double bound(Cost cost) {
    return Math.max(cost.flops() / flops, cost.bytes() / bandwidth);
  }

  private interface Part {
    long of(Cost cost);
  }

  private static double perSecond(Backend backend, Op op, Part part, TensorType... inputs) {
    return part.of(Cost.of(op, List.of(inputs))) / seconds(backend, op, inputs);
  }

  /** The best of many runs, each until its result is there, for as long as a JIT may take. */
  private static double seconds(Backend backend, Op op, TensorType... inputs) {
    List<Operand> in = List.of(inputs).stream().map(type -> operand(backend, type)).toList();
    Operand out = operand(backend, inputs[0]);
    Step step = backend.bind(op, in, List.of(out));
    long best = Long.MAX_VALUE;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment first = arena.allocate(JAVA_FLOAT);
      long end = System.nanoTime() + NANOS;
      while (best == Long.MAX_VALUE || System.nanoTime() < end) {
        long start = System.nanoTime();
        step.run();
        out.buffer().read(out.offset(), first, 0, Float.BYTES);
        best = Math.min(best, System.nanoTime() - start);
      }
    }
    return best * 1e-9;
  }

  private static Operand operand(Backend backend, TensorType type) {
    return new Operand(backend.allocate(type.byteSize()), 0, type);
  }
}
