package org.lanewise.kernels.backend;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import org.lanewise.kernels.op.Op;
import org.lanewise.kernels.op.Write;
import org.lanewise.kernels.parallel.WorkerPool;

/** A backend that does what another one does, and something around each of its steps. */
abstract class DecoratedBackend implements Backend {
  private final Backend backend;

  DecoratedBackend(Backend backend) {
    this.backend = backend;
  }

  /** A step that has another one in it. */
  interface Decorated extends Step {
    /** The step of the decorated backend. */
    Step inner();

    /** Runs it with what is around it; how long the inner step took on the device. */
    long time();

    @Override
    default void run() {
      time();
    }
  }

  /** What is to be run in place of a step. */
  abstract Decorated decorate(
      Origin origin,
      Op op,
      List<Operand> inputs,
      List<Operand> outputs,
      List<Write> writes,
      Step step);

  final Backend decorated() {
    return backend;
  }

  @Override
  public String name() {
    return backend.name();
  }

  @Override
  public String description() {
    return backend.description();
  }

  @Override
  public Buffer allocate(long byteSize) {
    return backend.allocate(byteSize);
  }

  @Override
  public Optional<Buffer> share(MemorySegment memory) {
    return backend.share(memory);
  }

  @Override
  public Step bind(Op op, List<Operand> inputs, List<Operand> outputs, List<Write> writes) {
    return bind(Origin.UNKNOWN, op, inputs, outputs, writes);
  }

  @Override
  public Step bind(
      Origin origin, Op op, List<Operand> inputs, List<Operand> outputs, List<Write> writes) {
    Step step = backend.bind(origin, op, inputs, outputs, writes);
    return decorate(origin, op, inputs, outputs, writes, step);
  }

  @Override
  public long time(Step step) {
    return step instanceof Decorated own ? own.time() : backend.time(step);
  }

  @Override
  public boolean timesOnDevice(Step step) {
    return backend.timesOnDevice(step instanceof Decorated own ? own.inner() : step);
  }

  @Override
  public void watchParts(WorkerPool.Watcher watcher) {
    backend.watchParts(watcher);
  }

  @Override
  public void close() {
    backend.close();
  }
}
