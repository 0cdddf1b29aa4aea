package org.lanewise.ffi.opencl.backend;

import java.time.Duration;
import org.lanewise.ffi.opencl.Context;
import org.lanewise.ffi.opencl.DeviceMemory;
import org.lanewise.ffi.opencl.Kernel;
import org.lanewise.ffi.opencl.OpenCl;
import org.lanewise.ffi.opencl.Program;
import org.lanewise.ffi.opencl.WorkSize;

/** Runs a kernel out of which a guard or a barrier was cut, as a process of its own. */
enum MutantProcess {
  /** Writes whole vectors, also where fewer elements are left. */
  WITHOUT_GUARD("fill.cl", "n = min(end_ - i, (ulong)LANES)", "n = LANES") {
    @Override
    void run(Context context, Program program) {
      Kernel kernel = program.kernel("fill");
      set(kernel, DeviceMemory.allocate(context, 4 * ELEMENTS), 0L, 1f, ELEMENTS);
      context.queue().launch(kernel, new WorkSize(new long[] {8, 1, 1}, new long[] {1, 1, 1}));
    }
  },
  /** Reads a tile from local memory that others are still writing. */
  WITHOUT_BARRIER("gemm_gpu.cl", "barrier(CLK_LOCAL_MEM_FENCE);", "") {
    @Override
    void run(Context context, Program program) {
      Kernel kernel = program.kernel("multiply");
      DeviceMemory matrix = DeviceMemory.allocate(context, 4 * TILE * TILE);
      DeviceMemory result = DeviceMemory.allocate(context, 4 * TILE * TILE);
      set(
          kernel, TILE, TILE, TILE, matrix, 0L, 0L, TILE, 1L, matrix, 0L, 0L, 1L, TILE, result, 0L,
          result, 0L, result, 0L, 1f, 0, 0, 0, 0);
      context
          .queue()
          .launch(kernel, new WorkSize(new long[] {SIDE, SIDE, 1}, new long[] {SIDE, SIDE, 1}));
    }
  };

  private static final long ELEMENTS = 100;
  private static final long SIDE = 2;
  private static final long TILE = 4 * SIDE;

  private final String file;
  private final String text;
  private final String mutation;

  MutantProcess(String file, String text, String mutation) {
    this.file = file;
    this.text = text;
    this.mutation = mutation;
  }

  abstract void run(Context context, Program program);

  private static void set(Kernel kernel, Object... arguments) {
    for (int i = 0; i < arguments.length; i++) {
      switch (arguments[i]) {
        case DeviceMemory memory -> kernel.set(i, memory);
        case Long number -> kernel.set(i, number);
        case Integer number -> kernel.set(i, number);
        case Float number -> kernel.set(i, number);
        default -> throw new IllegalArgumentException("argument " + i);
      }
    }
  }

  /**
   * Runs a mutant, or what it was before.
   *
   * @param arguments name, {@code mutated} or {@code whole}
   */
  public static void main(String[] arguments) {
    MutantProcess mutant = valueOf(arguments[0]);
    String source = KernelSource.of(mutant.file);
    if (!source.contains(mutant.text)) {
      throw new IllegalStateException("nothing to cut out of " + mutant.file);
    }
    if (arguments[1].equals("mutated")) {
      source = source.replace(mutant.text, mutant.mutation);
    }
    try (Context context = new Context(OpenCl.device(""), Duration.ofMinutes(1))) {
      String options = "-cl-std=CL1.2 -D SIDE=%d -D QUADS=1 -D STEP=2".formatted(SIDE);
      mutant.run(context, Program.compile(context, source, options));
    }
    System.out.println("done");
  }
}
