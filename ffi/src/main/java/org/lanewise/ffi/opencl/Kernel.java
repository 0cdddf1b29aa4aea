package org.lanewise.ffi.opencl;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.lanewise.ffi.opencl.bindings.OpenCL;

/** A function of a program with its arguments. Those that are memory must be open at a launch. */
public final class Kernel extends Resource {
  private final String name;
  private final List<DeviceMemory> memory = new ArrayList<>();

  private Kernel(Context context, String name, MemorySegment handle) {
    super(context, "kernel " + name, handle);
    this.name = name;
  }

  static Kernel of(Program program, String name) {
    Context context = program.context();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment status = arena.allocate(JAVA_INT);
      MemorySegment handle =
          Status.check(
              "clCreateKernel of " + name,
              OpenCL.clCreateKernel(program.handle(), arena.allocateFrom(name), status),
              status,
              context.device().toString());
      return new Kernel(context, name, handle);
    }
  }

  /** Its name. */
  public String name() {
    return name;
  }

  /**
   * Sets an argument that is memory.
   *
   * @throws OpenClException if the kernel has no such argument, as for all of these methods
   * @throws IllegalArgumentException if the memory is another context's
   */
  public void set(int index, DeviceMemory argument) {
    if (argument.context() != context()) {
      throw new IllegalArgumentException(argument + " belongs to another context");
    }
    try (Arena arena = Arena.ofConfined()) {
      set(index, arena.allocateFrom(ADDRESS, argument.handle()));
    }
    while (memory.size() <= index) {
      memory.add(null);
    }
    memory.set(index, argument);
  }

  /** Sets an argument that is an int or uint. */
  public void set(int index, int argument) {
    try (Arena arena = Arena.ofConfined()) {
      set(index, arena.allocateFrom(JAVA_INT, argument));
    }
  }

  /** Sets an argument that is a long or ulong. */
  public void set(int index, long argument) {
    try (Arena arena = Arena.ofConfined()) {
      set(index, arena.allocateFrom(JAVA_LONG, argument));
    }
  }

  /** Sets an argument that is a float. */
  public void set(int index, float argument) {
    try (Arena arena = Arena.ofConfined()) {
      set(index, arena.allocateFrom(JAVA_FLOAT, argument));
    }
  }

  /** Sets an argument that is a double. */
  public void set(int index, double argument) {
    try (Arena arena = Arena.ofConfined()) {
      set(index, arena.allocateFrom(JAVA_DOUBLE, argument));
    }
  }

  private void set(int index, MemorySegment value) {
    Status.check(
        "clSetKernelArg %d of %s".formatted(index, name),
        OpenCL.clSetKernelArg(handle(), index, value.byteSize(), value),
        context().device().toString());
  }

  /**
   * Throws if something that a launch needs is closed.
   *
   * @throws IllegalStateException if so
   */
  public void requireReady() {
    for (int i = 0; i < memory.size(); i++) { // without an iterator: a launch allocates nothing
      if (memory.get(i) != null) {
        memory.get(i).handle();
      }
    }
  }

  /**
   * OpenCL's handle, for commands that other code {@linkplain Queue#enqueue queues}.
   *
   * @throws IllegalStateException if the kernel is closed
   */
  @Override
  public MemorySegment handle() {
    return super.handle();
  }

  @Override
  int release(MemorySegment handle) {
    return OpenCL.clReleaseKernel(handle);
  }
}
