package org.lanewise.ffi.opencl;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.lanewise.ffi.opencl.bindings.OpenCL;
import org.lanewise.ffi.opencl.bindings.OpenCLConstants;

/** What there is of OpenCL on this machine. */
public final class OpenCl {
  private static final String LIBRARY = "libOpenCL.so.1";

  /** What the loader returns where no driver is installed; in cl_ext.h, not in cl.h. */
  private static final int PLATFORM_NOT_FOUND_KHR = -1001;

  private OpenCl() {}

  /**
   * All devices of all platforms, in the loader's order.
   *
   * @throws NoOpenClException if there is no loader, no platform or no device, each said in a line
   */
  public static List<Device> devices() {
    requireLibrary();
    Linking.start();
    List<Device> devices = new ArrayList<>();
    try (Driver _ = Driver.enter()) {
      for (MemorySegment platform : platforms()) {
        for (MemorySegment device : devices(platform)) {
          devices.add(Device.of(platform, device, devices.size()));
        }
      }
    }
    if (devices.isEmpty()) {
      throw new NoOpenClException("OpenCL is installed, but its drivers offer no device");
    }
    return devices;
  }

  /**
   * The device that a user names.
   *
   * @param name its number in {@link #devices}, or a part of its name and of no other's, of
   *     whatever case; empty for the first GPU, or if there is none the first device
   * @throws NoOpenClException if there is no such device, or more than one; the message lists those
   *     there are
   */
  public static Device device(String name) {
    return choose(devices(), name);
  }

  static Device choose(List<Device> devices, String name) {
    if (name.isEmpty()) {
      return devices.stream()
          .filter(device -> device.type() == Device.Type.GPU)
          .findFirst()
          .orElse(devices.getFirst());
    }
    List<Device> called = devices.stream().filter(device -> device.isCalled(name)).toList();
    if (called.size() != 1) {
      throw new NoOpenClException(
          "%s called '%s': there are %s"
              .formatted(
                  called.isEmpty()
                      ? "no OpenCL device is"
                      : called.size() + " OpenCL devices, not one, are",
                  name,
                  devices.stream()
                      .map(device -> device.index() + " (" + device.name() + ")")
                      .collect(Collectors.joining(", "))));
    }
    return called.getFirst();
  }

  /** The generated class throws if the library is missing, so it must not be touched before. */
  private static void requireLibrary() {
    try (Arena arena = Arena.ofConfined()) {
      SymbolLookup.libraryLookup(LIBRARY, arena);
    } catch (IllegalArgumentException missing) {
      throw new NoOpenClException(
          "no OpenCL here: "
              + LIBRARY
              + " was not found; a device's driver brings it, and for processors the packages"
              + " ocl-icd-libopencl1 and pocl-opencl-icd do (apt-get install)");
    }
  }

  private static List<MemorySegment> platforms() {
    String where = "this machine";
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment count = arena.allocate(JAVA_INT);
      int status = OpenCL.clGetPlatformIDs(0, MemorySegment.NULL, count);
      if (status == PLATFORM_NOT_FOUND_KHR || status >= 0 && count.get(JAVA_INT, 0) == 0) {
        throw new NoOpenClException(
            "OpenCL's loader is installed, but no driver: for processors the package"
                + " pocl-opencl-icd brings one (apt-get install), for a card its maker");
      }
      Status.check("clGetPlatformIDs", status, where);
      int platforms = count.get(JAVA_INT, 0);
      MemorySegment ids = arena.allocate(ADDRESS, platforms);
      Status.check(
          "clGetPlatformIDs", OpenCL.clGetPlatformIDs(platforms, ids, MemorySegment.NULL), where);
      return addresses(ids);
    }
  }

  private static List<MemorySegment> devices(MemorySegment platform) {
    String where = "a platform";
    long all = Integer.toUnsignedLong(OpenCLConstants.CL_DEVICE_TYPE_ALL());
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment count = arena.allocate(JAVA_INT);
      int status = OpenCL.clGetDeviceIDs(platform, all, 0, MemorySegment.NULL, count);
      if (status == OpenCLConstants.CL_DEVICE_NOT_FOUND()) {
        return List.of();
      }
      Status.check("clGetDeviceIDs", status, where);
      int devices = count.get(JAVA_INT, 0);
      MemorySegment ids = arena.allocate(ADDRESS, devices);
      Status.check(
          "clGetDeviceIDs",
          OpenCL.clGetDeviceIDs(platform, all, devices, ids, MemorySegment.NULL),
          where);
      return addresses(ids);
    }
  }

  private static List<MemorySegment> addresses(MemorySegment ids) {
    return ids.elements(ADDRESS).map(id -> id.get(ADDRESS, 0)).toList();
  }
}
