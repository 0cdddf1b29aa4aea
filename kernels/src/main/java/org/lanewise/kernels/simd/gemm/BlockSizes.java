package org.lanewise.kernels.simd.gemm;

import static org.lanewise.kernels.op.ProductOp.DEPTH_BLOCK;

import org.lanewise.kernels.simd.Lanes;

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
  public static final int DEPTH = 2 * DEPTH_BLOCK;

  /**
   * Bytes from which on packing an operand pays: more do not stay in the second-level cache. With
   * narrow vectors it always does: they leave less time to compute addresses in.
   */
  private static final double LARGE_ENOUGH_TO_PACK = Lanes.COUNT == 16 ? SECOND_LEVEL_CACHE : 0;

  /** Uses from which on packing an operand pays. */
  private static final long OFTEN = 96;

  private BlockSizes() {}

  /** Rows of A that are packed at a time: a quarter of the second-level cache for a depth block. */
  public static int rows(int elementBytes) {
    return SECOND_LEVEL_CACHE / 4 / (DEPTH_BLOCK * elementBytes);
  }

  /** Columns of B that are packed at a time. */
  public static int columns(int elementBytes) {
    return SHARE_OF_THIRD_LEVEL_CACHE / (DEPTH * elementBytes);
  }

  /**
   * Whether to pack an operand of {@code lines · depth} elements that is read {@code uses} times.
   * Packing costs about half a cycle per element. What is not packed is read over and over from
   * where it is, with its lines so far apart that they compete for few places of a cache.
   */
  public static boolean pays(long lines, long depth, long uses, int elementBytes) {
    return uses >= OFTEN && (double) lines * depth * elementBytes > LARGE_ENOUGH_TO_PACK;
  }

  /**
   * Whether an operand of {@code lines · depth} elements does not stay in the second-level cache.
   */
  public static boolean isLarge(long lines, long depth, int elementBytes) {
    return (double) lines * depth * elementBytes > SECOND_LEVEL_CACHE;
  }
}
