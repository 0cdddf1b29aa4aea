package org.lanewise.ffi.opencl;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;
import org.lanewise.ffi.opencl.bindings.OpenCL;
import org.lanewise.ffi.opencl.bindings.OpenCLConstants;

/** What a command leaves behind: how far it is, and how long it took. */
final class Event extends Resource {
  Event(Context context, MemorySegment handle) {
    super(context, "an event", handle);
  }

  /** Writes how far the command is; the status of the call. */
  int poll(MemorySegment status) {
    return OpenCL.clGetEventInfo(
        handle(),
        OpenCLConstants.CL_EVENT_COMMAND_EXECUTION_STATUS(),
        JAVA_INT.byteSize(),
        status,
        MemorySegment.NULL);
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
  int release(MemorySegment handle) {
    return OpenCL.clReleaseEvent(handle);
  }
}
