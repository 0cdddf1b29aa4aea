package org.lanewise.ffi.opencl;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.lanewise.ffi.opencl.bindings.OpenCL;
import org.lanewise.ffi.opencl.bindings.OpenCLConstants;

/**
 * Memory of a device, zeroed. Where the device computes on the host's memory it is that, and
 * reading and writing is a copy within it; elsewhere it is a transfer.
 */
public final class DeviceMemory extends Resource {
  /** What devices ask of host memory is less. */
  private static final long HOST_ALIGNMENT = 128;

  private final long byteSize;
  private final Arena hostArena;
  private final MemorySegment host;

  private DeviceMemory(
      Context context, MemorySegment handle, long byteSize, Arena hostArena, MemorySegment host) {
    super(context, "memory of " + byteSize + " bytes", handle);
    this.byteSize = byteSize;
    this.hostArena = hostArena;
    this.host = host;
  }

  /**
   * Allocates memory.
   *
   * @throws IllegalArgumentException if {@code byteSize} is negative
   * @throws OutOfMemoryError if the device does not have it
   */
  public static DeviceMemory allocate(Context context, long byteSize) {
    if (byteSize < 0) {
      throw new IllegalArgumentException("byteSize must not be negative but is " + byteSize);
    }
    long allocated = Math.max(byteSize, HOST_ALIGNMENT); // OpenCL has no empty memory
    context.handle();
    context.reserve(allocated);
    try {
      return context.device().type() == Device.Type.CPU
          ? onHost(context, byteSize, allocated)
          : onDevice(context, byteSize, allocated);
    } catch (RuntimeException | OutOfMemoryError failure) {
      context.unreserve(allocated);
      throw failure;
    }
  }

  private static DeviceMemory onHost(Context context, long byteSize, long allocated) {
    Arena arena = Arena.ofShared();
    try {
      MemorySegment host = arena.allocate(allocated, HOST_ALIGNMENT);
      MemorySegment handle =
          create(context, OpenCLConstants.CL_MEM_USE_HOST_PTR(), allocated, host);
      return new DeviceMemory(context, handle, byteSize, arena, host);
    } catch (RuntimeException | OutOfMemoryError failure) {
      arena.close();
      throw failure;
    }
  }

  private static DeviceMemory onDevice(Context context, long byteSize, long allocated) {
    MemorySegment handle = create(context, 0, allocated, MemorySegment.NULL);
    DeviceMemory memory = new DeviceMemory(context, handle, byteSize, null, null);
    context.queue().fillWithZeros(memory, allocated);
    return memory;
  }

  private static MemorySegment create(
      Context context, long flags, long byteSize, MemorySegment host) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment status = arena.allocate(JAVA_INT);
      MemorySegment handle =
          OpenCL.clCreateBuffer(
              context.handle(),
              OpenCLConstants.CL_MEM_READ_WRITE() | flags,
              byteSize,
              host,
              status);
      int code = status.get(JAVA_INT, 0);
      if (code == OpenCLConstants.CL_MEM_OBJECT_ALLOCATION_FAILURE()
          || code == OpenCLConstants.CL_OUT_OF_RESOURCES()
          || code == OpenCLConstants.CL_OUT_OF_HOST_MEMORY()) {
        throw new OutOfMemoryError(
            "%d bytes wanted, but %s has not that much".formatted(byteSize, context.device()));
      }
      return Status.check("clCreateBuffer", handle, status, context.device().toString());
    }
  }

  /** Whether it is open and was made with a context. */
  public boolean isOf(Context context) {
    return isOpen() && context() == context;
  }

  /** Size of the memory. */
  public long byteSize() {
    return byteSize;
  }

  /**
   * Copies from the host, after all commands before.
   *
   * @throws IndexOutOfBoundsException if a range does not lie within its memory
   * @throws IllegalStateException if the memory is closed
   * @throws OpenClException if the device does not finish in time
   */
  public void write(long offset, MemorySegment source, long sourceOffset, long byteCount) {
    MemorySegment from = checked(offset, source, sourceOffset, byteCount);
    if (byteCount == 0) {
      return;
    }
    context().queue().finish();
    if (host != null) {
      MemorySegment.copy(from, 0, host, offset, byteCount);
    } else {
      context().queue().write(this, offset, from);
    }
  }

  /**
   * Copies to the host, after all commands before.
   *
   * @throws IndexOutOfBoundsException if a range does not lie within its memory
   * @throws IllegalStateException if the memory is closed
   * @throws OpenClException if the device does not finish in time
   */
  public void read(long offset, MemorySegment target, long targetOffset, long byteCount) {
    MemorySegment to = checked(offset, target, targetOffset, byteCount);
    if (byteCount == 0) {
      return;
    }
    context().queue().finish();
    if (host != null) {
      MemorySegment.copy(host, offset, to, 0, byteCount);
    } else {
      context().queue().read(this, offset, to);
    }
  }

  private MemorySegment checked(
      long offset, MemorySegment other, long otherOffset, long byteCount) {
    handle();
    Objects.checkFromIndexSize(offset, byteCount, byteSize);
    return other.asSlice(otherOffset, byteCount);
  }

  @Override
  int release(MemorySegment handle) {
    return OpenCL.clReleaseMemObject(handle);
  }

  /** Waits for the device, which may use it, and frees the memory. Closing again does nothing. */
  @Override
  public void close() {
    if (isOpen()) {
      context().queue().finish();
      super.close();
      if (hostArena != null) {
        hostArena.close();
      }
      context().unreserve(Math.max(byteSize, HOST_ALIGNMENT));
    }
  }
}
