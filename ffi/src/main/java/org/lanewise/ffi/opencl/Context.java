package org.lanewise.ffi.opencl;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.lanewise.ffi.opencl.bindings.OpenCL;

/** A device in use: owns memory, programs, kernels and one queue. */
public final class Context implements AutoCloseable {
  private final Device device;
  private final Set<Resource> resources = new LinkedHashSet<>();
  private final Queue queue;
  private Queue timingQueue;
  private final Duration timeout;
  private MemorySegment handle;
  private long freeMemory;

  /**
   * Opens a device.
   *
   * @param timeout how long to wait for the device before it counts as hanging; from 292 years on,
   *     for ever
   * @throws IllegalArgumentException if {@code timeout} is not positive
   * @throws OpenClException if the device cannot be opened
   */
  public Context(Device device, Duration timeout) {
    if (!timeout.isPositive()) {
      throw new IllegalArgumentException("timeout must be positive but is " + timeout);
    }
    this.device = device;
    this.timeout = timeout;
    freeMemory = device.memory();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment status = arena.allocate(JAVA_INT);
      MemorySegment ids = arena.allocateFrom(ADDRESS, device.id());
      try (Driver _ = Driver.enter()) {
        handle =
            Status.check(
                "clCreateContext",
                OpenCL.clCreateContext(
                    MemorySegment.NULL, 1, ids, MemorySegment.NULL, MemorySegment.NULL, status),
                status,
                device.toString());
      }
    }
    try {
      queue = new Queue(this, timeout, false);
    } catch (OpenClException failure) {
      OpenCL.clReleaseContext(handle);
      throw failure;
    }
  }

  /** The device. */
  public Device device() {
    return device;
  }

  /** The queue, in which commands run in the order in which they come. */
  public Queue queue() {
    return queue;
  }

  /** A queue that times its commands; to be used only while the other one has nothing to do. */
  Queue timingQueue() {
    if (timingQueue == null) {
      timingQueue = new Queue(this, timeout, true);
    }
    return timingQueue;
  }

  /** What has been made and not closed, each with the line that made it; the queue is the first. */
  public List<String> open() {
    return resources.stream().map(Resource::toString).toList();
  }

  MemorySegment handle() {
    if (handle == null) {
      throw new IllegalStateException("the context is closed");
    }
    return handle;
  }

  void add(Resource resource) {
    resources.add(resource);
  }

  void remove(Resource resource) {
    resources.remove(resource);
  }

  /**
   * Counts memory. Drivers promise more than they have, and let the process be killed.
   *
   * @throws OutOfMemoryError if the device does not have it
   */
  void reserve(long bytes) {
    if (bytes > device.maxAllocation()) {
      throw new OutOfMemoryError(
          "%d bytes wanted, but %s gives at most %d at a time"
              .formatted(bytes, device, device.maxAllocation()));
    }
    if (bytes > freeMemory) {
      throw new OutOfMemoryError(
          "%d bytes wanted, but of the %d of %s only %d are free"
              .formatted(bytes, device.memory(), device, freeMemory));
    }
    freeMemory -= bytes;
  }

  void unreserve(long bytes) {
    freeMemory += bytes;
  }

  /**
   * Waits for the device, then releases everything made with this context. Closing again does
   * nothing.
   *
   * @throws OpenClException if the device does not finish in time; then it is left as it is, since
   *     it may still use its memory
   */
  @Override
  public void close() {
    if (handle == null) {
      return;
    }
    MemorySegment released = handle;
    handle = null;
    queue.finish();
    if (timingQueue != null) {
      timingQueue.finish();
    }
    try (Driver _ = Driver.enter()) {
      new ArrayList<>(resources).reversed().forEach(Resource::close);
      Status.check("clReleaseContext", OpenCL.clReleaseContext(released), device.toString());
    }
  }
}
