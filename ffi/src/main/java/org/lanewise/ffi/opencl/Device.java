package org.lanewise.ffi.opencl;

import java.lang.foreign.MemorySegment;
import java.util.Locale;
import org.lanewise.ffi.opencl.bindings.OpenCL;
import org.lanewise.ffi.opencl.bindings.OpenCLConstants;

/**
 * A device, and what decides how it is used. Sizes are in bytes.
 *
 * @param id OpenCL's handle
 * @param platform name of its platform
 * @param index its number among all devices, from 0
 * @param sharesHostMemory whether it works on the host's memory itself, as processors and
 *     integrated graphics do
 * @param hasDoubles whether it computes in f64
 * @param roundsDivisionAndRoot whether it can round f32 division and square roots correctly
 */
public record Device(
    MemorySegment id,
    int index,
    String platform,
    String name,
    Type type,
    String version,
    String driver,
    long computeUnits,
    long memory,
    long maxAllocation,
    long localMemory,
    long maxGroupSize,
    boolean sharesHostMemory,
    boolean hasDoubles,
    boolean roundsDivisionAndRoot) {
  /** What kind of device. */
  public enum Type {
    /** Processors of the host. */
    CPU,
    /** A graphics card. */
    GPU,
    /** Anything else. */
    OTHER
  }

  static Device of(MemorySegment platform, MemorySegment id, int index) {
    Info platformInfo =
        new Info(
            "clGetPlatformInfo",
            (name, size, value, returned) ->
                OpenCL.clGetPlatformInfo(platform, name, size, value, returned),
            "a platform");
    String platformName = platformInfo.text(OpenCLConstants.CL_PLATFORM_NAME());
    Info info =
        new Info(
            "clGetDeviceInfo",
            (name, size, value, returned) ->
                OpenCL.clGetDeviceInfo(id, name, size, value, returned),
            "device " + index + " of " + platformName);
    long type = info.number(OpenCLConstants.CL_DEVICE_TYPE());
    long floats = info.number(OpenCLConstants.CL_DEVICE_SINGLE_FP_CONFIG());
    return new Device(
        id,
        index,
        platformName,
        info.text(OpenCLConstants.CL_DEVICE_NAME()),
        (type & OpenCLConstants.CL_DEVICE_TYPE_CPU()) != 0
            ? Type.CPU
            : (type & OpenCLConstants.CL_DEVICE_TYPE_GPU()) != 0 ? Type.GPU : Type.OTHER,
        info.text(OpenCLConstants.CL_DEVICE_VERSION()),
        info.text(OpenCLConstants.CL_DRIVER_VERSION()),
        info.number(OpenCLConstants.CL_DEVICE_MAX_COMPUTE_UNITS()),
        info.number(OpenCLConstants.CL_DEVICE_GLOBAL_MEM_SIZE()),
        info.number(OpenCLConstants.CL_DEVICE_MAX_MEM_ALLOC_SIZE()),
        info.number(OpenCLConstants.CL_DEVICE_LOCAL_MEM_SIZE()),
        info.number(OpenCLConstants.CL_DEVICE_MAX_WORK_GROUP_SIZE()),
        info.number(OpenCLConstants.CL_DEVICE_HOST_UNIFIED_MEMORY()) != 0,
        info.number(OpenCLConstants.CL_DEVICE_DOUBLE_FP_CONFIG()) != 0,
        (floats & OpenCLConstants.CL_FP_CORRECTLY_ROUNDED_DIVIDE_SQRT()) != 0);
  }

  /** Whether a user means this device: a number is an index, anything else a part of the name. */
  boolean isCalled(String text) {
    return text.matches("[+-]?[0-9]+")
        ? text.equals(Integer.toString(index))
        : name.toLowerCase(Locale.ROOT).contains(text.toLowerCase(Locale.ROOT));
  }

  /** As in {@code pthread-haswell (Portable Computing Language)}. */
  @Override
  public String toString() {
    return name + " (" + platform + ")";
  }
}
