package org.lanewise.kernels.simd.gemm.f32;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.lanewise.kernels.op.Epilogue;
import org.lanewise.kernels.op.Transpose;
import org.lanewise.kernels.simd.gemm.Compilation;

/** Has the JIT compile this package's kernels before the first large product. */
final class WarmUp {
  /** Multiply-adds from which on a product would take longer uncompiled than the warm-up does. */
  static final double WORTHWHILE = 1L << 21;

  private static final int EMPTY_CALLS = 1000;
  private static final int SIZE = 80;
  private static final MemorySegment MEMORY = Memory.allocate(SIZE * SIZE);

  static {
    List<Product> whole = products(0, 64);
    List<Product> withRests = products(1, 9);
    Compilation.await(
        () -> {
          callEmpty();
          withRests.forEach(Product::run);
        },
        () -> whole.forEach(Product::run));
  }

  private WarmUp() {}

  /** Returns when the kernels are compiled, or after a second. */
  static void ensure() {
    // The work is done when the class is initialized: once, and while others wait.
  }

  private static void callEmpty() {
    for (int i = 0; i < EMPTY_CALLS; i++) {
      MicroKernels.callEmpty(MEMORY);
      TileMerge.add4(MEMORY, 0, 0, 0, MEMORY, 0, 0);
      TileMerge.scale(MEMORY, 0, 0, 0, 0, 0f, 0f, MEMORY, 0, 0);
      Packing.callEmpty(MEMORY);
      RowLoops.add8(MEMORY, 0, 0, MEMORY, 0, 0, 0, MEMORY, 0);
      RowLoops.add1(0f, MEMORY, 0, 0, MEMORY, 0);
    }
  }

  /** Products of a tile and {@code rest} more rows and columns, with every kind of operand. */
  private static List<Product> products(int rest, int depth) {
    List<Product> products = new ArrayList<>();
    for (Transpose transpose : Transpose.values()) {
      products.add(product(transpose, rest, depth, 0f, Epilogue.NONE));
      products.add(product(transpose, rest, depth, 1f, Epilogue.BIAS_RELU));
    }
    return products;
  }

  private static Product product(
      Transpose transpose, int rest, int depth, float beta, Epilogue epilogue) {
    int m = MicroKernels.TILE_ROWS + rest;
    int n = MicroKernels.TILE_COLUMNS + rest;
    return new Product()
        .size(m, n, depth)
        .left(1f, transpose, MEMORY, 0, transpose == Transpose.NO ? depth : m)
        .right(transpose, MEMORY, 0, transpose == Transpose.NO ? n : depth)
        .result(beta, MEMORY, 0, n)
        .epilogue(epilogue, MEMORY, 0, null, 0, 0);
  }
}
