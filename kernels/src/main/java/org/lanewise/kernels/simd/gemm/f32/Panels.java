package org.lanewise.kernels.simd.gemm.f32;

import static org.lanewise.kernels.op.ProductOp.DEPTH_BLOCK;
import static org.lanewise.kernels.simd.gemm.f32.Memory.ELEMENT;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.op.Transpose;

/** A whole op(B) packed in advance: all panels of the first depth block, then of the next ones. */
public final class Panels {
  /** Columns of a panel; those beyond the last column are undefined. */
  public static final int WIDTH = Packing.B_WIDTH;

  private Panels() {}

  /** Elements of a packed op(B) [k, n]. */
  public static long size(long n, long k) {
    return Packing.size(n, k, Packing.B_WIDTH);
  }

  /** Packs op(B) [k, n]; the offset and the leading dimension are in elements. */
  public static void pack(
      Transpose transpose,
      long n,
      long k,
      MemorySegment b,
      long offset,
      long ldb,
      MemorySegment target) {
    pack(transpose, n, k, b, offset, ldb, target, 0);
  }

  /**
   * Packs op(B) [k, n] from an element of the target on. If n is not more than {@link #WIDTH}, the
   * result is a matrix [k, WIDTH].
   */
  public static void pack(
      Transpose transpose,
      long n,
      long k,
      MemorySegment b,
      long offset,
      long ldb,
      MemorySegment target,
      long targetOffset) {
    if (n == 0) {
      return; // whatever k is
    }
    long line = (transpose == Transpose.NO ? 1 : ldb) * ELEMENT;
    long depth = (transpose == Transpose.NO ? ldb : 1) * ELEMENT;
    for (long p = 0; p < k; p += DEPTH_BLOCK) {
      Packing.pack(
          b,
          offset * ELEMENT + p * depth,
          line,
          depth,
          n,
          Math.min(DEPTH_BLOCK, k - p),
          Packing.B_WIDTH,
          target,
          (targetOffset + Packing.size(n, p, Packing.B_WIDTH)) * ELEMENT);
    }
  }
}
