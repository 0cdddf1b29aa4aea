package org.lanewise.ffi.opencl;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** A process that uses a device, and then a null reference in compiled code. */
final class SignalProcess {
  private SignalProcess() {}

  /**
   * Prints the signals that have a handler, as a mask, before and after a kernel ran; then what
   * came of the null reference.
   *
   * @param arguments the device
   */
  public static void main(String[] arguments) throws IOException {
    int[] array = new int[1];
    for (int i = 0; i < 100_000; i++) {
      first(array);
    }
    System.out.println("handled " + handled());
    runKernel(arguments[0]);
    System.out.println("handled " + handled());
    try {
      first(null);
    } catch (NullPointerException expected) {
      System.out.println("caught");
    }
  }

  /** Compiled, it has no check for null: the access itself is the check. */
  private static int first(int[] array) {
    return array[0];
  }

  private static void runKernel(String device) {
    try (Context context = new Context(OpenCl.device(device), Duration.ofSeconds(10))) {
      Kernel kernel =
          Program.compile(
                  context, "__kernel void f(__global int *y) { y[get_global_id(0)]++; }", "")
              .kernel("f");
      DeviceMemory memory = DeviceMemory.allocate(context, 64);
      kernel.set(0, memory);
      context.queue().launch(kernel, new WorkSize(new long[] {16, 1, 1}, new long[] {1, 1, 1}));
      try (Arena arena = Arena.ofShared()) {
        MemorySegment result = arena.allocate(64);
        memory.read(0, result, 0, 64);
      }
    }
  }

  private static String handled() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("SigCgt:"))
        .findFirst()
        .orElseThrow();
  }
}
