package org.lanewise.ffi.opencl;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.lanewise.ffi.opencl.bindings.OpenCL;
import org.lanewise.ffi.opencl.bindings.OpenCLConstants;

/**
 * Memory of a device, zeroed. Where the device computes on the host's memory it is that, and large
 * reads and writes are copies within it; elsewhere they are transfers.
 */
public final class DeviceMemory extends Resource {
  /** OpenCL has no empty memory. */
  private static final long LEAST = 128;

  private final long byteSize;
  private Arena hostArena;
  private MemorySegment prefetched;

  private DeviceMemory(Context context, MemorySegment handle, long byteSize) {
    super(context, "memory of " + byteSize + " bytes", handle);
    this.byteSize = byteSize;
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
    long allocated = Math.max(byteSize, LEAST);
    context.handle();
    context.reserve(allocated);
    DeviceMemory memory;
    try {
      memory = new DeviceMemory(context, create(context, allocated), byteSize);
    } catch (RuntimeException | OutOfMemoryError failure) {
      context.unreserve(allocated);
      throw failure;
    }
    context.queue().fillWithZeros(memory, allocated);
    return memory;
  }

  private static MemorySegment create(Context context, long byteSize) {
    long place = context.device().sharesHostMemory() ? OpenCLConstants.CL_MEM_ALLOC_HOST_PTR() : 0;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment status = arena.allocate(JAVA_INT);
      MemorySegment handle =
          OpenCL.clCreateBuffer(
              context.handle(),
              OpenCLConstants.CL_MEM_READ_WRITE() | place,
              byteSize,
              MemorySegment.NULL,
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
   * Copies from the host, after all commands before. What is written may be changed at once.
   *
   * @throws IndexOutOfBoundsException if a range does not lie within its memory
   * @throws IllegalStateException if the memory is closed
   * @throws OpenClException if the device does not finish in time
   */
  public void write(long offset, MemorySegment source, long sourceOffset, long byteCount) {
    MemorySegment from = checked(offset, source, sourceOffset, byteCount);
    if (byteCount > 0) {
      context().queue().write(this, offset, from);
    }
  }

  /**
   * Copies to the host, after all commands before.
   *
   * @throws IllegalArgumentException if {@code target} is read-only
   * @throws IndexOutOfBoundsException if a range does not lie within its memory
   * @throws IllegalStateException if the memory is closed
   * @throws OpenClException if the device does not finish in time
   */
  public void read(long offset, MemorySegment target, long targetOffset, long byteCount) {
    MemorySegment to = checked(offset, target, targetOffset, byteCount);
    if (to.isReadOnly()) { // which a driver would not know
      throw new IllegalArgumentException("cannot read into a read-only segment: " + target);
    }
    if (byteCount > 0) {
      context().queue().read(this, offset, to);
    } else {
      context().queue().finish();
    }
  }

  /**
   * Queues a copy from other memory of the device, or within this.
   *
   * @throws IndexOutOfBoundsException if a range does not lie within its memory
   * @throws IllegalArgumentException if the ranges overlap, or the memory is another context's
   * @throws IllegalStateException if a memory is closed
   */
  public void copyFrom(long offset, DeviceMemory source, long sourceOffset, long byteCount) {
    handle();
    context().queue().copy(source, sourceOffset, this, offset, byteCount);
  }

  /**
   * Queues a copy of all of it to the host, for {@link #prefetched}.
   *
   * @throws IllegalStateException if the memory is closed
   */
  public void prefetch() {
    handle();
    if (prefetched == null) {
      hostArena = Arena.ofShared();
      prefetched = hostArena.allocate(byteSize, Long.BYTES);
    }
    if (byteSize > 0) {
      context().queue().enqueueRead(this, 0, prefetched, false);
    }
  }

  /**
   * What was there at the last {@link #prefetch}, if the device has finished since.
   *
   * @throws IllegalStateException if there was none, or the memory is closed
   */
  public MemorySegment prefetched() {
    handle();
    if (prefetched == null) {
      throw new IllegalStateException("nothing was prefetched from " + this);
    }
    return prefetched.asReadOnly();
  }

  private MemorySegment checked(
      long offset, MemorySegment other, long otherOffset, long byteCount) {
    handle();
    Objects.checkFromIndexSize(offset, byteCount, byteSize);
    return other.asSlice(otherOffset, byteCount);
  }

  /**
   * OpenCL's handle, for commands that other code {@linkplain Queue#enqueue queues}.
   *
   * @throws IllegalStateException if the memory is closed
   */
  @Override
  public MemorySegment handle() {
    return super.handle();
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
      context().unreserve(Math.max(byteSize, LEAST));
    }
  }
}
