package org.lanewise.kernels.simd.gemm.f32;

import java.lang.foreign.MemorySegment;

/**
 * The innermost product of GEMM: a small tile of op(A) · op(B), all of its sums in registers.
 *
 * <p>Contract: {@code c[i][j] = Σₚ a[i][p] · b[p][j]} for {@code 0 ≤ p < depth}, {@code 0 ≤ i <
 * rows()}, {@code 0 ≤ j < columns()}, each sum a chain of fused multiply-adds from +0 in the order
 * of p; a depth of 0 leaves C as it is. The elements of a row lie side by side in B and C, and in
 * A, but for kernels named after columns, where those of a column do; from row to row, or column to
 * column, it may be any distance. So operands may be packed or not, and C the matrix itself or a
 * buffer. All elements of the tile and its operands exist. Nothing is checked.
 *
 * <p>Kernels do not add to C: with that in the same method, C1 runs out of virtual registers on it,
 * and the method may then stay uncompiled for the life of the process.
 */
interface MicroKernel {
  /** Rows of the tile. */
  int rows();

  /** Columns of the tile. */
  int columns();

  /**
   * Computes one tile. Offsets and strides are in the unit of {@link Memory#ELEMENT}.
   *
   * @param aStride distance of the rows of op(A), or of its columns
   * @param bDepth distance of the rows of op(B)
   * @param cRow distance of the rows of C
   */
  void multiply(
      int depth,
      MemorySegment a,
      long aOffset,
      long aStride,
      MemorySegment b,
      long bOffset,
      long bDepth,
      MemorySegment c,
      long cOffset,
      long cRow);
}
