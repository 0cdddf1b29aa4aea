package org.lanewise.ffi.opencl.backend;

import org.lanewise.ffi.opencl.Kernel;
import org.lanewise.ffi.opencl.Queue;
import org.lanewise.ffi.opencl.WorkSize;

/** A kernel with its arguments and its size. */
record Launch(Queue queue, Kernel kernel, WorkSize size) implements DeviceStep {
  @Override
  public void run() {
    queue.launch(kernel, size);
  }

  @Override
  public long time() {
    return queue.time(kernel, size);
  }
}
