package org.lanewise.kernels.simd.gemm.f32;

import static org.lanewise.kernels.simd.gemm.f32.Memory.ELEMENT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.lanewise.kernels.TestTensor;

/** All micro-kernels, those that this machine does not use included. */
public final class MicroKernelTable {
  /** Sizes of a product that whole tiles of any kernel make up. */
  private static final int ROWS = 24;

  private static final int COLUMNS = 64;
  private static final int DEPTH = 37;

  private MicroKernelTable() {}

  static List<MicroKernel> all() {
    return List.of(
        new MicroKernel1x1(),
        new MicroKernel1x4(),
        new MicroKernel4x1(),
        new MicroKernel4x2(),
        new MicroKernel4x4(),
        new MicroKernel4x4Columns(),
        new MicroKernel6x1(),
        new MicroKernel6x2(),
        new MicroKernel6x2Columns(),
        new MicroKernel8x2());
  }

  /** Whether it reads columns of op(A) whose elements lie side by side, rather than rows. */
  static boolean readsColumns(MicroKernel kernel) {
    return kernel instanceof MicroKernel4x4Columns || kernel instanceof MicroKernel6x2Columns;
  }

  /** Lines with a kernel's name and a hash of a product by it, for comparison between JVMs. */
  public static List<String> hashes() {
    List<String> lines = new ArrayList<>();
    for (MicroKernel kernel : all()) {
      lines.add(
          kernel.getClass().getSimpleName() + " " + Integer.toHexString(hashOfProduct(kernel)));
    }
    return lines;
  }

  private static int hashOfProduct(MicroKernel kernel) {
    boolean columns = readsColumns(kernel);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment a = TestTensor.normal(arena, ROWS * DEPTH, 1, 1).segment();
      MemorySegment b = TestTensor.normal(arena, DEPTH * COLUMNS, 1, 2).segment();
      TestTensor c = TestTensor.zeros(arena, ROWS * COLUMNS);
      for (long i = 0; i < ROWS; i += kernel.rows()) {
        for (long j = 0; j < COLUMNS; j += kernel.columns()) {
          kernel.multiply(
              DEPTH,
              a,
              i * (columns ? 1 : DEPTH) * ELEMENT,
              (columns ? ROWS : DEPTH) * ELEMENT,
              b,
              j * ELEMENT,
              COLUMNS * ELEMENT,
              c.segment(),
              (i * COLUMNS + j) * ELEMENT,
              COLUMNS * ELEMENT);
        }
      }
      return Arrays.hashCode(c.bits());
    }
  }
}
