package org.lanewise.ffi.opencl;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.lanewise.ffi.opencl.bindings.OpenCL;
import org.lanewise.ffi.opencl.bindings.OpenCLConstants;

/**
 * What a kernel takes. Drivers look at the size of an argument at most, and use as an address what
 * they are given.
 *
 * @param kernel its name
 * @param types of its parameters in OpenCL C, as in {@code __global float*} and {@code ulong}
 */
record Signature(String kernel, List<String> types) {
  private static final String GLOBAL = "__global ";
  private static final String CONSTANT = "__constant ";
  private static final String LOCAL = "__local ";
  private static final String SEPARATOR = "\t";

  /** What a parameter can be set to. */
  enum Argument {
    MEMORY("memory", Set.of()) {
      @Override
      boolean suits(String type) {
        return type.endsWith("*") && (type.startsWith(GLOBAL) || type.startsWith(CONSTANT));
      }
    },
    INT("an int", Set.of("int", "uint")),
    LONG("a long", Set.of("long", "ulong")),
    FLOAT("a float", Set.of("float")),
    DOUBLE("a double", Set.of("double"));

    private final String words;
    private final Set<String> types;

    Argument(String words, Set<String> types) {
      this.words = words;
      this.types = types;
    }

    boolean suits(String type) {
      return types.contains(type);
    }
  }

  /** Those of all kernels of a program that was compiled here, by name. */
  static Map<String, Signature> ofAll(MemorySegment program, String device) {
    Info info =
        new Info(
            "clGetProgramInfo",
            (name, size, value, returned) ->
                OpenCL.clGetProgramInfo(program, name, size, value, returned),
            device);
    Map<String, Signature> signatures = new TreeMap<>();
    for (String kernel : info.text(OpenCLConstants.CL_PROGRAM_KERNEL_NAMES()).split(";")) {
      if (!kernel.isEmpty()) {
        signatures.put(kernel, of(program, kernel, device));
      }
    }
    return signatures;
  }

  private static Signature of(MemorySegment program, String name, String device) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment status = arena.allocate(JAVA_INT);
      MemorySegment kernel =
          Status.check(
              "clCreateKernel of " + name,
              OpenCL.clCreateKernel(program, arena.allocateFrom(name), status),
              status,
              device);
      try {
        return new Signature(name, types(kernel, device));
      } finally {
        Status.check("clReleaseKernel", OpenCL.clReleaseKernel(kernel), device);
      }
    }
  }

  private static List<String> types(MemorySegment kernel, String device) {
    long count =
        new Info(
                "clGetKernelInfo",
                (name, size, value, returned) ->
                    OpenCL.clGetKernelInfo(kernel, name, size, value, returned),
                device)
            .number(OpenCLConstants.CL_KERNEL_NUM_ARGS());
    List<String> types = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int index = i;
      Info info =
          new Info(
              "clGetKernelArgInfo",
              (name, size, value, returned) ->
                  OpenCL.clGetKernelArgInfo(kernel, index, name, size, value, returned),
              device);
      types.add(
          addressSpace(info.number(OpenCLConstants.CL_KERNEL_ARG_ADDRESS_QUALIFIER()))
              + info.text(OpenCLConstants.CL_KERNEL_ARG_TYPE_NAME()));
    }
    return List.copyOf(types);
  }

  private static String addressSpace(long qualifier) {
    if (qualifier == OpenCLConstants.CL_KERNEL_ARG_ADDRESS_GLOBAL()) {
      return GLOBAL;
    }
    if (qualifier == OpenCLConstants.CL_KERNEL_ARG_ADDRESS_CONSTANT()) {
      return CONSTANT;
    }
    return qualifier == OpenCLConstants.CL_KERNEL_ARG_ADDRESS_LOCAL() ? LOCAL : "";
  }

  /**
   * Throws unless a parameter may be set so.
   *
   * @throws IndexOutOfBoundsException if there is no such parameter
   * @throws IllegalArgumentException if it has another type
   */
  void require(int index, Argument argument) {
    if (index < 0 || index >= types.size()) {
      throw new IndexOutOfBoundsException(
          "%s has %d arguments, and none at index %d".formatted(kernel, types.size(), index));
    }
    if (!argument.suits(types.get(index))) {
      throw new IllegalArgumentException(
          "argument %d of %s is of type %s and cannot be set to %s"
              .formatted(index, kernel, types.get(index), argument.words));
    }
  }

  /** One line, for {@link #parse}: no name and no type has a tab. */
  String toLine() {
    return types.isEmpty() ? kernel : kernel + SEPARATOR + String.join(SEPARATOR, types);
  }

  static Signature parse(String line) {
    List<String> words = List.of(line.split(SEPARATOR));
    return new Signature(words.getFirst(), words.subList(1, words.size()));
  }
}
