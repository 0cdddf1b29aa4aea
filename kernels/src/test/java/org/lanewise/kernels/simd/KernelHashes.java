package org.lanewise.kernels.simd;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.lanewise.kernels.TestTensor;
import org.lanewise.kernels.op.Epilogue;
import org.lanewise.kernels.op.Transpose;
import org.lanewise.kernels.simd.KernelTable.Kernel;
import org.lanewise.kernels.simd.KernelTable.Tensors;

/** Prints a line for each kernel with a hash of its results, for comparison between JVMs. */
final class KernelHashes {
  private KernelHashes() {}

  /** The argument is the number of calls of each kernel before the one whose result counts. */
  public static void main(String[] args) {
    int warmUp = Integer.parseInt(args[0]);
    System.out.println("lanes " + Lanes.COUNT);
    for (Kernel kernel : KernelTable.all()) {
      try (Arena arena = Arena.ofConfined()) {
        run(kernel, arena, warmUp);
        System.out.println(
            kernel + " " + Integer.toHexString(Arrays.hashCode(run(kernel, arena, 1).bits())));
      }
    }
    for (Transpose transA : Transpose.values()) {
      for (Transpose transB : Transpose.values()) {
        System.out.println(
            "gemm " + transA + " " + transB + " " + Integer.toHexString(gemm(transA, transB)));
      }
    }
  }

  /** A product with rests in all dimensions and more than one depth block. */
  private static int gemm(Transpose transA, Transpose transB) {
    long m = 19;
    long n = 45;
    long k = 530;
    try (Arena arena = Arena.ofShared()) {
      MemorySegment a = TestTensor.normal(arena, m * k, 1, 1).segment();
      MemorySegment b = TestTensor.normal(arena, k * n, 1, 2).segment();
      MemorySegment bias = TestTensor.normal(arena, n, 1, 3).segment();
      TestTensor c = TestTensor.normal(arena, m * n, 1, 4);
      new PackedGemm(
              transA,
              transB,
              m,
              n,
              k,
              0.7f,
              a,
              transA == Transpose.NO ? k : m,
              b,
              transB == Transpose.NO ? n : k,
              0.3f,
              c.segment(),
              n,
              Epilogue.BIAS_RELU,
              bias)
          .run(0, 1);
      return Arrays.hashCode(c.bits());
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
