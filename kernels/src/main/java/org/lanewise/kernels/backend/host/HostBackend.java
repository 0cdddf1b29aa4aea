package org.lanewise.kernels.backend.host;

import java.lang.foreign.MemorySegment;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.lanewise.kernels.backend.Backend;
import org.lanewise.kernels.backend.Buffer;
import org.lanewise.kernels.backend.Operand;
import org.lanewise.kernels.backend.OperandRule;
import org.lanewise.kernels.backend.Step;
import org.lanewise.kernels.op.Op;
import org.lanewise.kernels.op.Write;

/** What backends on the host's own memory have in common. */
public abstract class HostBackend implements Backend {
  private final Set<HostBuffer> buffers = Collections.newSetFromMap(new IdentityHashMap<>());
  private boolean closed;

  @Override
  public final Buffer allocate(long byteSize) {
    return opened(HostBuffer.allocate(byteSize, buffers::remove));
  }

  @Override
  public final Optional<Buffer> share(MemorySegment memory) {
    return Optional.of(opened(HostBuffer.of(memory, buffers::remove)));
  }

  private Buffer opened(HostBuffer buffer) {
    if (closed) {
      buffer.close();
      throw new IllegalStateException("the backend '" + name() + "' is closed");
    }
    buffers.add(buffer);
    return buffer;
  }

  @Override
  public final Step bind(Op op, List<Operand> inputs, List<Operand> outputs, List<Write> writes) {
    OperandRule.check(op, inputs, outputs, writes);
    Operands in = new Operands(inputs, segments(inputs), List.of());
    Operands out = new Operands(outputs, segments(outputs), writes);
    return Operand.areEmpty(outputs) ? () -> {} : bind(op, in, out);
  }

  /** Prepares an op whose operands fit it. */
  protected abstract Step bind(Op op, Operands in, Operands out);

  private List<MemorySegment> segments(List<Operand> operands) {
    return operands.stream().map(this::segment).toList();
  }

  private MemorySegment segment(Operand operand) {
    if (operand.buffer() instanceof HostBuffer buffer && buffers.contains(buffer)) {
      return buffer.slice(operand);
    }
    throw new IllegalArgumentException(
        "operand " + operand.type() + " is not in a buffer of the backend '" + name() + "'");
  }

  @Override
  public void close() {
    closed = true;
    List.copyOf(buffers).forEach(HostBuffer::close);
  }
}
