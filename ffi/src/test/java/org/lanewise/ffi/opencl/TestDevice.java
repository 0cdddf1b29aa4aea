package org.lanewise.ffi.opencl;

import static org.junit.jupiter.api.Assumptions.abort;

import org.lanewise.ffi.opencl.backend.OpenClBackend;
import org.lanewise.ffi.opencl.backend.Settings;

/** The device that tests use: the default one, or that of the property {@code opencl.device}. */
public final class TestDevice {
  private TestDevice() {}

  /** The device. Without any, the test is skipped and says why. */
  public static Device find() {
    try {
      return OpenCl.device(System.getProperty("opencl.device", ""));
    } catch (NoOpenClException missing) {
      return abort(missing.getMessage());
    }
  }

  /** What the device is called by, in a process of its own too. */
  public static String number() {
    return Integer.toString(find().index());
  }

  /** The same device, as if it did or did not share the host's memory and compute in f64. */
  public static Device with(Device device, boolean sharesHostMemory, boolean hasDoubles) {
    return new Device(
        device.id(),
        device.index(),
        device.platform(),
        device.name(),
        device.type(),
        device.version(),
        device.driver(),
        device.computeUnits(),
        device.memory(),
        device.maxAllocation(),
        device.localMemory(),
        device.maxGroupSize(),
        sharesHostMemory,
        hasDoubles,
        device.roundsDivisionAndRoot());
  }

  /** A backend of the device on which no op may run on the host. */
  public static OpenClBackend open() {
    return new OpenClBackend(find(), Settings.fromProperties(1).withStrict(true));
  }
}
