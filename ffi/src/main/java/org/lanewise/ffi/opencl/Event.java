package org.lanewise.ffi.opencl;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.lanewise.ffi.opencl.bindings.OpenCL;
import org.lanewise.ffi.opencl.bindings.OpenCLConstants;

/**
 * What a command leaves behind: how far it is, and how long it took. It does not outlive the method
 * that asks for it.
 */
final class Event implements AutoCloseable {
  private final Context context;
  private final MemorySegment handle;

  Event(Context context, MemorySegment handle) {
    this.context = context;
    this.handle = handle;
  }

  Context context() {
    return context;
  }

  MemorySegment handle() {
    return handle;
  }

  /** How far the command is: complete, or not yet if positive, or failed if negative. */
  int status() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment status = arena.allocate(JAVA_INT);
      Status.check(
          "clGetEventInfo",
          OpenCL.clGetEventInfo(
              handle(),
              OpenCLConstants.CL_EVENT_COMMAND_EXECUTION_STATUS(),
              JAVA_INT.byteSize(),
              status,
              MemorySegment.NULL),
          context().device().toString());
      return status.get(JAVA_INT, 0);
    }
  }

  /** How long the command ran on the device, in nanoseconds; it is done, in a queue that times. */
  long nanos() {
    Info info =
        new Info(
            "clGetEventProfilingInfo",
            (name, size, value, returned) ->
                OpenCL.clGetEventProfilingInfo(handle(), name, size, value, returned),
            context().device().toString());
    return info.number(OpenCLConstants.CL_PROFILING_COMMAND_END())
        - info.number(OpenCLConstants.CL_PROFILING_COMMAND_START());
  }

  @Override
  public void close() {
    Status.check("clReleaseEvent", OpenCL.clReleaseEvent(handle), context.device().toString());
  }
}
