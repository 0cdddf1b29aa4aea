package org.lanewise.kernels.backend;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import org.lanewise.kernels.op.Op;
import org.lanewise.kernels.op.ShapeException;
import org.lanewise.kernels.op.Write;
import org.lanewise.kernels.parallel.WorkerPool;

/** A device that holds tensors and runs ops on them. Instances are used by one thread at a time. */
public interface Backend extends AutoCloseable {
  /** The name that selects this backend, as in {@code --device cpu}. */
  String name();

  /** The device in words: processor or card, threads, vector width. */
  String description();

  /**
   * Memory on the device, zeroed and aligned to 64 bytes. Closing the backend frees it.
   *
   * @throws IllegalArgumentException if {@code byteSize} is negative
   * @throws OutOfMemoryError if the device does not have it
   */
  Buffer allocate(long byteSize);

  /**
   * A buffer that is memory of the host, where the device works on that: nothing is copied. The
   * memory must outlive the buffer, which does not free it.
   *
   * @param memory native and aligned to 64 bytes
   * @return nothing if the device has memory of its own
   */
  default Optional<Buffer> share(MemorySegment memory) {
    return Optional.empty();
  }

  /**
   * Prepares an op for its operands, checked here once; {@link Step#run} then checks and allocates
   * nothing.
   *
   * @param writes for each output, whether it is overwritten or added to
   * @throws ShapeException if the op does not take such operands
   * @throws IllegalArgumentException if an operand is another backend's, or {@link Op#effects} does
   *     not allow that an output is added to, or overlaps with another operand
   */
  Step bind(Op op, List<Operand> inputs, List<Operand> outputs, List<Write> writes);

  /**
   * Prepares an op that overwrites all its outputs.
   *
   * @throws ShapeException if the op does not take such operands
   * @throws IllegalArgumentException if an operand is another backend's, or {@link Op#effects} does
   *     not allow that an output overlaps with another operand
   */
  default Step bind(Op op, List<Operand> inputs, List<Operand> outputs) {
    return bind(op, inputs, outputs, Write.overwriteAll(outputs.size()));
  }

  /**
   * Prepares an op as {@link #bind(Op, List, List, List)} does, and tells where it comes from.
   *
   * @param origin what a backend that reports on ops says of it
   */
  default Step bind(
      Origin origin, Op op, List<Operand> inputs, List<Operand> outputs, List<Write> writes) {
    return bind(op, inputs, outputs, writes);
  }

  /**
   * Runs one of this backend's steps to its end.
   *
   * @return how long it took on the device, in nanoseconds
   */
  default long time(Step step) {
    long start = System.nanoTime();
    step.run();
    return System.nanoTime() - start;
  }

  /**
   * Whether {@link #time} of a step is measured by a clock of the device, without what it takes to
   * hand the step over; else it is the host's time for both.
   */
  default boolean timesOnDevice(Step step) {
    return false;
  }

  /**
   * Has a watcher told of the parts of ops that threads of this backend run, from now on; ops that
   * are too small for several threads have no parts. A backend that does not know its threads tells
   * nothing, and says nothing if it is asked to.
   *
   * @param watcher or null, for none
   */
  default void watchParts(WorkerPool.Watcher watcher) {}

  /** Frees all buffers. Using one, or a step, afterwards throws {@link IllegalStateException}. */
  @Override
  void close();
}
