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
import org.lanewise.ffi.opencl.Signature.Argument;
import org.lanewise.ffi.opencl.bindings.OpenCL;
import org.lanewise.ffi.opencl.bindings.OpenCLConstants;

/**
 * A function of a program with its arguments. They are pointers to {@code __global} or {@code
 * __constant} memory, which must be open at a launch, or of the types int, uint, long, ulong, float
 * and double; what has another type cannot be set. Not checked is that a kernel stays within its
 * memory, and that its own variables find room on the stacks of a processor's threads, of which
 * drivers do not tell: either may end the process.
 */
public final class Kernel extends Resource {
  private final Signature signature;
  private final List<DeviceMemory> memory = new ArrayList<>();

  private Kernel(Context context, Signature signature, MemorySegment handle) {
    super(context, "kernel " + signature.kernel(), handle);
    this.signature = signature;
  }

  static Kernel of(Program program, Signature signature) {
    Context context = program.context();
    String name = signature.kernel();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment status = arena.allocate(JAVA_INT);
      MemorySegment handle =
          Status.check(
              "clCreateKernel of " + name,
              OpenCL.clCreateKernel(program.handle(), arena.allocateFrom(name), status),
              status,
              context.device().toString());
      Kernel kernel = new Kernel(context, signature, handle);
      kernel.requireLocalMemory();
      return kernel;
    }
  }

  /** A driver may end the process at a launch that takes more than there is. */
  private void requireLocalMemory() {
    Device device = context().device();
    long bytes =
        new Info(
                "clGetKernelWorkGroupInfo",
                (name, size, value, returned) ->
                    OpenCL.clGetKernelWorkGroupInfo(
                        handle(), device.id(), name, size, value, returned),
                device.toString())
            .number(OpenCLConstants.CL_KERNEL_LOCAL_MEM_SIZE());
    if (bytes > device.localMemory()) {
      close();
      throw new OpenClException(
          "kernel %s takes %d bytes of local memory, but %s has %d"
              .formatted(name(), bytes, device, device.localMemory()));
    }
  }

  /** Its name. */
  public String name() {
    return signature.kernel();
  }

  /**
   * Sets an argument that is memory.
   *
   * @throws IndexOutOfBoundsException if the kernel has no such argument, as for all of these
   *     methods
   * @throws IllegalArgumentException if the argument is of another type, as for all of these
   *     methods, or the memory is another context's
   * @throws IllegalStateException if the kernel is closed, as for all of these methods, or the
   *     memory
   */
  public void set(int index, DeviceMemory argument) {
    signature.require(index, Argument.MEMORY);
    argument.requireOf(context());
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
    signature.require(index, Argument.INT);
    try (Arena arena = Arena.ofConfined()) {
      set(index, arena.allocateFrom(JAVA_INT, argument));
    }
  }

  /** Sets an argument that is a long or ulong. */
  public void set(int index, long argument) {
    signature.require(index, Argument.LONG);
    try (Arena arena = Arena.ofConfined()) {
      set(index, arena.allocateFrom(JAVA_LONG, argument));
    }
  }

  /** Sets an argument that is a float. */
  public void set(int index, float argument) {
    signature.require(index, Argument.FLOAT);
    try (Arena arena = Arena.ofConfined()) {
      set(index, arena.allocateFrom(JAVA_FLOAT, argument));
    }
  }

  /** Sets an argument that is a double. */
  public void set(int index, double argument) {
    signature.require(index, Argument.DOUBLE);
    try (Arena arena = Arena.ofConfined()) {
      set(index, arena.allocateFrom(JAVA_DOUBLE, argument));
    }
  }

  private void set(int index, MemorySegment value) {
    Status.check(
        "clSetKernelArg %d of %s".formatted(index, name()),
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
