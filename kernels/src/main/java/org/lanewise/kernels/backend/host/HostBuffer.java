package org.lanewise.kernels.backend.host;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Set;
import org.lanewise.kernels.backend.Buffer;
import org.lanewise.kernels.backend.Operand;

/** Memory of the process, for backends that run on its processors. */
final class HostBuffer implements Buffer {
  private static final long ALIGNMENT = 64;

  private final MemorySegment segment;
  private final Runnable free;
  private final Set<HostBuffer> ofBackend;
  private boolean closed;

  private HostBuffer(MemorySegment segment, Runnable free, Set<HostBuffer> ofBackend) {
    this.segment = segment;
    this.free = free;
    this.ofBackend = ofBackend;
  }

  /** New memory, which is freed with the buffer. */
  static HostBuffer allocate(long byteSize, Set<HostBuffer> ofBackend) {
    if (byteSize < 0) {
      throw new IllegalArgumentException("byteSize must not be negative but is " + byteSize);
    }
    Arena arena = Arena.ofShared();
    return new HostBuffer(arena.allocate(byteSize, ALIGNMENT), arena::close, ofBackend);
  }

  /** Memory that is there, and stays. */
  static HostBuffer of(MemorySegment memory, Set<HostBuffer> ofBackend) {
    if (!memory.isNative() || memory.address() % ALIGNMENT != 0) {
      throw new IllegalArgumentException(
          "memory must be native and aligned to %d bytes but is %s".formatted(ALIGNMENT, memory));
    }
    return new HostBuffer(memory, () -> {}, ofBackend);
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
  public void copy(long offset, Buffer source, long sourceOffset, long byteCount) {
    if (!(source instanceof HostBuffer other) || other.ofBackend != ofBackend) {
      throw new IllegalArgumentException("source is another backend's: " + source);
    }
    MemorySegment from = other.segment().asSlice(sourceOffset, byteCount);
    MemorySegment to = segment().asSlice(offset, byteCount);
    if (from.asOverlappingSlice(to).isPresent()) {
      throw new IllegalArgumentException(
          "ranges of %d bytes at %d and %d overlap".formatted(byteCount, sourceOffset, offset));
    }
    to.copyFrom(from);
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      free.run();
      ofBackend.remove(this);
    }
  }
}
