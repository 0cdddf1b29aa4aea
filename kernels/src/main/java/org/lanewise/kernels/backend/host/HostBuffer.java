package org.lanewise.kernels.backend.host;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.backend.Buffer;
import org.lanewise.kernels.backend.Operand;

/** Memory of the process, for backends that run on its processors. */
final class HostBuffer implements Buffer {
  private static final long ALIGNMENT = 64;

  private final Arena arena = Arena.ofShared();
  private final MemorySegment segment;

  HostBuffer(long byteSize) {
    if (byteSize < 0) {
      throw new IllegalArgumentException("byteSize must not be negative but is " + byteSize);
    }
    segment = arena.allocate(byteSize, ALIGNMENT);
  }

  /** The memory of one tensor. */
  MemorySegment slice(Operand operand) {
    return segment.asSlice(operand.offset(), operand.type().byteSize());
  }

  @Override
  public long byteSize() {
    return segment.byteSize();
  }

  @Override
  public void write(long offset, MemorySegment source, long sourceOffset, long byteCount) {
    MemorySegment.copy(source, sourceOffset, segment, offset, byteCount);
  }

  @Override
  public void read(long offset, MemorySegment target, long targetOffset, long byteCount) {
    MemorySegment.copy(segment, offset, target, targetOffset, byteCount);
  }

  @Override
  public void close() {
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }
}
