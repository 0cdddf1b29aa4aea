package org.lanewise.kernels.simd;

import java.lang.foreign.Arena;
import java.util.Arrays;
import org.lanewise.kernels.simd.KernelTable.Kernel;
import org.lanewise.kernels.simd.KernelTable.Tensors;
import org.lanewise.kernels.simd.gemm.f32.MicroKernelTable;
import org.lanewise.kernels.workspace.Workspace;

/** Prints a line for each kernel with a hash of its results, for comparison between JVMs. */
final class KernelHashes {
  private KernelHashes() {}

  /** The argument is the number of calls of each kernel before the one whose result counts. */
  public static void main(String[] args) {
    int warmUp = Integer.parseInt(args[0]);
    System.out.println("lanes " + Lanes.COUNT);
    for (Kernel kernel : KernelTable.all()) {
      try (Arena arena = Arena.ofConfined();
          Workspace _ = Workspace.enter()) {
        run(kernel, arena, warmUp);
        System.out.println(
            kernel + " " + Integer.toHexString(Arrays.hashCode(run(kernel, arena, 1).bits())));
      }
    }
    MicroKernelTable.hashes().forEach(System.out::println);
    GemmHashes.small().forEach(System.out::println);
    if (warmUp > 0) { // interpreted, it would take minutes
      GemmHashes.packed().forEach(System.out::println);
    }
  }

  private static Tensors run(Kernel kernel, Arena arena, int calls) {
    Tensors tensors = new Tensors(arena, 3, 221, true);
    for (int call = 0; call < calls; call++) {
      kernel.simd().run(tensors, 0, kernel.extent(tensors));
    }
    return tensors;
  }
}
