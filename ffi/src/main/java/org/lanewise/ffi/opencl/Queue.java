package org.lanewise.ffi.opencl;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.lanewise.ffi.opencl.bindings.OpenCL;
import org.lanewise.ffi.opencl.bindings.OpenCLConstants;

/** Runs commands in the order in which they come. */
public final class Queue extends Resource {
  private static final MemorySegment NONE = MemorySegment.NULL;

  private final Duration timeout;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment event = arena.allocate(ADDRESS);
  private final Staging staging = new Staging(this, arena);
  private boolean busy;

  /** A marker behind commands that did not end in time: they are not waited for again. */
  private Event late;

  Queue(Context context, Duration timeout, boolean timing) {
    super(context, timing ? "the queue that times" : "the queue", create(context, timing));
    this.timeout = timeout;
  }

  private static MemorySegment create(Context context, boolean timing) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment status = arena.allocate(JAVA_INT);
      long properties = timing ? OpenCLConstants.CL_QUEUE_PROFILING_ENABLE() : 0;
      return Status.check(
          "clCreateCommandQueue",
          OpenCL.clCreateCommandQueue(context.handle(), context.device().id(), properties, status),
          status,
          context.device().toString());
    }
  }

  /**
   * Queues a kernel. Allocates nothing.
   *
   * @throws IllegalArgumentException if the kernel is another context's
   * @throws IllegalStateException if the kernel or its memory is closed
   * @throws OpenClException if an argument is not set, or the device has no groups of this size
   */
  public void launch(Kernel kernel, WorkSize size) {
    enqueue(kernel, size, NONE);
  }

  /**
   * Has other code queue commands of its own. They run after all commands before, and {@link
   * #finish} waits for them.
   *
   * @param commands is given OpenCL's handle of this queue; it must not keep it, since commands
   *     that are queued at another time may overtake small writes
   * @throws IllegalStateException if this is closed
   */
  public void enqueue(Consumer<MemorySegment> commands) {
    MemorySegment queue = handle();
    staging.submit();
    busy = true;
    commands.accept(queue);
  }

  /**
   * Runs a kernel after all commands before, and waits for it.
   *
   * @return how long it ran on the device, in nanoseconds
   */
  public long time(Kernel kernel, WorkSize size) {
    finish();
    return context().timingQueue().timeHere(kernel, size);
  }

  private long timeHere(Kernel kernel, WorkSize size) {
    enqueue(kernel, size, event);
    try (Event command = new Event(context(), event.get(ADDRESS, 0))) {
      finish();
      return command.nanos();
    }
  }

  private void enqueue(Kernel kernel, WorkSize size, MemorySegment event) {
    MemorySegment queue = handle();
    kernel.requireOf(context());
    kernel.requireReady();
    staging.submit();
    int status =
        OpenCL.clEnqueueNDRangeKernel(
            queue,
            kernel.handle(),
            WorkSize.DIMENSIONS,
            NONE,
            size.global(),
            size.local(),
            0,
            NONE,
            event);
    if (status < 0) {
      throw Status.failure(
          "clEnqueueNDRangeKernel of " + kernel.name(), status, context().device().toString());
    }
    busy = true;
  }

  /** Copies from the host; {@code source} may be an array. */
  void write(DeviceMemory memory, long offset, MemorySegment source) {
    if (Staging.takes(source.byteSize())) {
      staging.write(memory, offset, source);
      busy = true;
      return;
    }
    finish();
    if (context().device().sharesHostMemory()) {
      MemorySegment host = map(memory, offset, source.byteSize(), OpenCLConstants.CL_MAP_WRITE());
      try {
        host.copyFrom(source);
      } finally {
        unmap(memory, host);
      }
    } else if (source.isNative()) {
      enqueueWrite(memory, offset, source, true);
    } else {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment host = arena.allocate(source.byteSize(), Long.BYTES);
        enqueueWrite(memory, offset, host.copyFrom(source), true);
      }
    }
  }

  /** Copies to the host; {@code target} may be an array. */
  void read(DeviceMemory memory, long offset, MemorySegment target) {
    if (Staging.takes(target.byteSize())) {
      staging.read(memory, offset, target);
      return;
    }
    finish();
    if (context().device().sharesHostMemory()) {
      MemorySegment host = map(memory, offset, target.byteSize(), OpenCLConstants.CL_MAP_READ());
      try {
        target.copyFrom(host);
      } finally {
        unmap(memory, host);
      }
    } else if (target.isNative()) {
      enqueueRead(memory, offset, target, true);
    } else {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment host = arena.allocate(target.byteSize(), Long.BYTES);
        enqueueRead(memory, offset, host, true);
        target.copyFrom(host);
      }
    }
  }

  /** Lets the host access memory of a device that has nothing to do. */
  private MemorySegment map(DeviceMemory memory, long offset, long byteCount, long access) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment status = arena.allocate(JAVA_INT);
      return Status.check(
              "clEnqueueMapBuffer",
              OpenCL.clEnqueueMapBuffer(
                  handle(),
                  memory.handle(),
                  OpenCLConstants.CL_TRUE(),
                  access,
                  offset,
                  byteCount,
                  0,
                  NONE,
                  NONE,
                  status),
              status,
              context().device().toString())
          .reinterpret(byteCount);
    }
  }

  private void unmap(DeviceMemory memory, MemorySegment host) {
    check(
        "clEnqueueUnmapMemObject",
        OpenCL.clEnqueueUnmapMemObject(handle(), memory.handle(), host, 0, NONE, NONE));
  }

  /** Queues a write from native memory, which is not to change before, and waits for it or not. */
  void enqueueWrite(DeviceMemory memory, long offset, MemorySegment source, boolean waits) {
    busy |= !waits;
    check(
        "clEnqueueWriteBuffer",
        OpenCL.clEnqueueWriteBuffer(
            handle(),
            memory.handle(),
            waits ? OpenCLConstants.CL_TRUE() : OpenCLConstants.CL_FALSE(),
            offset,
            source.byteSize(),
            source,
            0,
            NONE,
            NONE));
  }

  /** Queues a read to native memory, which is not to be used before, and waits for it or not. */
  void enqueueRead(DeviceMemory memory, long offset, MemorySegment target, boolean waits) {
    busy |= !waits;
    staging.submit();
    check(
        "clEnqueueReadBuffer",
        OpenCL.clEnqueueReadBuffer(
            handle(),
            memory.handle(),
            waits ? OpenCLConstants.CL_TRUE() : OpenCLConstants.CL_FALSE(),
            offset,
            target.byteSize(),
            target,
            0,
            NONE,
            NONE));
  }

  void fillWithZeros(DeviceMemory memory, long byteCount) {
    staging.submit();
    try (Arena pattern = Arena.ofConfined()) { // OpenCL copies it before it returns
      check(
          "clEnqueueFillBuffer",
          OpenCL.clEnqueueFillBuffer(
              handle(),
              memory.handle(),
              pattern.allocate(JAVA_BYTE),
              1,
              0,
              byteCount,
              0,
              NONE,
              NONE));
      busy = true;
    }
  }

  /**
   * Queues a copy from one memory of the device to another, or within one.
   *
   * @throws IndexOutOfBoundsException if a range does not lie within its memory
   * @throws IllegalArgumentException if the ranges overlap, or a memory is another context's
   * @throws IllegalStateException if a memory is closed
   */
  public void copy(
      DeviceMemory source, long sourceOffset, DeviceMemory target, long targetOffset, long bytes) {
    for (DeviceMemory memory : new DeviceMemory[] {source, target}) {
      memory.requireOf(context());
      memory.handle();
    }
    Objects.checkFromIndexSize(sourceOffset, bytes, source.byteSize());
    Objects.checkFromIndexSize(targetOffset, bytes, target.byteSize());
    if (source == target && Math.abs(sourceOffset - targetOffset) < bytes) {
      throw new IllegalArgumentException(
          "ranges of %d bytes at %d and %d overlap".formatted(bytes, sourceOffset, targetOffset));
    }
    if (bytes > 0) {
      staging.submit();
      check(
          "clEnqueueCopyBuffer",
          OpenCL.clEnqueueCopyBuffer(
              handle(),
              source.handle(),
              target.handle(),
              sourceOffset,
              targetOffset,
              bytes,
              0,
              NONE,
              NONE));
      busy = true;
    }
  }

  /** Hands all commands to the device, without waiting. */
  public void flush() {
    staging.submit();
    check("clFlush", OpenCL.clFlush(handle()));
  }

  /**
   * Waits until all commands have run. Once they did not end in time, this throws without a wait
   * until they have.
   *
   * @throws OpenClException if one failed, or they do not end in time
   */
  public void finish() {
    if (!busy) {
      return;
    }
    if (late != null) {
      if (late.status() > OpenCLConstants.CL_COMPLETE()) {
        throw hanging();
      }
      late.close();
      late = null;
    }
    staging.submit();
    check(
        "clEnqueueMarkerWithWaitList",
        OpenCL.clEnqueueMarkerWithWaitList(handle(), 0, NONE, event));
    Event marker = new Event(context(), event.get(ADDRESS, 0));
    flush();
    if (!Completion.await(marker, TimeUnit.NANOSECONDS.convert(timeout))) {
      late = marker;
      throw hanging();
    }
    try (marker) {
      check("a command", marker.status());
    }
    staging.clear();
    busy = false;
  }

  private OpenClException hanging() {
    return new OpenClException(
        "%s has not finished after %d s".formatted(context().device(), timeout.toSeconds()));
  }

  private void check(String call, int status) {
    if (status < 0) {
      throw Status.failure(call, status, context().device().toString());
    }
  }

  @Override
  int release(MemorySegment handle) {
    return OpenCL.clReleaseCommandQueue(handle);
  }

  @Override
  public void close() {
    if (isOpen()) {
      finish();
      super.close();
      arena.close();
    }
  }
}
