package org.lanewise.kernels.backend;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.LongSupplier;
import org.lanewise.kernels.op.Cost;
import org.lanewise.kernels.op.Op;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.kernels.op.Write;

/** Pretends to be compiled after some runs; computes nothing, and its clock knows no other work. */
final class SlowAtFirst implements Backend, LongSupplier {
  /** Nanoseconds that an operation or a byte takes when it is compiled, whichever are more. */
  private static final double COMPILED = 0.01;

  private final int interpretedRuns;
  private final double slowness;
  private int runs;
  private long nanos;

  /** The first runs, of whatever op, take so many times as long as those after them. */
  SlowAtFirst(int interpretedRuns, double slowness) {
    this.interpretedRuns = interpretedRuns;
    this.slowness = slowness;
  }

  @Override
  public long getAsLong() {
    return nanos;
  }

  @Override
  public String name() {
    return "slow at first";
  }

  @Override
  public String description() {
    return name();
  }

  @Override
  public Buffer allocate(long byteSize) {
    return new Buffer() {
      @Override
      public long byteSize() {
        return byteSize;
      }

      @Override
      public void write(long offset, MemorySegment source, long sourceOffset, long byteCount) {}

      @Override
      public void read(long offset, MemorySegment target, long targetOffset, long byteCount) {}

      @Override
      public void copy(long offset, Buffer source, long sourceOffset, long byteCount) {}

      @Override
      public void close() {}
    };
  }

  @Override
  public Step bind(Op op, List<Operand> inputs, List<Operand> outputs, List<Write> writes) {
    List<TensorType> types = inputs.stream().map(Operand::type).toList();
    Cost cost = Cost.of(op, types, writes);
    double compiled = COMPILED * Math.max(cost.flops(), cost.bytes());
    return () -> nanos += Math.round(compiled * (runs++ < interpretedRuns ? slowness : 1)) + 1;
  }

  @Override
  public long time(Step step) {
    long start = nanos;
    step.run();
    return nanos - start;
  }

  @Override
  public void close() {}
}
