package org.lanewise.bench.opencl;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.lanewise.ffi.opencl.Context;
import org.lanewise.ffi.opencl.Kernel;
import org.lanewise.ffi.opencl.Program;
import org.lanewise.ffi.opencl.WorkSize;
import org.lanewise.ffi.opencl.bindings.OpenCL;

/** Launches of a kernel that does nothing. */
final class Launches {
  static final int IN_A_ROW = 1000;

  private static final MemorySegment NONE = MemorySegment.NULL;

  private final Context context;
  private final Kernel kernel;
  private final WorkSize one = new WorkSize(new long[] {1, 1, 1}, new long[] {1, 1, 1});
  private final MemorySegment ones = Arena.ofAuto().allocateFrom(JAVA_LONG, 1, 1, 1);

  Launches(Context context) {
    this.context = context;
    kernel = Program.compile(context, "__kernel void nothing() {}", "").kernel("nothing");
  }

  /** Many, and the wait for them. */
  void wrapped() {
    for (int i = 0; i < IN_A_ROW; i++) {
      context.queue().launch(kernel, one);
    }
    context.queue().finish();
  }

  /** The same without the wrapper. */
  void raw() {
    context.queue().enqueue(this::launchRaw);
    context.queue().finish();
  }

  private void launchRaw(MemorySegment queue) {
    MemorySegment function = kernel.handle();
    for (int i = 0; i < IN_A_ROW; i++) {
      int status =
          OpenCL.clEnqueueNDRangeKernel(queue, function, 3, NONE, ones, ones, 0, NONE, NONE);
      if (status != 0) {
        throw new IllegalStateException("clEnqueueNDRangeKernel returned " + status);
      }
    }
  }

  /** One, and the wait for it. */
  void waited() {
    context.queue().launch(kernel, one);
    context.queue().finish();
  }
}
