package org.lanewise.ffi.opencl;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;
import java.lang.reflect.Method;
import org.lanewise.ffi.opencl.bindings.OpenCLConstants;

/** What OpenCL's functions return. */
final class Status {
  private Status() {}

  /**
   * Throws if a call failed.
   *
   * @param device where, in words
   * @throws OpenClException naming the call, the status and the device
   */
  static void check(String call, int status, String device) {
    if (status < 0) {
      throw failure(call, status, device);
    }
  }

  /** The same for a call that returns what it made, and its status through memory. */
  static MemorySegment check(String call, MemorySegment made, MemorySegment status, String device) {
    check(call, status.get(JAVA_INT, 0), device);
    return made;
  }

  /** What to throw when a call failed. */
  static OpenClException failure(String call, int status, String device) {
    return new OpenClException(
        "%s failed with %s (%d) on %s".formatted(call, name(status), status, device));
  }

  /** The constant of a status: the only negative ones are those of statuses. */
  static String name(int status) {
    try {
      for (Method constant : OpenCLConstants.class.getMethods()) {
        if (constant.getReturnType() == int.class
            && constant.getParameterCount() == 0
            && constant.getName().startsWith("CL_")
            && (int) constant.invoke(null) == status) {
          return constant.getName();
        }
      }
    } catch (ReflectiveOperationException impossible) {
      throw new AssertionError(impossible);
    }
    return "an unknown status";
  }
}
