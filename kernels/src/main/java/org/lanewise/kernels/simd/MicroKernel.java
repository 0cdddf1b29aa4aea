package org.lanewise.kernels.simd;

import java.lang.foreign.MemorySegment;

/**
 * The innermost product of GEMM: a small tile of C from one packed panel of A and one of B.
 *
 * <p>Contract: {@code tile[i][j] = Σₚ a[p][i] · b[p][j]} for {@code 0 ≤ p < depth}, {@code 0 ≤ i <
 * rows()}, {@code 0 ≤ j < columns()}, each sum a chain of fused multiply-adds from +0 in the order
 * of p; a depth of 0 leaves the tile as it is. The panels are packed: step p of A holds {@code
 * rows()} floats, step p of B {@code columns()}. The tile is row-major and dense. Nothing is
 * checked.
 *
 * <p>The tile goes to a buffer, not to C: with the update of C in the same method, C1 runs out of
 * virtual registers on it, and the method may then stay uncompiled for the life of the process.
 */
interface MicroKernel {
  /** The kernel for this machine's vectors and registers. */
  MicroKernel BEST = Lanes.COUNT == 8 ? new MicroKernel6x2() : new MicroKernel8x2();

  /** Rows of the tile. */
  int rows();

  /** Columns of the tile. */
  int columns();

  /** Computes one tile; offsets are in bytes. */
  void multiply(
      long depth, MemorySegment a, long aOffset, MemorySegment b, long bOffset, MemorySegment tile);
}
