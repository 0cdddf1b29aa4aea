package org.lanewise.kernels.simd;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.lanewise.kernels.op.Epilogue;
import org.lanewise.kernels.op.Transpose;

/**
 * Has the JIT compile the GEMM kernels before the first large product.
 *
 * <p>Until it is compiled, vector code is a thousand times slower. The JIT compiles a method after
 * some thousand calls, or some ten thousand iterations of its loops, whichever is first, and a
 * product of 512³ is all iterations: it takes a second to get there, and on the way makes the JIT
 * compile the Vector API's own fallbacks first. Calls with nothing to do count as much as others
 * and cost nothing. Between them, small products take every branch, lest compiled code give up at
 * one that the JIT has never seen taken.
 */
final class GemmWarmUp {
  /** Multiply-adds from which on a product would take longer uncompiled than the warm-up does. */
  static final long WORTHWHILE = 1L << 22;

  /** Well above the compiled kernels' time for {@link #whole} tiles, and far below the others'. */
  private static final long COMPILED_NANOS = 25_000;

  private static final long PATIENCE_NANOS = 1_000_000_000;
  private static final int EMPTY_CALLS = 1000;
  private static final MemorySegment MEMORY = Arena.ofAuto().allocate(JAVA_FLOAT, 64 * 64);

  static {
    List<PackedGemm> whole = products(0, 64);
    List<PackedGemm> withRests = products(1, 9);
    long begin = System.nanoTime();
    long start;
    do {
      callEmpty();
      withRests.forEach(product -> product.run(0, 1));
      start = System.nanoTime();
      whole.forEach(product -> product.run(0, 1));
    } while (System.nanoTime() - start > COMPILED_NANOS && start - begin < PATIENCE_NANOS);
  }

  private GemmWarmUp() {}

  /** Returns when the kernels are compiled, or after a second. */
  static void ensure() {
    // The work is done when the class is initialized: once, and while others wait.
  }

  private static void callEmpty() {
    for (int i = 0; i < EMPTY_CALLS; i++) {
      MicroKernel.BEST.multiply(0, MEMORY, 0, MEMORY, 0, MEMORY);
      TileMerge.merge(MEMORY, 0, 0, 0, 0f, 0f, null, 0, false, MEMORY, 0, 0);
      Packing.copySteps(MEMORY, 0, 0, 0, 0, MEMORY, 0, 0);
      Packing.transposeSquares(MEMORY, 0, 0, 0, 0, MEMORY, 0, 0);
    }
  }

  /** Products of a tile and {@code rest} more rows and columns, with every kind of operand. */
  private static List<PackedGemm> products(int rest, int depth) {
    List<PackedGemm> products = new ArrayList<>();
    for (Transpose trans : Transpose.values()) {
      products.add(product(trans, rest, depth, 0f, Epilogue.NONE));
      products.add(product(trans, rest, depth, 1f, Epilogue.BIAS_RELU));
    }
    return products;
  }

  private static PackedGemm product(
      Transpose trans, int rest, int depth, float beta, Epilogue epilogue) {
    long m = MicroKernel.BEST.rows() + rest;
    long n = MicroKernel.BEST.columns() + rest;
    long lda = trans == Transpose.NO ? depth : m;
    long ldb = trans == Transpose.NO ? n : depth;
    return new PackedGemm(
        trans, trans, m, n, depth, 1f, MEMORY, lda, MEMORY, ldb, beta, MEMORY, n, epilogue, MEMORY);
  }
}
