package org.lanewise.ffi.opencl.backend;

import java.lang.foreign.MemorySegment;
import org.lanewise.ffi.opencl.DeviceMemory;
import org.lanewise.kernels.backend.Buffer;

/** Memory of an OpenCL device, whose faults show when it is read. */
final class DeviceBuffer implements Buffer {
  private final DeviceMemory memory;
  private final Faults faults;

  DeviceBuffer(DeviceMemory memory, Faults faults) {
    this.memory = memory;
    this.faults = faults;
  }

  DeviceMemory memory() {
    return memory;
  }

  @Override
  public long byteSize() {
    return memory.byteSize();
  }

  @Override
  public void write(long offset, MemorySegment source, long sourceOffset, long byteCount) {
    memory.write(offset, source, sourceOffset, byteCount);
  }

  @Override
  public void read(long offset, MemorySegment target, long targetOffset, long byteCount) {
    faults.prefetch();
    memory.read(offset, target, targetOffset, byteCount);
    faults.check();
  }

  @Override
  public void copy(long offset, Buffer source, long sourceOffset, long byteCount) {
    if (!(source instanceof DeviceBuffer other)) {
      throw new IllegalArgumentException("source is another backend's: " + source);
    }
    memory.copyFrom(offset, other.memory, sourceOffset, byteCount);
  }

  @Override
  public void close() {
    memory.close();
  }
}
