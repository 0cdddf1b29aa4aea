package org.lanewise.ffi.opencl;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.nio.file.StandardOpenOption.DELETE_ON_CLOSE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Consumer;

/**
 * What crashes or hangs the JVM through bare bindings, or goes wrong in silence; each must throw.
 */
enum Fault {
  USE_AFTER_CLOSE(
      IllegalStateException.class,
      "is closed",
      context -> {
        DeviceMemory memory = DeviceMemory.allocate(context, 16);
        memory.close();
        memory.close(); // a second release would take the memory of another
        memory.read(0, Arena.ofAuto().allocate(16), 0, 16);
      }),
  LAUNCH_AFTER_CLOSE_OF_MEMORY(
      IllegalStateException.class,
      "memory of 400 bytes is closed",
      context -> {
        Kernel kernel = increment(context);
        DeviceMemory memory = DeviceMemory.allocate(context, 400);
        kernel.set(0, memory);
        memory.close();
        context.queue().launch(kernel, hundred());
      }),
  LAUNCH_AFTER_CLOSE_OF_KERNEL(
      IllegalStateException.class,
      "kernel increment is closed",
      context -> {
        Kernel kernel = increment(context);
        kernel.set(0, DeviceMemory.allocate(context, 400));
        kernel.close();
        context.queue().launch(kernel, hundred());
      }),
  USE_AFTER_CLOSE_OF_CONTEXT(
      IllegalStateException.class,
      "is closed",
      context -> {
        DeviceMemory memory = DeviceMemory.allocate(context, 16);
        context.close();
        context.close();
        memory.write(0, MemorySegment.ofArray(new int[4]), 0, 16);
      }),
  ALLOCATION_AFTER_CLOSE_OF_CONTEXT(
      IllegalStateException.class,
      "the context is closed",
      context -> {
        context.close();
        DeviceMemory.allocate(context, 16);
      }),
  WRITE_FROM_TOO_LITTLE(
      IndexOutOfBoundsException.class,
      "",
      context ->
          DeviceMemory.allocate(context, 1 << 20)
              .write(0, Arena.ofAuto().allocate(16), 0, 1 << 20)),
  READ_INTO_TOO_LITTLE(
      IndexOutOfBoundsException.class,
      "",
      context ->
          DeviceMemory.allocate(context, 1 << 20).read(0, Arena.ofAuto().allocate(16), 0, 1 << 20)),
  READ_INTO_FREED_MEMORY(
      IllegalStateException.class,
      "Already closed",
      context -> {
        MemorySegment freed;
        try (Arena arena = Arena.ofConfined()) {
          freed = arena.allocate(1 << 20);
        }
        DeviceMemory.allocate(context, 1 << 20).read(0, freed, 0, 1 << 20);
      }),
  READ_INTO_READ_ONLY_PAGES(
      IllegalArgumentException.class,
      "read-only",
      context -> {
        Device apart = TestDevice.with(context.device(), false, true);
        try (Context other = new Context(apart, Duration.ofSeconds(10))) {
          DeviceMemory.allocate(other, 1 << 20).read(0, readOnlyPages(1 << 20), 0, 1 << 20);
        }
      }),
  READ_BEYOND_THE_END(
      IndexOutOfBoundsException.class,
      "",
      context ->
          DeviceMemory.allocate(context, 16).read(8, MemorySegment.ofArray(new int[4]), 0, 16)),
  READ_BEFORE_THE_START(
      IndexOutOfBoundsException.class,
      "",
      context ->
          DeviceMemory.allocate(context, 16).read(-4, MemorySegment.ofArray(new int[4]), 0, 4)),
  COPY_BEYOND_THE_END(
      IndexOutOfBoundsException.class,
      "",
      context ->
          context
              .queue()
              .copy(
                  DeviceMemory.allocate(context, 16),
                  0,
                  DeviceMemory.allocate(context, 16),
                  1L << 40,
                  16)),
  OVERLAPPING_COPY(
      IllegalArgumentException.class,
      "overlap",
      context -> {
        DeviceMemory memory = DeviceMemory.allocate(context, 16);
        context.queue().copy(memory, 0, memory, 4, 8);
      }),
  NEGATIVE_SIZE(
      IllegalArgumentException.class, "-1", context -> DeviceMemory.allocate(context, -1)),
  MORE_THAN_A_PIECE(
      OutOfMemoryError.class,
      "at a time",
      context -> DeviceMemory.allocate(context, context.device().maxAllocation() + 1)),
  MORE_THAN_THE_DEVICE_HAS(
      OutOfMemoryError.class,
      "are free",
      context -> {
        context.reserve(Math.min(context.device().memory() - 10, context.device().maxAllocation()));
        for (int i = 0; i < 1000; i++) {
          context.reserve(Math.min(context.device().maxAllocation(), 1L << 33));
        }
      }),
  NO_WORK(
      IllegalArgumentException.class,
      "at least 1",
      _ -> new WorkSize(new long[] {0, 1, 1}, new long[] {1, 1, 1})),
  TOO_MUCH_WORK(
      IllegalArgumentException.class,
      "too many",
      _ -> new WorkSize(new long[] {Long.MAX_VALUE, 1, 1}, new long[] {64, 1, 1})),
  TOO_MUCH_WORK_IN_ALL(
      IllegalArgumentException.class,
      "too many",
      context -> {
        Kernel kernel = Program.compile(context, "__kernel void f() {}", "").kernel("f");
        long side = 1L << 31;
        context
            .queue()
            .launch(kernel, new WorkSize(new long[] {side, side, side}, new long[] {1, 1, 1}));
      }),
  WORK_OF_OTHER_DIMENSIONS(
      IllegalArgumentException.class,
      "three dimensions",
      _ -> new WorkSize(new long[] {1, 1}, new long[] {1, 1, 1})),
  GROUP_TOO_LARGE(
      OpenClException.class,
      "CL_INVALID_WORK_",
      context -> {
        Kernel kernel = Program.compile(context, "__kernel void f() {}", "").kernel("f");
        long[] group = {context.device().maxGroupSize(), 2, 1};
        context.queue().launch(kernel, new WorkSize(group, group));
      }),
  MISSING_ARGUMENT(
      OpenClException.class,
      "CL_INVALID_KERNEL_ARGS",
      context -> context.queue().launch(increment(context), hundred())),
  NUMBER_FOR_MEMORY(
      IllegalArgumentException.class,
      "argument 0 of increment is of type __global int* and cannot be set to a long",
      context -> increment(context).set(0, 42L)),
  ARGUMENT_TOO_MANY(
      IndexOutOfBoundsException.class,
      "increment has 1 arguments, and none at index 7",
      context -> increment(context).set(7, 1)),
  MORE_LOCAL_MEMORY_THAN_THE_DEVICE_HAS(
      OpenClException.class,
      "bytes of local memory, but",
      context -> {
        Kernel kernel =
            Program.compile(
                    context,
                    "__kernel void f(__global char *y) { __local volatile char x[%d];"
                            .formatted(context.device().localMemory() + 1)
                        + " x[get_local_id(0)] = 1; barrier(CLK_LOCAL_MEM_FENCE); *y = x[0]; }",
                    "")
                .kernel("f");
        kernel.set(0, DeviceMemory.allocate(context, 4));
        context.queue().launch(kernel, hundred());
        context.queue().finish();
      }),
  GROUP_OF_ANOTHER_SIZE_THAN_REQUIRED(
      OpenClException.class,
      "CL_INVALID_WORK_GROUP_SIZE",
      context -> {
        Kernel kernel =
            Program.compile(
                    context,
                    "__kernel __attribute__((reqd_work_group_size(4, 1, 1))) void f() {}",
                    "")
                .kernel("f");
        context.queue().launch(kernel, hundred());
      }),
  MEMORY_OF_ANOTHER_CONTEXT(
      IllegalArgumentException.class,
      "another context",
      context -> {
        try (Context other = new Context(context.device(), Duration.ofSeconds(10))) {
          increment(context).set(0, DeviceMemory.allocate(other, 400));
        }
      }),
  KERNEL_OF_ANOTHER_CONTEXT(
      IllegalArgumentException.class,
      "another context",
      context -> {
        Kernel kernel = increment(context);
        kernel.set(0, DeviceMemory.allocate(context, 400));
        try (Context other = new Context(context.device(), Duration.ofSeconds(10))) {
          other.queue().launch(kernel, hundred());
        }
      }),
  COPY_BETWEEN_CONTEXTS(
      IllegalArgumentException.class,
      "another context",
      context -> {
        DeviceMemory memory = DeviceMemory.allocate(context, 16);
        try (Context other = new Context(context.device(), Duration.ofSeconds(10))) {
          context.queue().copy(memory, 0, DeviceMemory.allocate(other, 16), 0, 16);
        }
      }),
  UNKNOWN_KERNEL(
      OpenClException.class,
      "no kernel is called 'g': there are f",
      context -> Program.compile(context, "__kernel void f() {}", "").kernel("g")),
  NAME_THAT_GOES_ON_AFTER_A_NUL(
      OpenClException.class,
      "no kernel is called",
      context -> Program.compile(context, "__kernel void f() {}", "").kernel("f\0g")),
  SOURCE_THAT_GOES_ON_AFTER_A_NUL(
      IllegalArgumentException.class,
      "source has a NUL at 20",
      context -> Program.compile(context, "__kernel void f() {}\0 and so on", "")),
  OPTIONS_THAT_GO_ON_AFTER_A_NUL(
      IllegalArgumentException.class,
      "options has a NUL at 0",
      context -> Program.compile(context, "__kernel void f() {}", "\0-D X")),
  UNKNOWN_OPTION(
      OpenClException.class,
      "clBuildProgram failed with CL_",
      context -> Program.compile(context, "__kernel void f() {}", "-cl-unheard-of")),
  SYNTAX_ERROR(
      OpenClException.class,
      "    2 |   y[0] = unknown;",
      context ->
          Program.compile(context, "__kernel void f(__global int *y) {\n  y[0] = unknown;\n}", "")),
  DAMAGED_BINARY(
      IllegalArgumentException.class,
      "refused",
      context -> {
        byte[] file = incrementProgram(context).binary().toFile("key");
        Random random = new Random(1);
        for (int i = 0; i < 1000; i++) {
          byte[] damaged =
              i % 2 == 0
                  ? Arrays.copyOf(file, random.nextInt(file.length))
                  : flipped(file, random.nextInt(file.length), 1 + random.nextInt(255));
          if (ProgramBinary.parse(damaged, "key").isPresent()) {
            throw new AssertionError("accepted damaged file " + i);
          }
        }
        if (ProgramBinary.parse(file, "another key").isPresent()) {
          throw new AssertionError("accepted another program's file");
        }
        throw new IllegalArgumentException("all refused");
      }),
  ENDLESS_KERNEL(
      OpenClException.class,
      "has not finished after 1 s",
      context -> launchEndless(context).read(0, Arena.ofAuto().allocate(JAVA_INT), 0, 4)),
  CLOSING_AFTER_A_HANG(
      OpenClException.class,
      "has not finished after 1 s",
      context -> {
        DeviceMemory memory = launchEndless(context);
        requireHanging(context.queue()::finish);
        long start = System.nanoTime();
        for (int i = 0; i < 10; i++) {
          requireHanging(memory::close);
        }
        long nanos = System.nanoTime() - start;
        if (nanos > 900_000_000) {
          throw new AssertionError("waited again: " + nanos + " ns");
        }
        context.close();
      });

  private final Class<? extends Throwable> expected;
  private final String message;
  private final Consumer<Context> provoke;

  Fault(Class<? extends Throwable> expected, String message, Consumer<Context> provoke) {
    this.expected = expected;
    this.message = message;
    this.provoke = provoke;
  }

  /** Provokes the fault of that name, and exits with 0 if it was caught as it should be. */
  public static void main(String[] arguments) {
    Context context = new Context(OpenCl.device(arguments[1]), Duration.ofSeconds(1));
    Fault fault = valueOf(arguments[0]);
    try {
      fault.provoke.accept(context);
      System.out.println("nothing was thrown");
    } catch (RuntimeException | Error caught) {
      if (fault.expected.isInstance(caught)
          && String.valueOf(caught.getMessage()).contains(fault.message)) {
        System.out.println("caught");
        Runtime.getRuntime().halt(0); // an endless kernel would keep the driver from ending
      }
      caught.printStackTrace(System.out);
    }
    Runtime.getRuntime().halt(1);
  }

  private static byte[] flipped(byte[] file, int at, int bits) {
    byte[] damaged = file.clone();
    damaged[at] ^= (byte) bits;
    return damaged;
  }

  private static Program incrementProgram(Context context) {
    return Program.compile(
        context, "__kernel void increment(__global int *y) { y[get_global_id(0)]++; }", "");
  }

  private static Kernel increment(Context context) {
    return incrementProgram(context).kernel("increment");
  }

  private static DeviceMemory launchEndless(Context context) {
    Kernel kernel =
        Program.compile(
                context, "__kernel void f(__global volatile int *y) { while (y[0] == 0) {} }", "")
            .kernel("f");
    DeviceMemory memory = DeviceMemory.allocate(context, 400);
    kernel.set(0, memory);
    context.queue().launch(kernel, hundred());
    return memory;
  }

  private static void requireHanging(Runnable waiting) {
    try {
      waiting.run();
    } catch (OpenClException hanging) {
      return;
    }
    throw new AssertionError("did not wait for the device");
  }

  private static MemorySegment readOnlyPages(long bytes) {
    try {
      Path file = Files.createTempFile("pages", "");
      try (FileChannel channel = FileChannel.open(file, READ, WRITE, DELETE_ON_CLOSE)) {
        channel.write(ByteBuffer.allocate(1), bytes - 1);
        return channel.map(FileChannel.MapMode.READ_ONLY, 0, bytes, Arena.global());
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static WorkSize hundred() {
    return new WorkSize(new long[] {100, 1, 1}, new long[] {1, 1, 1});
  }
}
