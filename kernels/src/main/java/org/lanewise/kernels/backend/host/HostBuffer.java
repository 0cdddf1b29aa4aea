package org.lanewise.kernels.backend.host;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;
import org.lanewise.kernels.backend.Buffer;
import org.lanewise.kernels.backend.Operand;

/** Memory of the process, for backends that run on its processors. */
final class HostBuffer implements Buffer {
  private static final long ALIGNMENT = 64;

  private final MemorySegment segment;
  private final Runnable free;
  private final Consumer<HostBuffer> onClose;
  private boolean closed;

  private HostBuffer(MemorySegment segment, Runnable free, Consumer<HostBuffer> onClose) {
    this.segment = segment;
    this.free = free;
    this.onClose = onClose;
  }

  /** New memory, which is freed with the buffer. */
  static HostBuffer allocate(long byteSize, Consumer<HostBuffer> onClose) {
    if (byteSize < 0) {
      throw new IllegalArgumentException("byteSize must not be negative but is " + byteSize);
    }
    Arena arena = Arena.ofShared();
    return new HostBuffer(arena.allocate(byteSize, ALIGNMENT), arena::close, onClose);
  }

  /** Memory that is there, and stays. */
  static HostBuffer of(MemorySegment memory, Consumer<HostBuffer> onClose) {
    if (!memory.isNative() || memory.address() % ALIGNMENT != 0) {
      throw new IllegalArgumentException(
          "memory must be native and aligned to %d bytes but is %s".formatted(ALIGNMENT, memory));
    }
    return new HostBuffer(memory, () -> {}, onClose);
  }

  /** The memory of one tensor. */
  MemorySegment slice(Operand operand) {
    return segment().asSlice(operand.offset(), operand.type().byteSize());
  }

  private MemorySegment segment() {
    if (closed) {
      throw new IllegalStateException("the buffer is closed");
    }
    return segment;
  }

  @Override
  public long byteSize() {
    return segment.byteSize();
  }

  @Override
  public void write(long offset, MemorySegment source, long sourceOffset, long byteCount) {
    MemorySegment.copy(source, sourceOffset, segment(), offset, byteCount);
  }

  @Override
  public void read(long offset, MemorySegment target, long targetOffset, long byteCount) {
    MemorySegment.copy(segment(), offset, target, targetOffset, byteCount);
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      free.run();
      onClose.accept(this);
    }
  }
}
