package org.lanewise.ffi.opencl;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.Optional;
import org.lanewise.ffi.opencl.bindings.OpenCL;
import org.lanewise.ffi.opencl.bindings.OpenCLConstants;

/** A compiled program. */
public final class Program extends Resource {
  /** Without it a driver need not know the types of arguments. */
  private static final String KEEPS_TYPES = " -cl-kernel-arg-info";

  /** By the names of kernels; empty until it is built. */
  private Map<String, Signature> signatures = Map.of();

  private Program(Context context, MemorySegment handle) {
    super(context, "a program", handle);
  }

  /**
   * Compiles a program.
   *
   * @param source in OpenCL C
   * @param options of the compiler, as in {@code -cl-std=CL1.2 -D NAME=VALUE}
   * @throws IllegalArgumentException if the source or the options have a NUL, where a driver would
   *     stop to read
   * @throws OpenClException if it does not compile: with the compiler's log and the lines of source
   *     that it names
   */
  public static Program compile(Context context, String source, String options) {
    requireText("source", source);
    requireText("options", options);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment status = arena.allocate(JAVA_INT);
      MemorySegment handle =
          Status.check(
              "clCreateProgramWithSource",
              OpenCL.clCreateProgramWithSource(
                  context.handle(),
                  1,
                  arena.allocateFrom(ADDRESS, arena.allocateFrom(source)),
                  MemorySegment.NULL,
                  status),
              status,
              context.device().toString());
      Program program = new Program(context, handle);
      int built = program.build(options);
      if (built < 0) {
        OpenClException failure =
            new OpenClException(
                "%s\noptions: %s\n%s"
                    .formatted(
                        Status.failure("clBuildProgram", built, context.device().toString())
                            .getMessage(),
                        options,
                        BuildLog.withSource(program.log(), source)));
        program.close();
        throw failure;
      }
      program.signatures = Signature.ofAll(handle, context.device().toString());
      return program;
    }
  }

  private static void requireText(String name, String text) {
    if (text.indexOf('\0') >= 0) {
      throw new IllegalArgumentException(name + " has a NUL at " + text.indexOf('\0'));
    }
  }

  /** A program that was compiled before; nothing if the driver does not take it any more. */
  public static Optional<Program> load(Context context, ProgramBinary binary, String options) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment status = arena.allocate(JAVA_INT);
      MemorySegment bytes = arena.allocateFrom(JAVA_BYTE, binary.bytes());
      MemorySegment handle =
          OpenCL.clCreateProgramWithBinary(
              context.handle(),
              1,
              arena.allocateFrom(ADDRESS, context.device().id()),
              arena.allocateFrom(JAVA_LONG, bytes.byteSize()),
              arena.allocateFrom(ADDRESS, bytes),
              MemorySegment.NULL,
              status);
      if (status.get(JAVA_INT, 0) < 0) {
        return Optional.empty();
      }
      Program program = new Program(context, handle);
      if (program.build(options) < 0) {
        program.close();
        return Optional.empty();
      }
      program.signatures = binary.signatures();
      return Optional.of(program);
    }
  }

  private int build(String options) {
    try (Arena arena = Arena.ofConfined()) {
      try (Driver _ = Driver.enter()) {
        return OpenCL.clBuildProgram(
            handle(),
            1,
            arena.allocateFrom(ADDRESS, context().device().id()),
            arena.allocateFrom(options + KEEPS_TYPES),
            MemorySegment.NULL,
            MemorySegment.NULL);
      }
    }
  }

  private String log() {
    MemorySegment device = context().device().id();
    return new Info(
            "clGetProgramBuildInfo",
            (name, size, value, returned) ->
                OpenCL.clGetProgramBuildInfo(handle(), device, name, size, value, returned),
            context().device().toString())
        .text(OpenCLConstants.CL_PROGRAM_BUILD_LOG());
  }

  /**
   * A function of the program.
   *
   * @throws OpenClException if there is none of that name
   */
  public Kernel kernel(String name) {
    Signature signature = signatures.get(name);
    if (signature == null) {
      throw new OpenClException(
          "no kernel is called '%s': there are %s"
              .formatted(name, String.join(", ", signatures.keySet())));
    }
    return Kernel.of(this, signature);
  }

  /**
   * What the driver made of the program. Some compile to the end only when a kernel is first run.
   */
  public ProgramBinary binary() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment size = arena.allocate(JAVA_LONG);
      check(info(OpenCLConstants.CL_PROGRAM_BINARY_SIZES(), size));
      MemorySegment bytes = arena.allocate(Math.max(size.get(JAVA_LONG, 0), 1));
      check(info(OpenCLConstants.CL_PROGRAM_BINARIES(), arena.allocateFrom(ADDRESS, bytes)));
      return new ProgramBinary(
          bytes.asSlice(0, size.get(JAVA_LONG, 0)).toArray(JAVA_BYTE), signatures);
    }
  }

  private int info(int property, MemorySegment value) {
    return OpenCL.clGetProgramInfo(handle(), property, value.byteSize(), value, MemorySegment.NULL);
  }

  private void check(int status) {
    Status.check("clGetProgramInfo", status, context().device().toString());
  }

  @Override
  int release(MemorySegment handle) {
    return OpenCL.clReleaseProgram(handle);
  }
}
