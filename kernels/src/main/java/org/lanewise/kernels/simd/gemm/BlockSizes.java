package org.lanewise.kernels.simd.gemm;

import static org.lanewise.kernels.scalar.ScalarGemm.DEPTH_BLOCK;

/**
 * Sizes of what GEMM keeps in which cache, and when it copies an operand.
 *
 * <p>Java cannot ask for the size of a cache, so these are sizes that server processors of the last
 * years have at least.
 */
public final class BlockSizes {
  private static final int SECOND_LEVEL_CACHE = 1 << 20;
  private static final int SHARE_OF_THIRD_LEVEL_CACHE = 4 << 20;

  /** Steps of the depth that are packed at a time: so often C is read and written again. */
  public static final int DEPTH = Integer.getInteger("dd", 2) * DEPTH_BLOCK;

  /** Rows from which on B is copied, if it is large. */
  private static final long REUSED = Integer.getInteger("reuse", 96);

  private BlockSizes() {}

  /** Rows of A that are packed at a time: a quarter of the second-level cache for a depth block. */
  public static int rows(int elementBytes) {
    return Integer.getInteger("mc", 128) * 4 / elementBytes;
  }

  /** Columns of B that are packed at a time. */
  public static int columns(int elementBytes) {
    return Integer.getInteger("nc", 1024) * 4 / elementBytes;
  }

  /**
   * Whether to pack an operand of {@code lines · depth} elements that is read {@code uses} times.
   * Packing costs about half a cycle per element. It pays for what is read often and has its lines
   * too far apart for a cache: its columns then compete for few places.
   */
  public static boolean pays(long lines, long depth, long uses, int elementBytes) {
    return uses >= REUSED
        && (double) lines * depth * elementBytes > Integer.getInteger("big", 1 << 20);
  }
}
