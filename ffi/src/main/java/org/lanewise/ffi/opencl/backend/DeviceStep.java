package org.lanewise.ffi.opencl.backend;

import org.lanewise.kernels.backend.Step;

/** A step that the device can time. */
interface DeviceStep extends Step {
  /** Runs it to its end; how long it took on the device, in nanoseconds. */
  long time();
}
